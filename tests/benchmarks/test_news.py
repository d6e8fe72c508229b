"""The questions on news sense: their golds stand in the articles, and what needs no model gets them right."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.edits import edits
from benchmarks.news import Remembering, agreement, near_duplicate_pairs, times
from benchmarks.news_questions import (
    AskedGold,
    ChangeGold,
    FollowUpGold,
    PairGold,
    TimeGold,
    questions,
)
from qa.ingest.articles import read_articles
from qa.read.reader import Asked, Candidate
from qa.records import NO_DAY, Article, Passage
from qa.retrieve.query import query_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    found = read_articles([ROOT / "articles"])
    return {article.title: article for article in found if isinstance(article, Article)}


def test_there_are_enough_questions_and_each_has_its_own_name():
    kinds = (TimeGold, PairGold, AskedGold, ChangeGold, FollowUpGold)
    counts = {kind: len(questions(kind)) for kind in kinds}
    assert sum(counts.values()) >= 150
    assert counts[FollowUpGold] == 40
    ids = Counter(gold.id for kind in counts for gold in questions(kind))
    assert set(ids.values()) == {1}


def test_every_gold_stands_in_its_article(articles):
    for gold in [*questions(AskedGold), *questions(FollowUpGold)]:
        text = articles[gold.article].text.casefold()
        assert any(answer.casefold() in text for answer in gold.answers), gold.id
    for gold in questions(PairGold):
        for place in (gold.one, gold.two):
            assert articles[place.article].text.startswith(place.quote, place.start), gold.id
    for gold in questions(TimeGold):
        assert articles[gold.article].text.count(gold.quote) == 1, gold.id


def test_times_in_articles_are_resolved_as_by_hand(articles):
    wrong: list[str] = []
    (figure,) = times(articles, wrong)
    assert (figure.on, wrong) == (1.0, [])
    assert figure.off < 0.15  # without resolving, only what must not be resolved is right


def test_pairs_of_quotes_are_judged_as_same_or_different(articles):
    wrong: list[str] = []
    (figure,) = agreement(articles, wrong)
    assert figure.on >= 0.95, wrong
    assert figure.off <= 0.6


def test_copies_and_their_edits_are_linked_and_nothing_else(articles):
    precision, recall = near_duplicate_pairs(list(articles.values()))
    assert precision.on >= 0.95 and recall.on >= 0.95


def test_times_in_questions_are_understood_as_by_hand():
    for gold in questions(AskedGold):
        found = query_of(gold.question, as_of=gold.as_of if gold.as_of else NO_DAY).time
        assert (found.first, found.last, found.hard) == (gold.first, gold.last, gold.hard), gold.id


def test_edits_change_a_text_in_every_way_and_are_the_same_each_time():
    texts = ["PARIS, May 5 - One two three.\n\nFour five six.\n\nSeven.", "Eight nine.\n\nTen."]
    made = edits(texts)
    assert made == edits(texts)
    assert Counter(edit.origin for edit in made) == {0: 7, 1: 7}
    by_kind = {edit.kind: edit.text for edit in made if edit.origin == 0}
    assert by_kind["as it was"] == texts[0]
    assert by_kind["headline"].endswith(texts[0]) and by_kind["headline"] != texts[0]
    assert by_kind["byline"].endswith("\n\nOne two three.\n\nFour five six.\n\nSeven.")
    assert texts[0].startswith(by_kind["cut"]) and by_kind["cut"] != texts[0]
    assert by_kind["paragraph"] in (f"{texts[0]}\n\nSeven.", f"{texts[0]}\n\nTen.")
    assert by_kind["reworded"] != texts[0]


def test_a_remembering_reader_reads_nothing_twice_and_gives_the_same():
    class Counting:
        calibration = None

        def __init__(self) -> None:
            self.read_texts: list[str] = []

        def read(self, question: str, passages: list[Passage]) -> list[Candidate]:
            self.read_texts += [passage.text for passage in passages]
            return [Candidate(at, 0, 1, float(len(p.text))) for at, p in enumerate(passages)]

    one, two, three = (Passage(Article(x, "", x * n), 0, n) for x, n in (("a", 1), ("b", 2), ("c", 3)))
    reader = Counting()
    remembering = Remembering(reader)
    assert [c.passage for c in remembering.read("q", [one, two])] == [1, 0]
    again = remembering.read("q", [two, three, one])
    assert [(c.passage, c.margin) for c in again] == [(1, 3.0), (0, 2.0), (2, 1.0)]
    assert reader.read_texts == ["a", "bb", "ccc"]
    remembering.read("other", [one])
    assert reader.read_texts == ["a", "bb", "ccc", "a"]
    both = remembering.read_many([Asked("q", [one]), Asked("third", [two])])
    assert [[c.margin for c in found] for found in both] == [[1.0], [2.0]]
    assert reader.read_texts == ["a", "bb", "ccc", "a", "bb"]
