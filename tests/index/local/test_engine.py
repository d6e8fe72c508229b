"""The folder of a generation, asked as an engine."""

from __future__ import annotations

import gc
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from qa.index.local.engine import LocalEngine
from qa.records import Filter


@pytest.fixture
def engine(tmp_path: Path, news, build_small) -> LocalEngine:
    build_small(news)
    return LocalEngine.open(tmp_path / "index")


def test_candidates_carry_both_scores_and_the_day_of_their_article(engine: LocalEngine, embedder):
    question = "ship in the canal"
    found = engine.candidates(question, embedder.embed_question(question), 4, Filter())
    assert [found_.passage.article.id for found_ in engine.found(found.keys)] == [
        "quake",
        "ship",
        "undated",
        "visit",
    ]
    assert found.cosines.argmax() == found.bm25.argmax() == 1
    assert found.bm25[[0, 2, 3]].tolist() == [0, 0, 0]
    days = ["2023-02-06", "2021-03-29", "NaT", "2023-07-25"]
    assert np.array_equal(found.published, np.array(days, dtype="datetime64[us]"), equal_nan=True)


def test_passage_that_only_one_method_finds_has_the_true_score_of_the_other(engine: LocalEngine):
    (quake, ship) = engine.vectors.take(np.array([1, 2]))
    found = engine.candidates("canal", quake, 1, Filter())
    assert found.keys.tolist() == [1, 2]
    assert found.cosines == pytest.approx([1, float(ship @ quake)])
    assert found.bm25[0] == 0 < found.bm25[1]


def test_condition_comes_before_the_ranking(engine: LocalEngine, embedder):
    until = Filter(until=datetime(2022, 1, 1, tzinfo=UTC))
    found = engine.candidates("earthquake", embedder.embed_question("earthquake"), 1, until)
    assert found.keys.tolist() == [2]


def test_found_passages_come_in_the_order_asked_with_their_copies(tmp_path: Path, news, build_small):
    build_small([news[0], news[1], news[1] | {"id": "again", "text": f"{news[1]['text']} More soon."}])
    found = LocalEngine.open(tmp_path / "index").found([2, 0])
    assert [f.passage.article.id for f in found] == ["again", "visit"]
    assert [[copy.id for copy in f.near_duplicates] for f in found] == [["quake"], []]


def test_nothing_is_newer_until_a_build_has_ended(tmp_path: Path, engine: LocalEngine, news, build_small):
    assert engine.newer() is None
    build_small(news[:2])
    newer = engine.newer()
    assert (newer.overview().articles, engine.overview().articles) == (2, 4)
    assert newer.newer() is None


def test_generation_that_nobody_reads_is_unmapped_at_once_and_not_when_the_collector_comes(
    tmp_path: Path, news, build_small, open_small, monkeypatch: pytest.MonkeyPatch
):
    # Memory of our own has no name in that list.
    monkeypatch.setattr("qa.index.local.generation.VERIFIED_AT_OPEN", 0)
    monkeypatch.setattr("qa.index.local.owned.SHARE", 0)

    def mapped() -> set[str]:
        return set(re.findall(r"generation-[0-9A-Za-z-]+", Path("/proc/self/maps").read_text()))

    build_small(news)
    retriever = open_small()
    retriever.search("people", 10)
    gc.collect()
    others = mapped() - {retriever.overview().generation}
    gc.disable()
    try:
        for n in range(1, 4):
            build_small([{**news[0], "title": f"Edition {n}"}, *news[1:]])
            retriever.refresh()
            retriever.search("people", 10)
        assert mapped() - others == {retriever.overview().generation}
    finally:
        gc.enable()


def test_memory_of_a_small_generation_goes_with_its_last_reader(
    tmp_path: Path, news, build_small, open_small
):
    build_small(news)
    retriever = open_small()
    retriever.search("people", 10)
    gc.collect()
    gc.disable()
    try:
        build_small([{**news[0], "title": "Another edition"}, *news[1:]])
        before = pa.total_allocated_bytes()
        newer = open_small()
        newer.search("people", 10)
        assert pa.total_allocated_bytes() > before
        del newer
        assert pa.total_allocated_bytes() == before
    finally:
        gc.enable()
