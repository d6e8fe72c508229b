"""An index's address: what keeps it, and what lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

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
def test_a_folder_has_neighbours_and_side_files_and_a_server_has_none(
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
