"""Whether quotes of two articles say the same: as numbers, times, names or words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qa.news.claim import Claim
from qa.news.values import Time, agree
from qa.records import Article, Quote

LATER = datetime(2023, 9, 20, 12, tzinfo=UTC)
WEDNESDAY = datetime(2023, 9, 13, 12, tzinfo=UTC)


def said(quote: str, text: str = "", day: datetime | None = WEDNESDAY, approximate_to: str = ""):
    whole = text if text else f"It was {quote} then."
    start = whole.index(quote)
    article = Article("a", "", whole, day, approximate_to=approximate_to)
    return Claim(Quote(article, start, start + len(quote))).saying


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (said("12 July"), said("July 12")),
        (said("on 12 July"), said("12 July 2023")),
        (said("Wednesday", "He left on Wednesday."), said("13 September 2023")),
        (said("Tuesday", "He left on Tuesday."), said("yesterday", "He left yesterday.")),
        (said("last month", "It fell last month."), said("August 2023")),
        (said("2022"), said("last year", "It fell last year.")),
        (said("12 July", day=None), said("July 12", day=None)),
        (said("12 July", day=None), said("12 July 2021")),
        (said("12 July", approximate_to="year"), said("July 12")),
        (said("13 SEPTEMBER,", "It was on 13 SEPTEMBER, 2023."), said("13 September")),
        (said("$1.2bn"), said("1.2 billion dollars")),
        (said("Mr Kim", "Kim Jong Un came. Mr Kim left."), said("Kim Jong Un")),
        (said("a porcelain sink"), said("Porcelain  sink,")),
    ],
)
def test_these_say_the_same(one, two):
    assert agree(one, two) and agree(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (said("Tuesday", "He left on Tuesday."), said("Tuesday", "He left on Tuesday.", LATER)),
        (said("12 July 2022"), said("12 July")),
        (said("July 2023"), said("12 July 2023")),
        (said("2037"), said("2,037 people")),
        (said("Kim", "Kim Jong Un came. Kim left."), said("Kim", "Kim Yo Jong came. Kim left.")),
        (said("12"), said("12 July")),
        (said("1 July", day=None), said("July 2023")),
        (said("4:17 a.m."), said("4:17 p.m.")),
    ],
)  # fmt: skip
def test_these_do_not(one, two):
    assert not agree(one, two) and not agree(two, one)


def test_a_month_out_of_a_full_date_is_the_month():
    assert said("July 2023", "It was on 12 July 2023.") == said("July 2023")


def test_a_day_of_an_unknown_year_is_that_day():
    assert said("12 July", day=None).value == Time(None, (7, 12))


def test_more_than_a_time_is_no_time():
    assert said("Friday after the storm", "It came on Friday after the storm.").value is None
