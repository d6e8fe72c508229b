"""A claim works out each of its facts once, and looks at no more than what is near its quote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sentencex

from qa.news import claim as claims
from qa.news.claim import NEAR, Claim
from qa.records import Article, Quote
from qa.text.sentences import REACH

DAY = datetime(2023, 9, 5, 12, tzinfo=UTC)


def claim(text: str, quote: str, where: str = "text", title: str = "") -> Claim:
    start = (title if where == "title" else text).index(quote)
    return Claim(Quote(Article("a", title, text, DAY), start, start + len(quote), where), 2.0)


def test_sentences_are_sought_near_the_quote_and_not_in_the_whole_article(monkeypatch: pytest.MonkeyPatch):
    seen: list[int] = []
    segment = sentencex.segment
    monkeypatch.setattr(
        sentencex, "segment", lambda lang, text: seen.append(len(text)) or segment(lang, text)
    )
    long = "It rained here all day. " * 40_000 + "Kim left on Friday. " + "It rained on. " * 5000
    found = claim(long, "Kim")
    assert found.sentence == "Kim left on Friday."
    assert [time.words for time in found.times] == ["Friday 1 September 2023"]
    assert found.saying.words == "kim"
    assert len(seen) == 1 and seen[0] <= 2 * REACH + 3


def test_names_are_completed_from_the_beginning_and_the_surroundings_of_a_very_long_article():
    long = (
        "Petra Novic spoke. " + "It rained. " * 20_000 + "Novic left with Dorn. " + "Ada Dorn ate. " * 20_000
    )
    found = claim(long, "Novic left")
    assert len(found.near) <= NEAR + 2
    assert claim(long, "Novic").saying.value == claim("Petra Novic", "Petra Novic").saying.value
    last = long.index("Novic left")
    late = Claim(Quote(Article("a", "", long), last, last + 5))
    assert late.saying.value is not None and late.saying.value.words == ("petra", "novic")


def test_facts_are_worked_out_once_also_when_the_claim_gets_its_probability(monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []
    days_of_writing = claims.days_of_writing
    monkeypatch.setattr(
        claims, "days_of_writing", lambda article: calls.append(article.id) or days_of_writing(article)
    )
    found = claim("Kim left on Friday.", "Friday")
    assert found.saying and found.times and found.days
    sure = found.with_confidence(0.5)
    assert (sure.confidence, sure.quote, sure.margin) == (0.5, found.quote, 2.0)
    assert (sure.saying, sure.times, sure.days) == (found.saying, found.times, found.days)
    assert calls == ["a"]


def test_doubt_is_that_of_the_sentence_wherever_it_stands_in_the_article():
    found = claim("It rained. Tobias Renn, the mayor of Elden, stepped down on Friday.", "Tobias Renn")
    assert found.doubt("Who is the mayor of Elden?") == "ended"
    assert found.doubt("Who stepped down?") is None
    leave = "It rained. The leave was raised from 180 days to 270."
    assert claim(leave, "180 days").doubt("How long is the leave?") == "amended"
    assert claim(leave, "270").doubt("How long is the leave?") is None
    assert claim("It rained. Mayor Ines Calder spoke.", "Ines Calder").doubt("Who is the mayor?") is None


def test_answer_has_all_that_the_claim_knows():
    quote = Quote(Article("a", "", "Kim left.", DAY), 0, 3)
    answer = Claim(quote, 2.0, null=-1.5, confidence=0.25).answer()
    assert (answer.article, answer.start, answer.end, answer.where) == (quote.article, 0, 3, "text")
    assert (answer.margin, answer.null, answer.confidence) == (2.0, -1.5, 0.25)


def test_claim_of_a_title_has_its_sentence_and_times_in_the_title():
    found = claim("He left.", "Kim", "title", "Kim to leave on Friday. Rain.")
    assert found.sentence == "Kim to leave on Friday."
    answer = found.answer()
    assert (answer.text, answer.where, answer.margin) == ("Kim", "title", 2.0)
    (time,) = answer.times
    assert answer.field[time.start : time.end] == "Friday"


def test_claim_from_a_text_in_another_language_is_marked():
    for text, in_english in (
        ("The mayor opened the bridge on Monday.", True),
        ("La maire a ouvert le pont et les gens sont venus.", False),
    ):
        assert Claim(Quote(Article("a", "", text), 0, 5)).answer().in_english is in_english
