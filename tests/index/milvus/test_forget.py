"""Articles of an index in Milvus Lite are deleted as those of a folder are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import qa
from qa.errors import IndexMissing, InputError
from qa.index.shards import Shard
from qa.maintain.forget import let_back


def sorted_by_id(report: qa.ForgetReport) -> qa.ForgetReport:
    forgotten = sorted(report.forgotten, key=lambda one: one.id)
    return replace(report, forgotten=tuple(forgotten), seconds=0, elsewhere=())


@pytest.mark.parametrize(
    "selection",
    [
        {"ids": ["quake", "ship", "nowhere"]},
        {"source": "REUTERS"},
        {"source": ["Reuters", "CBS news"]},
        {"before": "2023-02-06"},
        {"ids": ["visit", "ship"], "source": "Reuters"},
        {"source": "Nobody"},
    ],
)
def test_forgotten_are_those_that_a_folder_would_forget(
    news, tmp_path: Path, lite: Path, build_small, build_lite, open_lite, rows, embedder, selection: dict
):
    build_small(news)
    build_lite(news)
    before = rows()
    assert sorted_by_id(qa.forget(lite, **selection, dry_run=True)).dry_run
    assert rows() == before
    embedder.embedded.clear()
    retriever = open_lite()
    report = qa.forget(lite, **selection)
    assert sorted_by_id(report) == sorted_by_id(qa.forget(tmp_path / "index", **selection))
    assert embedder.embedded == []
    assert retriever.refresh() is bool(report.forgotten)
    left = {hit.passage.article.id for hit in retriever.search("people", 100)}
    assert left == {article["id"] for article in news} - {one.id for one in report.forgotten}
    assert qa.check(lite).articles == len(left)
    build_lite([article for article in news if article["id"] in left])
    kept = rows()
    build_lite(news)
    qa.forget(lite, **selection)
    assert rows() == kept


def test_index_is_never_emptied(news, lite: Path, build_lite, rows):
    build_lite(news)
    before = rows()
    with pytest.raises(InputError, match="all 4 articles would be forgotten, and an index cannot be empty"):
        qa.forget(lite, ids=["visit", "quake", "ship", "undated"])
    assert rows() == before


def test_what_the_last_build_left_out_is_still_told(news, lite: Path, build_lite, open_lite):
    skipped = build_lite([*news, {"id": "short", "title": "No", "text": "Too short."}]).skipped
    assert len(skipped) == 1
    qa.forget(lite, ids=["ship"])
    assert open_lite().overview().skipped == skipped


def test_no_index_is_told(lite: Path):
    with pytest.raises(IndexMissing):
        qa.forget(lite, ids=["ship"])
    assert not lite.exists()


def test_forgotten_stays_forgotten_through_additions_whole_builds_and_shards(
    news, lite: Path, build_lite, rows
):
    build_lite(news)
    qa.forget(lite, ids=["ship"])
    for how in ({"add": True}, {}, {"shard": Shard(1, 1)}, {}):
        report = build_lite([*news[:2], news[3], {**news[2], "id": "again"}], **how)
        assert (report.articles, report.added) == (3, 0)
        assert sorted(skipped.where for skipped in report.skipped) == ["article again"]
    assert let_back(lite, ["ship", "nowhere"]) == ("ship",)
    assert build_lite(news).articles == 4


def test_near_duplicates_that_stay_are_named(news, lite: Path, build_lite):
    twin = news[0] | {"id": "twin", "text": f"{news[0]['text']} Reuters.", "source": "Reuters"}
    build_lite([*news, twin])
    assert [one.id for one in qa.forget(lite, ids=["visit"]).near_duplicates] == ["twin"]
