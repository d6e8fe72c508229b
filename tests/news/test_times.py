"""Relative times around a quote, resolved no finer than the article's date allows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.news.claim import Claim
from qa.news.times import days_of_writing, resolve
from qa.records import Article, Quote
from qa.text.dates.expressions import temporal_expressions

DAY = datetime(2023, 9, 5, 12, tzinfo=UTC)  # a Tuesday


def told(article: Article, quote: str) -> list[tuple[str, str]]:
    start = article.text.index(quote)
    times = Claim(Quote(article, start, start + len(quote))).times
    return [(article.text[time.start : time.end], time.words) for time in times]


def test_a_time_in_the_sentence_of_the_quote_is_resolved_against_the_article():
    article = Article("a", "", "It rained. Kim plans a visit later this month. He left on Friday.", DAY)
    assert told(article, "Kim") == [("later this month", "September 2023")]
    (time,) = Claim(Quote(article, 11, 14)).times
    assert (time.first, time.last, time.unit) == (date(2023, 9, 1), date(2023, 9, 30), "month")
    assert told(article, "Kim plans a visit later this month. He left") == [
        ("later this month", "September 2023"),
        ("Friday", "Friday 1 September 2023"),
    ]


def test_a_date_in_full_needs_no_resolving_and_one_without_a_year_does():
    article = Article("a", "", "They met on 13 April 2022 and on 2 May.", DAY)
    assert told(article, "They met") == [("2 May", "Tuesday 2 May 2023")]


def test_without_a_date_of_the_article_nothing_is_resolved():
    assert told(Article("a", "", "Kim left on Friday."), "Kim") == []


@pytest.mark.parametrize(
    ("approximate_to", "resolved"),
    [
        ("", ["Friday 1 September 2023", "28 August to 3 September 2023", "2022"]),
        ("hour", ["Friday 1 September 2023", "28 August to 3 September 2023", "2022"]),
        ("day", ["Friday 1 September 2023", "2022"]),  # Monday is of the same week, but Sunday may be, too
        ("week", ["2022"]),
        ("month", ["2022"]),
        ("year", []),
    ],
)
def test_only_what_the_date_is_exact_enough_for_is_resolved(approximate_to: str, resolved: list[str]):
    text = "Kim left on Friday, the train left last week, and the war broke out last year."
    article = Article("a", "", text, DAY.replace(day=4), approximate_to=approximate_to)
    assert [words for _, words in told(article, "Kim")] == resolved


def test_the_day_of_a_dateline_comes_before_that_of_the_publication_in_utc():
    late = datetime(2023, 8, 11, 3, 30, tzinfo=UTC)
    text = "WAILUKU, Hawaii, Aug 10 - The toll rose today. Aug 8 saw the fire."
    article = Article("a", "", text, late)
    assert days_of_writing(article) == (date(2023, 8, 10),)
    # The dateline itself is not resolved.
    assert told(article, "The toll") == [("today", "Thursday 10 August 2023")]
    assert days_of_writing(Article("a", "", "The toll rose today.", late)) == (date(2023, 8, 11),)


@pytest.mark.parametrize(
    "text", ["PARIS, March 3 - It rained.", "It rained. On Aug 10 - as ever - it shone."]
)
def test_a_day_far_from_the_publication_or_within_a_sentence_is_no_dateline(text: str):
    late = datetime(2023, 8, 11, 3, 30, tzinfo=UTC)
    assert days_of_writing(Article("a", "", text, late)) == (date(2023, 8, 11),)


@pytest.mark.parametrize(("before", "is_dateline"), [(100, True), (148, True), (155, False), (400, False)])
def test_a_dateline_stands_in_the_first_160_characters(before: int, is_dateline: bool):
    late = datetime(2023, 8, 11, 3, 30, tzinfo=UTC)
    text = f"{'W' * before}, Aug 10 - The toll rose."
    day = 10 if is_dateline else 11
    assert days_of_writing(Article("a", "", text, late)) == (date(2023, 8, day),)


def test_an_age_in_hours_leaves_the_days_within_an_hour_and_no_more():
    noon = Article("a", "", "Kim left.", datetime(2023, 8, 11, 12, tzinfo=UTC), approximate_to="hour")
    late = Article("a", "", "Kim left.", datetime(2023, 8, 11, 23, 30, tzinfo=UTC), approximate_to="hour")
    assert days_of_writing(noon) == (date(2023, 8, 11),)
    assert days_of_writing(late) == (date(2023, 8, 11), date(2023, 8, 12))


def test_a_dateline_is_in_the_first_line():
    text = "PARIS\nAug 10 - It rained."
    assert days_of_writing(Article("a", "", text, datetime(2023, 8, 11, 12, tzinfo=UTC))) == (
        date(2023, 8, 11),
    )


@pytest.mark.parametrize(("day", "written"), [("Aug 9", 9), ("Aug 8", 11)])
def test_a_dateline_is_two_days_from_the_publication_at_most(day: str, written: int):
    text = f"PARIS, {day} - It rained."
    assert days_of_writing(Article("a", "", text, datetime(2023, 8, 11, 12, tzinfo=UTC))) == (
        date(2023, 8, written),
    )


PHRASES = st.sampled_from(
    ["on Friday", "last Monday", "next Sunday", "last week", "on 14 July", "in May", "two years ago",
     "next month", "this year", "at the weekend", "yesterday"]
)  # fmt: skip


@given(
    PHRASES,
    st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(["hour", "day", "week"]),
)
def test_what_is_resolved_from_an_approximate_date_holds_on_every_day_it_may_be(
    phrase: str, moment: datetime, unit: str
):
    article = Article("a", "", f"He left {phrase}.", moment.replace(tzinfo=UTC), approximate_to=unit)
    (mention,) = temporal_expressions(article.text)
    possible = days_of_writing(article)
    period = resolve(mention, possible)
    assert moment.date() in possible
    if period is not None:
        assert {mention.on(day) for day in possible} == {period}
