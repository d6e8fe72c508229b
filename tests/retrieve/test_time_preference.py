"""How well the days of articles fit a time that a question names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import InputError
from qa.records import NO_DAY, TimeCondition
from qa.retrieve.fusion import timeliness, within
from qa.retrieve.query import day_of


def condition(first: date | None, last: date | None, hard: bool = True) -> TimeCondition:
    return TimeCondition(0, 0, "", first, last, hard, "")


def fits(asked_for: TimeCondition, *moments: str) -> list[float]:
    published = np.array(moments, dtype="datetime64[us]")
    return [round(float(fit), 4) for fit in within(published, asked_for, days=20)]


JULY = condition(date(2023, 7, 1), date(2023, 7, 31))


def test_the_time_itself_and_the_days_of_its_reports_fit_wholly():
    assert (
        fits(JULY, "2023-07-01T00:00", "2023-07-31T23:00", "2023-06-30T00:00", "2023-08-03T23:00")
        == [1.0] * 4
    )


def test_beyond_it_the_fit_falls_on_both_sides_and_never_to_nothing():
    # 20 days before the day before, and 20 days after the third day after.
    assert fits(JULY, "2023-06-10T00:00", "2023-08-23T23:59") == [0.3679, 0.3679]
    assert 0 < within(np.array(["2023-12-01"], "datetime64[us]"), JULY, days=20)[0] < 0.01


def test_an_undated_article_does_not_fit():
    assert fits(JULY, "NaT") == [0.0]


def test_a_time_without_an_end_fits_all_that_comes_after():
    since = condition(date(2023, 7, 1), None)
    assert fits(since, "2023-06-10T00:00", "2023-07-01T00:00", "2026-01-01T00:00") == [0.3679, 1.0, 1.0]


def test_a_time_without_a_beginning_counts_from_its_end():
    until = condition(None, date(2023, 7, 31))
    assert fits(until, "2023-07-10T00:00", "2023-07-31T00:00", "2023-08-23T23:59") == [0.3679, 1.0, 0.3679]


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 400), st.integers(-900, 900))
def test_nearer_never_fits_less(first: date, length: int, away: int):
    day = np.datetime64(first, "us")
    stretch = condition(first, (day + np.timedelta64(length, "D")).astype("datetime64[D]").astype(date))
    near, far = (
        day + np.timedelta64(away, "D"),
        day + np.timedelta64(away + (1 if away > length else -1), "D"),
    )
    fit = within(np.array([near, far]), stretch, days=20)
    if away <= 0 or away > length:
        assert fit[0] >= fit[1]
    else:
        assert fit[0] == 1.0


def test_the_day_of_asking_is_today_or_the_last_that_a_text_names():
    assert day_of("2023-07-05") == day_of(date(2023, 7, 5)) == date(2023, 7, 5)
    assert day_of("July 2023") == date(2023, 7, 31)
    assert day_of(datetime(2023, 7, 5, 23, 59, tzinfo=UTC)) == date(2023, 7, 5)
    assert day_of(NO_DAY) is None
    assert abs((day_of(None) - datetime.now(UTC).date()).days) <= 1
    with pytest.raises(InputError, match="'soon' is not a date"):
        day_of("soon")


def timely(asked_for: TimeCondition | None, as_of: date | None, *moments: str) -> list[float]:
    published = np.array(moments, dtype="datetime64[us]")
    return [round(float(fit), 4) for fit in timeliness(published, asked_for, as_of, days=20)]


def test_without_a_time_the_day_of_asking_counts_and_without_a_day_nothing():
    assert timely(None, date(2023, 7, 12), "2023-07-12T12:00", "2023-06-22T12:00") == [1.0, 0.3679]
    assert timely(None, None, "2023-07-12T12:00", "NaT") == [0.0, 0.0]


def test_since_keeps_its_preference_whatever_is_near_the_day_of_asking():
    since = condition(date(2023, 7, 1), None)
    old, first, last = "2023-05-01T00:00", "2023-07-01T00:00", "2023-08-30T12:00"
    assert timely(since, date(2023, 8, 30), old, first, last) == [-0.9479, 0.0486, 1.0]
    # Years later no article is near the day, but those of the named time are still preferred.
    assert timely(since, date(2026, 1, 1), old, first, last) == [-0.9502, 0.0, 0.0]
    assert timely(since, None, old, first, last) == [0.0498, 1.0, 1.0]


@given(st.integers(0, 900), st.integers(0, 900), st.integers(2, 900))
def test_what_is_older_never_comes_before_what_is_since(after: int, asked_after: int, before: int):
    start = np.datetime64("2023-07-01", "us")
    moments = np.array([start + np.timedelta64(after, "D"), start - np.timedelta64(before, "D")])
    as_of = date(2023, 7, 1) + timedelta(days=after + asked_after)
    fit = timeliness(moments, condition(date(2023, 7, 1), None), as_of, days=20)
    assert fit[0] >= 0
    assert fit[0] > fit[1]


def test_the_newest_are_preferred_also_long_after_the_archive_has_ended():
    newest = condition(None, date(2026, 1, 1), hard=False)
    # Up to three days after the newest and a day before it count wholly, then it falls.
    assert timely(newest, date(2026, 1, 1), "2021-03-09T00:00", "2021-03-30T09:00", "NaT") == [
        0.3679,
        1.0,
        0.0,
    ]
    no_day = condition(None, None, hard=False)
    assert timely(no_day, None, "2021-03-09T00:00", "2021-03-30T09:00", "NaT") == [0.3679, 1.0, 0.0]
    assert timely(no_day, None, "NaT") == [0.0]


def test_the_newest_are_those_up_to_the_day_of_asking():
    newest = condition(None, date(2023, 7, 31), hard=False)
    fit = timely(newest, date(2023, 7, 31), "2023-07-31T20:00", "2023-09-23T00:00", "2023-07-10T00:00")
    assert fit[0] == 1.0
    assert fit[1] < fit[2] == 0.3679
    # The first moment of the next day is too late to be the newest: the days before 31 July fall off to it.
    just_after = timely(newest, date(2023, 7, 31), "2023-07-31T20:00", "2023-08-01T00:00", "2023-07-10T00:00")
    assert just_after[2] == 0.3679
