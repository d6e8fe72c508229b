"""Hybrid search, against a plain loop over all passages."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import qa
from qa.errors import IndexDamaged, IndexMismatch, InputError
from qa.index.local.bm25 import Bm25
from qa.index.local.generation import MANIFEST, read_manifest
from qa.index.local.leases import Lease
from qa.index.local.postings import count_words
from qa.passages import embedded_text
from qa.records import Article, Passage
from qa.retrieve.fusion import fuse
from qa.settings import AskSettings

WORDS = ["kim", "putin", "train", "summit", "turkey", "weapon", "grain", "ship"]
SOURCES = ["CBS News", "Reuters", "Tass"]
EVERY_PASSAGE = AskSettings(candidates=1000)


def article(n: int) -> Article:
    """Return the nth article of random words, each with a day, a source and a tag."""
    random = np.random.default_rng(n)
    return Article(
        id=f"{n:03}",
        title=f"Number {n}",
        text=" ".join([*random.choice(WORDS, 1 + n % 9), "and", "so", "it", "went", "on", f"w{n}"]),
        published=datetime(2023, 1 + n % 9, 10, tzinfo=UTC),
        source=SOURCES[n % 3],
        tags=(f"tag{n % 4}",),
    )


WORLD = [article(n) for n in range(60)]


@pytest.fixture
def world(build_small) -> None:
    """Build an index of the sixty articles, each one passage."""
    fields = ("id", "title", "text", "source", "tags")
    build_small(
        [{name: getattr(a, name) for name in fields} | {"date": a.published.isoformat()} for a in WORLD],
        passage_tokens=40,
    )


def brute_force(
    question: str, allowed: list[Article], embedder, folder: Path, settings: AskSettings
) -> list[tuple[str, float]]:
    """Ids and fused scores of all allowed articles, best first; BM25 counts words over the whole archive."""
    texts = [embedded_text(Passage(a, 0, len(a.text))) for a in WORLD]
    scores = Bm25([count_words(texts)]).scores(question)
    every = dict(zip((a.id for a in WORLD), scores, strict=True))
    cosines = np.array(
        [embedder.embed_question(texts[int(a.id)]) @ embedder.embed_question(question) for a in allowed]
    )
    bm25 = np.array([every[a.id] for a in allowed])
    fused = fuse(cosines, bm25, lexical_weight=settings.lexical_weight)
    return sorted(
        zip((a.id for a in allowed), fused.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0])
    )


@pytest.mark.parametrize("question", ["kim summit weapon", "the ship of w7", "turkey", "zebra"])
def test_search_ranks_all_passages_as_a_plain_loop_does(tmp_path, world, open_small, embedder, question: str):
    retriever = open_small(EVERY_PASSAGE)
    conditions = product(
        (None, "2023-03-10", "2023-05"),
        (None, "2023-06-10"),
        (None, "tass", ["Reuters", "cbs news"]),
        (None, "TAG2"),
    )
    for since, until, source, tag in conditions:
        first = date.fromisoformat(f"{since}-01"[:10]) if since else date.min
        last = date.fromisoformat(until) if until else date.max
        sources = [source] if isinstance(source, str) else source
        allowed = [
            a
            for a in WORLD
            if first <= a.published.date() <= last
            and (sources is None or a.source.casefold() in {name.casefold() for name in sources})
            and (tag is None or a.tags == (tag.casefold(),))
        ]
        expected = brute_force(question, allowed, embedder, tmp_path, EVERY_PASSAGE)
        for k in (1, 7, 100):
            hits = retriever.search(question, k, since=since, until=until, source=source, tag=tag)
            assert [hit.score for hit in hits] == pytest.approx(
                [score for _, score in expected[:k]], abs=1e-6
            )
            by_id = dict(expected)
            for hit in hits:
                assert hit.score == pytest.approx(by_id[hit.passage.article.id], abs=1e-6)


def test_article_of_the_day_of_the_question_comes_before_its_equals(build_small, open_small):
    alike = [
        {"id": day, "title": "Summit", "text": "The summit ends with a pact.", "date": day, "source": day}
        for day in ("2023-06-01", "2023-07-10", "2023-08-30")
    ]
    build_small(alike)
    retriever = open_small()
    hits = retriever.search("How did the summit end?", 3, as_of="2023-07-12")
    assert [hit.passage.article.id for hit in hits] == ["2023-07-10", "2023-06-01", "2023-08-30"]
    near = [0.2 * math.exp(-days / 20) for days in (2.5, 41.5, 48.5)]  # from noon to midnight
    plain = retriever.search("How did the summit end?", 3)
    assert [hit.score - near_ for hit, near_ in zip(hits, near, strict=True)] == pytest.approx(
        [next(p.score for p in plain if p.passage == hit.passage) for hit in hits]
    )


def test_hit_carries_its_passage_and_both_true_scores(world, open_small, embedder):
    (hit,) = open_small().search("w7 went", 1)
    assert hit.passage == Passage(WORLD[7], 0, len(WORLD[7].text))
    text = f"Number 7 (10 August 2023)\n{WORLD[7].text}"
    cosine = float(embedder.embed_question(text) @ embedder.embed_question("w7 went"))
    assert hit.similarity == pytest.approx(cosine, abs=1e-6)
    assert hit.bm25 > 0
    assert hit.near_duplicates == ()


def test_filters_come_before_the_ranking_however_few_candidates(world, open_small):
    narrow = AskSettings(candidates=1)
    for only in WORLD:
        found = open_small(narrow).search(
            "kim", 1, tag=only.tags[0], source=only.source, since=only.published
        )
        assert found[0].passage.article.tags == only.tags
        assert found[0].passage.article.source == only.source
        assert found[0].passage.article.published >= only.published


def test_as_many_hits_come_as_asked_also_with_fewer_candidates(world, open_small):
    assert len(open_small(AskSettings(candidates=1)).search("zebra", 20)) == 20


def test_filter_that_nothing_passes_finds_nothing(world, open_small):
    retriever = open_small()
    assert retriever.search("kim", source="Nobody") == []
    assert retriever.search("kim", since="2099") == []
    assert retriever.search("kim", tag="tag1", until=date(2022, 12, 31)) == []


def test_undated_article_is_found_unless_a_date_is_asked(news, build_small, open_small):
    build_small(news)
    assert open_small().search("glaciers", 1)[0].passage.article.id == "undated"
    found = open_small().search("glaciers", 10, since="1900", until="2100")
    assert {hit.passage.article.id for hit in found} == {"visit", "quake", "ship"}


@pytest.mark.parametrize("k", [0, -1])
def test_asking_for_no_hits_is_the_callers_mistake(world, open_small, k: int):
    with pytest.raises(ValueError, match=f"k must be from 1 on, not {k}"):
        open_small().search("kim", k)


@pytest.mark.parametrize(
    "question", ["김정은은 누구를 만났나?", "من التقى ببوتين؟", "Who is 👩\u200d🚀 Kim?", "7" * 900]
)
def test_questions_in_any_script_are_answered_with_the_nearest(world, open_small, question: str):
    hits = open_small().search(question, 5)
    assert len(hits) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("question", ["", " \n", "😀👍🏽", "?", "kim " * 2500])
def test_questions_that_cannot_be_asked_are_refused(world, open_small, question: str):
    with pytest.raises(InputError, match="the question (is empty|has 9,999 characters)"):
        open_small().search(question)


def test_hangul_words_are_found_by_bm25(news, build_small, open_small):
    news[1]["text"] = "김정은 국무위원장은 화요일 평양에서 러시아 국방장관을 만났다."
    build_small(news)
    (hit,) = open_small(AskSettings(lexical_weight=1.0)).search("평양에서", 1)
    assert hit.passage.article.id == "quake"
    assert hit.bm25 > 0


def test_refresh_moves_to_the_new_generation_and_not_before(tmp_path: Path, news, build_small, open_small):
    build_small(news[:2])
    retriever = open_small()
    assert retriever.refresh() is False
    build_small(news[1:])
    assert retriever.article("visit").title == "Shoigu visits North Korea"
    assert retriever.refresh() is True
    assert retriever.overview().generation == read_manifest(tmp_path / "index").generation
    assert retriever.article("ship").title == "Ship freed in Suez"
    with pytest.raises(KeyError, match="visit"):
        retriever.article("visit")
    assert retriever.refresh() is False


def test_refresh_to_a_damaged_generation_says_so_and_keeps_the_old(
    tmp_path: Path, news, build_small, open_small
):
    build_small(news)
    retriever = open_small()
    expected = retriever.search("ship")
    build_small(news[:2])
    path = tmp_path / "index" / read_manifest(tmp_path / "index").generation / "rows.arrow"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged):
        retriever.refresh()
    assert retriever.search("ship") == expected


def test_refresh_to_another_embedder_says_so_and_keeps_the_old(
    tmp_path: Path, news, build_small, open_small, other_embedder
):
    build_small(news)
    retriever = open_small()
    expected = retriever.search("ship")
    qa.build([tmp_path / "articles.jsonl"], tmp_path / "index", embedder=other_embedder)
    with pytest.raises(IndexMismatch):
        retriever.refresh()
    assert retriever.search("ship") == expected


def test_index_of_another_embedder_is_reported_with_both_names_and_the_cure(
    tmp_path, news, build_small, other_embedder
):
    build_small(news)
    with pytest.raises(IndexMismatch) as told:
        qa.Retriever.open(tmp_path / "index", embedder=other_embedder)
    assert str(told.value) == (
        f"{tmp_path / 'index'}: the index was built with 'words' (weights 000000000000), not with "
        "'other words' (weights 111111111111). Build the index again, or name the embedder that built it."
    )


def test_open_follows_a_swap_that_happens_while_it_opens(
    tmp_path, news, build_small, open_small, monkeypatch
):
    build_small(news[:2])
    index = tmp_path / "index"
    old = (index / MANIFEST).read_bytes()
    build_small(news)
    new = (index / MANIFEST).read_bytes()
    (index / MANIFEST).write_bytes(old)  # an old manifest, whose generation is removed already

    take = Lease.take

    def swapped(folder: Path) -> Lease:
        (index / MANIFEST).write_bytes(new)
        monkeypatch.undo()
        return take(folder)

    monkeypatch.setattr("qa.index.local.generation.Lease.take", swapped)
    assert open_small().overview().articles == 4


def test_overview_counts_what_is_in_the_index(tmp_path: Path, news, build_small, open_small):
    build_small(news)
    overview = open_small().overview()
    assert (overview.articles, overview.passages, overview.undated) == (4, 4, 1)
    assert (overview.first.date(), overview.last.date()) == (date(2021, 3, 29), date(2023, 7, 25))
    assert overview.sources == (("CBS News", 1), ("Reuters", 1), ("reuters", 1))
    assert (overview.embedder, overview.dimension) == ("words", 16)
    folder = tmp_path / "index" / overview.generation
    assert overview.bytes_on_disk == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_ranks_are_those_of_the_whole_search_and_equal_scores_share_one(world, open_small):
    retriever = open_small(EVERY_PASSAGE)
    every = retriever.search("kim putin train", 60)
    for hit in retriever.search("kim putin train", 5):
        assert hit.similarity_rank == 1 + sum(other.similarity > hit.similarity for other in every)
        assert hit.bm25_rank == 1 + sum(other.bm25 > hit.bm25 for other in every)
