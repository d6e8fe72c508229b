"""What people write for an index in Milvus, and what else they might write."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import InputError
from qa.index.backends import backend_of
from qa.index.local.backend import LocalBackend
from qa.index.milvus.address import MilvusAddress


@pytest.mark.parametrize(
    ("written", "uri", "name"),
    [
        ("milvus://localhost:19530/news", "http://localhost:19530", "news"),
        ("milvus://milvus.example.org/News_2", "http://milvus.example.org:19530", "News_2"),
        ("milvus://10.0.0.7:1/_x", "http://10.0.0.7:1", "_x"),
        ("milvus://[::1]:65535/news", "http://[::1]:65535", "news"),
        ("milvus://[::1]/news", "http://[::1]:19530", "news"),
        (str(Path("milvus://localhost:19530/news")), "http://localhost:19530", "news"),
    ],
)
def test_server_is_named_by_host_port_and_index(written: str, uri: str, name: str):
    assert MilvusAddress.is_meant(written)
    assert MilvusAddress.parse(written) == MilvusAddress(written, uri, name, None)


def test_milvus_lite_is_a_path_that_ends_in_db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "data" / "my news.db"
    assert MilvusAddress.parse("data/my news.db") == MilvusAddress("data/my news.db", str(file), "news", file)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert MilvusAddress.parse("~/a.db").file == tmp_path / "a.db"


@pytest.mark.parametrize("index", ["indexes/news", "news.db/", "db", "news.dbx", "news.DB", "C:/milvus/news"])
def test_every_other_path_is_a_folder(index: str):
    assert isinstance(backend_of(index), LocalBackend)


NO_SERVER = "the address names no server; a Milvus Lite file is named by its path alone, ending in .db"
CURE = "Write --index milvus://host:19530/news, or the path of a Milvus Lite file that ends in .db"


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (
            "milvus:",
            "the address names no server; a Milvus Lite file is named by its path alone, ending in .db",
        ),
        (
            "milvus:///tmp/news",
            "the address names no server; a Milvus Lite file is named by its path alone, ",
        ),
        ("milvus://./news", "the address names no server; a Milvus Lite file is named by its path alone, "),
        ("milvus://:19530/news", "the address names no server"),
        ("milvus://user:word@host/news", "'user:word@host' is not the name of a server"),
        ("milvus://my host/news", "'my host' is not the name of a server"),
        ("milvus://host-/news", "'host-' is not the name of a server"),
        ("milvus://host:/news", "'' is not a port from 1 to 65535"),
        ("milvus://host:0/news", "'0' is not a port from 1 to 65535"),
        ("milvus://host:65536/news", "'65536' is not a port from 1 to 65535"),
        ("milvus://host:http/news", "'host:http' is not the name of a server"),
        ("milvus://host", "'' cannot be the name of an index"),
        ("milvus://host:19530/", "'' cannot be the name of an index"),
        (
            "milvus://host/2news",
            "'2news' cannot be the name of an index: letters, digits and _, not a digit first",
        ),
        ("milvus://host/news/more", "'news/more' cannot be the name of an index"),
        ("milvus://host/new-s", "'new-s' cannot be the name of an index"),
        ("milvus://host/news.db", "'news.db' cannot be the name of an index"),
        (f"milvus://host/{'n' * 101}", "cannot be the name of an index"),
    ],
)
def test_malformed_address_is_reported_with_what_is_wrong_and_a_right_one(written: str, what: str):
    with pytest.raises(InputError) as told:
        backend_of(written)
    assert str(told.value).startswith(f"{written}: ")
    assert what in told.value.what
    assert told.value.cure == CURE
