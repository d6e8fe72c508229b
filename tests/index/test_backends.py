"""An index's address: what keeps it, and what lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

import qa
from qa.errors import InputError
from qa.index.backends import backend_of, indexes_in
from qa.index.engine import MANIFEST


@pytest.mark.parametrize(
    ("index", "home", "side_files"),
    [
        ("indexes/news", "indexes", ["indexes/news/watch.json"]),
        ("news", ".", ["news/watch.json"]),
        ("milvus://localhost:19530/news", None, []),
        ("milvus:localhost/news", None, []),
    ],
)
def test_a_folder_has_neighbours_and_side_files_and_a_server_has_neither(
    index: str, home: str | None, side_files: list[str]
):
    backend = backend_of(index)
    assert backend.home == (None if home is None else Path(home))
    assert backend.side_files("watch.json") == tuple(Path(file) for file in side_files)


def test_side_files_of_milvus_lite_lie_beside_it_and_earlier_ones_are_read(tmp_path: Path):
    backend = backend_of(tmp_path / "news.db")
    assert backend.home == tmp_path
    assert backend.side_files("x.json") == (tmp_path / "news.db.x.json", tmp_path / "news.db" / "x.json")


def test_indexes_of_a_folder_are_those_with_a_manifest(tmp_path: Path):
    for name in ("second", "first", "no index"):
        (tmp_path / name).mkdir()
    for name in ("second", "first"):
        (tmp_path / name / MANIFEST).write_text("{}")
    assert indexes_in(tmp_path) == ["first", "second"]
    assert indexes_in(tmp_path / "nowhere") == []


@pytest.mark.parametrize("path", ["a\0b", "a\udcffb", "/tmp/caf\udce9.db"])
def test_path_that_is_no_text_is_refused_by_every_command_in_one_line(path: str):
    for work in (qa.check, qa.Retriever.open, qa.open, lambda index: qa.build(["x.txt"], index)):
        with pytest.raises(InputError) as told:
            work(path)
        assert told.value.what == "the path of the index has a null or bytes that are no UTF-8 text"


def test_id_that_is_no_text_belongs_to_no_article(tmp_path: Path, news, build_small, open_small):
    build_small(news)
    with pytest.raises(KeyError):
        open_small().article("a\udcffb")
    assert qa.forget(tmp_path / "index", ids=["a\udcffb", "ship"], dry_run=True).forgotten[0].id == "ship"
    assert len(open_small().search("the \udcff ship \0", 9, source="reuters")) == 2
    assert open_small().search("ship", source="a\udcff") == []
