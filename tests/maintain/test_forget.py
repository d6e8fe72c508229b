"""Articles are deleted by id, source and date; the rest answers as if they had never been there."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import qa
from qa.errors import IndexBusy, IndexDamaged, IndexMissing, InputError
from qa.index.local.generation import MANIFEST, read_manifest, writing

NOW = datetime(2024, 2, 29, 12, tzinfo=UTC)


@pytest.fixture
def index(tmp_path: Path, news, build_small, embedder) -> Path:
    build_small(news)
    embedder.embedded.clear()
    return tmp_path / "index"


def ids(report: qa.ForgetReport) -> list[str]:
    return [one.id for one in report.forgotten]


def everything(index: Path, embedder) -> list[tuple[object, ...]]:
    hits = qa.Retriever.open(index, embedder=embedder).search("Who visited the canal in Turkey?", 100)
    return [(hit.passage, hit.score, hit.bm25) for hit in hits]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"ids": ["quake", "ship"]}, ["quake", "ship"]),
        ({"source": "REUTERS"}, ["quake", "ship"]),
        ({"source": ["Reuters", "CBS news"]}, ["visit", "quake", "ship"]),
        ({"before": "2023"}, ["ship"]),
        ({"before": "2023-02-06"}, ["ship"]),
        ({"before": date(2023, 2, 7)}, ["quake", "ship"]),
        ({"before": datetime(2023, 7, 25, 0, 0, 1, tzinfo=UTC)}, ["visit", "quake", "ship"]),
        ({"older_than": "1y", "now": NOW}, ["quake", "ship"]),
        ({"older_than": "12 months", "now": NOW}, ["quake", "ship"]),
        ({"older_than": "30w", "now": NOW}, ["visit", "quake", "ship"]),
        ({"older_than": "219 days", "now": NOW}, ["visit", "quake", "ship"]),
        ({"older_than": "220d", "now": NOW}, ["quake", "ship"]),
        ({"ids": ["visit", "ship"], "source": "Reuters"}, ["ship"]),
        ({"source": "Reuters", "before": "2022"}, ["ship"]),
    ],
)
def test_articles_that_meet_all_that_is_said_are_forgotten(
    index: Path, news, build_small, embedder, selection, expected
):
    report = qa.forget(index, **selection)
    assert ids(report) == expected
    assert (report.articles, report.passages, report.dry_run) == (4 - len(expected), 4 - len(expected), False)
    assert embedder.embedded == []
    assert qa.check(index).articles == report.articles
    found = everything(index, embedder)
    shutil.rmtree(index)
    build_small([article for article in news if article["id"] not in expected])
    assert everything(index, embedder) == found


def test_dry_run_tells_the_same_and_changes_nothing(index: Path):
    before = (index / MANIFEST).read_bytes()
    with writing(index):  # not even another writer is in its way
        report = qa.forget(index, source="Reuters", dry_run=True)
    assert (ids(report), report.articles, report.passages, report.dry_run) == (["quake", "ship"], 2, 2, True)
    assert (index / MANIFEST).read_bytes() == before
    assert ids(qa.forget(index, source="Reuters")) == ["quake", "ship"]


def test_nothing_that_is_meant_writes_nothing_and_names_unknown_ids(index: Path):
    before = (index / MANIFEST).read_bytes()
    assert ids(qa.forget(index, source="Nobody")) == []
    report = qa.forget(index, ids=["ship", "nowhere"], before="2000")
    assert (ids(report), report.unknown) == ([], ("nowhere",))
    assert (index / MANIFEST).read_bytes() == before


def test_forgotten_article_can_come_back_and_is_embedded_then(index: Path, news, build_small, embedder):
    qa.forget(index, ids=["ship"])
    report = build_small(news)
    assert (report.articles, report.embedded, report.added) == (4, 1, 1)


def test_what_was_left_out_of_the_last_build_is_still_told(index: Path, news, build_small, open_small):
    build_small([*news, {"text": "Word"}])
    qa.forget(index, ids=["ship"])
    assert len(open_small().overview().skipped) == 1


@pytest.mark.parametrize(
    ("selection", "line"),
    [
        ({}, "nothing says which articles to forget. Name --id, --source, --before or --older-than."),
        ({"source": " "}, "nothing says which articles to forget."),
        ({"before": "2023", "older_than": "1y"}, "--before and --older-than both name a date."),
        ({"older_than": "6m"}, "'6m' is not an age. Write it like 5y, 18 months, 2w or 30d."),
        ({"older_than": "soon"}, "'soon' is not an age."),
        ({"older_than": "9999y"}, "'9999y' goes back beyond the calendar."),
        ({"before": "someday"}, "'someday' is not a date."),
    ],
)
def test_selection_that_cannot_be_read_is_told(index: Path, selection, line: str):
    with pytest.raises(InputError) as told:
        qa.forget(index, **selection)
    assert str(told.value).startswith(line)


def test_whole_index_is_never_emptied(index: Path):
    qa.forget(index, ids=["undated"])
    before = (index / MANIFEST).read_bytes()
    for dry_run in (True, False):
        with pytest.raises(InputError) as told:
            qa.forget(index, before="2024", dry_run=dry_run)
        assert str(told.value) == (
            f"{index}: all 3 articles would be forgotten, and an index cannot be empty. "
            "Choose fewer, or delete the folder."
        )
    assert (index / MANIFEST).read_bytes() == before


def test_naive_moment_is_the_callers_mistake(index: Path):
    with pytest.raises(ValueError, match="has no time zone"):
        qa.forget(index, before=datetime(2023, 1, 1))


def test_no_index_is_told_and_no_folder_is_made(tmp_path: Path):
    with pytest.raises(IndexMissing):
        qa.forget(tmp_path / "nowhere", ids=["x"])
    assert not (tmp_path / "nowhere").exists()


def test_index_that_is_being_written_or_damaged_is_left_alone(index: Path):
    with writing(index), pytest.raises(IndexBusy):
        qa.forget(index, ids=["ship"])
    path = index / read_manifest(index).generation / "rows.arrow"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=r"Build the index again\."):
        qa.forget(index, ids=["ship"])
