"""What a kill leaves half done in a Milvus Lite file is cleared away by the next program."""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qa
from qa.errors import ArchiveError
from qa.index.milvus.address import MilvusAddress

if TYPE_CHECKING:
    from qa.index.milvus.client import Milvus


@pytest.fixture
def closed(lite: Path, build_lite, news) -> Path:
    """Build a whole index that no program has open."""
    build_lite(news)
    close(lite)
    return lite


def close(lite: Path) -> None:
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(str(lite))


def search_indexes(lite: Path) -> list[Path]:
    """Return the files that Milvus Lite writes under their last names."""
    return sorted(path for path in lite.rglob("*") if path.suffix in (".idx", ".sidx"))


def test_search_index_that_is_cut_at_any_length_is_made_anew(
    closed: Path, open_lite, caplog: pytest.LogCaptureFixture
):
    whole = {path: path.read_bytes() for path in search_indexes(closed)}
    assert {path.suffix for path in whole} == {".idx", ".sidx"} and len(whole) == 6
    before = [hit.passage.text for hit in open_lite().search("officers in Pyongyang", 9)]
    for kept in (0, 1, 6, 20, 64, 127, 130, 0.5, 0.9, -1):
        close(closed)
        for path, content in whole.items():
            path.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            assert [hit.passage.text for hit in open_lite().search("officers in Pyongyang", 9)] == before
        said = [record.getMessage() for record in caplog.records if record.name.startswith("qa.")]
        assert said == [f"{closed}: half written search indexes ({many}) are made anew" for many in (2, 4)]
        assert qa.check(closed).articles == 4
        assert {path: path.read_bytes() for path in search_indexes(closed)} == whole


def test_whole_search_indexes_stay_as_they_are(closed: Path, open_lite, caplog: pytest.LogCaptureFixture):
    before = {path: path.stat().st_ino for path in search_indexes(closed)}
    with caplog.at_level(logging.WARNING):
        open_lite()
        qa.check(closed)
    assert {path: path.stat().st_ino for path in search_indexes(closed)} == before
    assert not [record for record in caplog.records if record.name.startswith("qa.")]


@pytest.mark.parametrize("part", ["", "_articles"])
def test_state_whose_deletion_was_killed_midway_is_deleted_to_the_end(
    closed: Path, open_lite, tmp_path: Path, part: str
):
    collections = closed / "collections"
    (old,) = {path.name.removesuffix("_articles") for path in collections.iterdir()}
    shutil.copytree(collections / f"{old}{part}", tmp_path / "old")
    qa.forget(closed, ids=["ship"])
    close(closed)
    shutil.copytree(tmp_path / "old", collections / f"{old}{part}")
    (collections / f"{old}{part}" / "schema.json").unlink()
    (collections / f"{old}{part}" / "manifest.json").unlink()
    open_lite()
    assert not any(path.name.startswith(old) for path in collections.iterdir())
    assert qa.check(closed).articles == 3


def test_collections_of_others_and_an_open_file_are_left_alone(closed: Path, open_lite):
    foreign = closed / "collections" / "mine"
    foreign.mkdir()
    (foreign / "half.idx").touch()
    elsewhere = closed / "news_20260101T000000_abcdef"
    elsewhere.mkdir()
    link = closed / "collections" / "news_20260101T000000_abcdef"
    link.symlink_to(elsewhere)
    retriever = open_lite()
    half = closed / "collections" / "news_20260101T000000_fedcba"  # as another thread is about to make one
    half.mkdir()
    qa.Retriever.open(closed, embedder=retriever.embedder)
    assert (foreign / "half.idx").exists() and link.exists() and half.exists()


def test_state_is_on_the_disk_before_the_one_before_is_dropped(closed: Path, monkeypatch: pytest.MonkeyPatch):
    from qa.index.milvus import forget

    synced: dict[int, int] = {}
    fsync, drop = os.fsync, forget.drop

    def heard(descriptor: int) -> None:
        fsync(descriptor)
        status = os.fstat(descriptor)
        synced[status.st_ino] = status.st_size

    def dropped(milvus: Milvus, name: str) -> None:
        for path in closed.rglob("*.parquet"):
            if old not in path.parts and f"{old}_articles" not in path.parts:
                assert synced[path.stat().st_ino] == path.stat().st_size, path
                assert path.parent.stat().st_ino in synced
        assert (closed / "aliases.json").stat().st_ino in synced
        heads.append(1)
        drop(milvus, name)

    heads: list[int] = []
    old = min(path.name for path in (closed / "collections").iterdir())
    monkeypatch.setattr(os, "fsync", heard)
    monkeypatch.setattr(forget, "drop", dropped)
    qa.forget(closed, ids=["ship"])
    assert heads == [1]


def test_data_file_that_a_power_cut_emptied_is_reported_with_its_cure_and_never_built_over(
    closed: Path, open_lite, build_lite, news
):
    (data,) = closed.glob("collections/*_articles/partitions/*/data/*.parquet")
    os.truncate(data, 0)
    for work in (open_lite, lambda: qa.check(closed), lambda: build_lite(news)):
        with pytest.raises(ArchiveError, match="Lite cannot read or write its file: .*0 bytes") as told:
            work()
        assert "restore the file from a backup, or build into another path" in told.value.cure
        close(closed)


def test_full_disk_is_named_as_the_reason(closed: Path, open_lite, monkeypatch: pytest.MonkeyPatch):
    from milvus_lite.engine.collection import Collection

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Collection, "load", full)
    with pytest.raises(ArchiveError, match="cannot be written .No space left on device") as told:
        open_lite()
    assert told.value.cure == "Free some space and run the same command again."


def test_build_over_a_damaged_index_says_whether_it_still_knows_what_was_forgotten(
    closed: Path, build_lite, news, milvus, caplog: pytest.LogCaptureFixture
):
    from qa.index.milvus.collection import current_state

    qa.forget(closed, ids=["ship"])
    name = current_state(milvus)
    milvus.delete(f"{name}_articles", "article", ["make"])
    with caplog.at_level(logging.WARNING):
        assert build_lite(news).articles == 3  # the list of the forgotten was complete
        assert not [record for record in caplog.records if record.name.startswith("qa.")]
        milvus.delete(f"{current_state(milvus)}_articles", "article", ["make", "forgotten"])
        assert build_lite(news).articles == 4
    (said,) = [record.getMessage() for record in caplog.records if record.name.startswith("qa.")]
    assert said.endswith("what was forgotten in it is not known any more, so forget it again")


def test_journal_that_outlived_its_data_file_does_not_double_rows(
    lite: Path, build_lite, open_lite, news, monkeypatch: pytest.MonkeyPatch
):
    """As after a kill between the manifest that names the data and the deletion of the journal."""
    from milvus_lite.engine import flush
    from milvus_lite.storage.wal import WAL

    with monkeypatch.context() as patched:
        patched.setattr(WAL, "close_and_delete", lambda self: None)
        patched.setattr(flush, "_cleanup_old_wals", lambda *_: None)
        build_lite(news)
    close(lite)
    journals = list(lite.rglob("wal_*.arrow"))
    assert len(journals) == 2
    listed = [article.id for article in open_lite().listing(0, 9).articles]
    assert listed == ["visit", "quake", "ship", "undated"]
    assert qa.check(lite).articles == 4
    assert not any(journal.exists() for journal in journals)


def test_journal_of_what_no_manifest_names_yet_is_kept(lite: Path, tmp_path: Path, build_lite, news, milvus):
    from qa.index.milvus.collection import CollectionPair, current_state

    build_lite(news)
    collections = CollectionPair.open(milvus, current_state(milvus))
    collections.remove([entry.key for entry in collections.catalogue() if entry.id == "ship"])
    killed = tmp_path / "killed.db"
    shutil.copytree(lite, killed)  # as a kill leaves it now
    assert len(list(killed.rglob("wal_delta_*.arrow"))) == 2
    assert qa.check(killed).articles == 3


def test_journal_is_kept_where_its_data_file_was_emptied(lite: Path, build_lite, news, tmp_path: Path):
    from qa.index.milvus.leftovers import clear_leftovers

    build_lite(news)
    close(lite)
    (manifest,) = lite.glob("collections/*_articles/manifest.json")
    journal = manifest.parent / "wal" / "wal_data_000001.arrow"
    assert json.loads(manifest.read_text())["active_wal_number"] == 2
    (data,) = manifest.parent.glob("partitions/*/data/*.parquet")
    content = data.read_bytes()
    for emptied, stays in ((b"", True), (content[:100], True), (content, False)):
        journal.touch()
        data.write_bytes(emptied)
        clear_leftovers(lite, MilvusAddress.parse(str(lite)).is_state)
        assert journal.exists() is stays
