"""What is said of the time in a question, "only July 2023", is true of all that is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qa.read.answers import Judged
from qa.read.shown import shown
from qa.records import Answer, Article, Hit, Passage, Quote, TimeCondition

JULY = TimeCondition(0, 0, "in July", date(2023, 7, 1), date(2023, 7, 31), True, "July 2023")
ARTICLES = {
    name: Article(name, "", "Kim came.", None if day is None else datetime(2023, *day, 12, tzinfo=UTC))
    for name, day in {"first": (7, 1), "last": (7, 31), "august": (8, 1), "undated": None}.items()
}
HITS = [Hit(Passage(article, 0, 9), 1.0, 0.5, 2.0) for article in ARTICLES.values()]
ALL = list(ARTICLES)


def answer(article: str, *agreeing: str) -> Answer:
    quotes = tuple(Quote(ARTICLES[name], 0, 3) for name in agreeing)
    return Answer(ARTICLES[article], 0, 3, 0.9, 4.0, quotes)


def told(*answers: Answer, guess: Answer | None = None, time: TimeCondition = JULY, hits=HITS):
    """Return the articles that are shown, and whether the time is called a bound."""
    kept, said = shown(hits, Judged(answers, guess, guess, time))
    assert said is not None and replace(said, hard=True) == replace(time, hard=True)
    return [hit.passage.article.id for hit in kept], said.hard


def test_evidence_of_other_days_is_left_out_and_the_time_is_a_bound():
    assert told(answer("last")) == (["first", "last"], True)
    assert told() == (["first", "last"], True)


@pytest.mark.parametrize("other", ["august", "undated"])
def test_quote_of_another_day_is_shown_with_its_passage_and_the_time_is_a_preference(other: str):
    expected = (["first", "last", other], False)
    assert told(answer(other)) == expected
    assert told(guess=answer(other)) == expected
    assert told(answer("first", other)) == expected  # it stands on the card of the answer
    assert told(answer("first"), answer("last", "first", other)) == expected


def test_time_of_which_nothing_is_found_is_a_preference_and_takes_no_evidence_away():
    assert told(hits=HITS[2:]) == (["august", "undated"], False)


def test_time_that_was_only_preferred_takes_no_evidence_away():
    assert told(answer("last"), time=replace(JULY, hard=False)) == (ALL, False)
