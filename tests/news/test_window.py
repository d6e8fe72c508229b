"""Answers from articles of the time that a question names come alone, if there are any."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from qa.news.claim import Claim
from qa.news.window import of_the_time
from qa.records import Article, Quote, TimeCondition


def answer(moment: datetime | None, approximate_to: str = "") -> Claim:
    return Claim(Quote(Article("a", "", "Kim", moment, approximate_to=approximate_to), 0, 3), 1.0)


def july(hard: bool = True) -> TimeCondition:
    return TimeCondition(0, 0, "", date(2023, 7, 1), date(2023, 7, 31), hard, "July 2023")


def on(month: int, day: int, approximate_to: str = "") -> Claim:
    return answer(datetime(2023, month, day, 12, tzinfo=UTC), approximate_to)


OF_JULY, OF_MARCH, UNDATED = on(7, 14), on(3, 1), answer(None)


def test_answers_of_the_time_come_alone():
    assert of_the_time([OF_MARCH, OF_JULY, UNDATED], july()) == [OF_JULY]


def test_without_an_answer_of_the_time_nothing_is_chosen():
    assert of_the_time([OF_MARCH, UNDATED], july()) is None


def test_only_a_named_time_leaves_answers_out():
    assert of_the_time([OF_MARCH, OF_JULY], july(hard=False)) is None
    assert of_the_time([OF_MARCH, OF_JULY], None) is None


@pytest.mark.parametrize(
    ("fits", "month", "day", "approximate_to"),
    [
        (True, 6, 30, ""), (False, 6, 29, ""), (True, 8, 3, ""), (False, 8, 4, ""),
        (True, 6, 28, "week"), (False, 6, 20, "week"), (True, 8, 30, "month"), (False, 9, 20, "month"),
    ],
)  # fmt: skip
def test_the_days_of_its_reports_and_of_a_vague_date_belong_to_it(
    fits: bool, month: int, day: int, approximate_to: str
):
    other = on(month, day, approximate_to)
    assert of_the_time([other, OF_JULY], july()) == ([other, OF_JULY] if fits else [OF_JULY])


def test_open_ends_fit_all_on_their_side():
    since = TimeCondition(0, 0, "", date(2023, 7, 1), None, True, "")
    before = TimeCondition(0, 0, "", None, date(2023, 6, 30), True, "")
    assert of_the_time([OF_MARCH, OF_JULY], since) == [OF_JULY]
    assert of_the_time([OF_MARCH, OF_JULY], before) == [OF_MARCH]
