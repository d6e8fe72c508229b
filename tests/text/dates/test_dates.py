"""Dates as articles carry them and as people type them; every expected moment is written out."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import InputError
from qa.text.dates import Published, parse_bound, parse_published
from qa.text.dates.absolute import Moment, read_number, read_text
from qa.text.dates.ages import read_age
from qa.text.dates.periods import Period, days, month_of, week_of, year_of

TODAY = datetime(2024, 5, 20, 12, 0, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def read(value: object) -> Published | None:
    return parse_published(value, as_of=TODAY)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2023-07-01T10:00:00Z", utc(2023, 7, 1, 10)),
        ("2023-07-01T10:00:00+0200", utc(2023, 7, 1, 8)),
        ("2023-07-01 10:00:00.123456-05:00", utc(2023, 7, 1, 15, 0, 0, 123456)),
        ("2023-07-01 10:00:00 UTC", utc(2023, 7, 1, 10)),
        ("Mon, 06 Feb 2023 23:40:00 +0300", utc(2023, 2, 6, 20, 40)),
        ("Mon, 03 Jul 2023 10:00:00 GMT", utc(2023, 7, 3, 10)),
        ("Mon, 03 Jul 2023 10:00:00 EST", utc(2023, 7, 3, 15)),
        ("Mon, 03 Jul 2023 10:00:00 CEST", utc(2023, 7, 3, 8)),
        ("Published 3:05 PM EDT, Mon July 3, 2023", utc(2023, 7, 3, 19, 5)),
        ("3 July 2023 at 3:05 p.m. ET", utc(2023, 7, 3, 19, 5)),
        ("January 3, 2023, 3:05 p.m. ET", utc(2023, 1, 3, 20, 5)),
        ("20230701T093000Z", utc(2023, 7, 1, 9, 30)),
        (1688198400, utc(2023, 7, 1, 8)),
        (1688198400.5, utc(2023, 7, 1, 8, 0, 0, 500000)),
        (1688198400000, utc(2023, 7, 1, 8)),
        ("1688198400", utc(2023, 7, 1, 8)),
        ("1688198400000", utc(2023, 7, 1, 8)),
        (datetime(2023, 7, 1, 10, tzinfo=timezone(timedelta(hours=2))), utc(2023, 7, 1, 8)),
    ],
)
def test_date_with_a_zone_becomes_its_moment_in_utc(value, moment):
    assert read(value) == Published(moment, zone_assumed=False, approximate_to="")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2023-07-01", utc(2023, 7, 1)),
        ("2023/07/01", utc(2023, 7, 1)),
        ("2023-07-01 10:30", utc(2023, 7, 1, 10, 30)),
        ("2022/12/31 10:00", utc(2022, 12, 31, 10)),
        ("20230701", utc(2023, 7, 1)),
        (20230701, utc(2023, 7, 1)),
        ("20230701093000", utc(2023, 7, 1, 9, 30)),
        ("Mon, 03 Jul 2023 10:00:00", utc(2023, 7, 3, 10)),
        ("July 3, 2023", utc(2023, 7, 3)),
        ("3rd of July 2023", utc(2023, 7, 3)),
        ("Sept. 5, 2023", utc(2023, 9, 5)),
        ("Updated: 5 May 2023 3:15pm", utc(2023, 5, 5, 15, 15)),
        ("3 juillet 2023", utc(2023, 7, 3)),
        ("2023년 7월 1일", utc(2023, 7, 1)),
        (date(2023, 7, 1), utc(2023, 7, 1)),
        (datetime(2023, 7, 1, 9), utc(2023, 7, 1, 9)),
    ],
)
def test_date_without_a_zone_is_taken_as_utc_and_marked(value, moment):
    assert read(value) == Published(moment, zone_assumed=True, approximate_to="")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("03/04/2023", utc(2023, 3, 4)),  # month first
        ("3-4-23", utc(2023, 3, 4)),
        ("13/04/2023", utc(2023, 4, 13)),  # impossible month first
        ("03.04.2023", utc(2023, 4, 3)),  # dates with dots never have the month first
        ("03/04/71", utc(1971, 3, 4)),
    ],
)
def test_ambiguous_day_and_month_are_read_month_first_unless_impossible(value, moment):
    assert read(value).moment == moment


@pytest.mark.parametrize(
    ("value", "moment", "unit"),
    [
        ("8 months ago", utc(2023, 9, 20, 12), "month"),
        ("  • 8 months ago", utc(2023, 9, 20, 12), "month"),
        ("8 mo ago", utc(2023, 9, 20, 12), "month"),
        ("Published 3 days ago", utc(2024, 5, 17, 12), "day"),
        ("Updated: 2 hours ago", utc(2024, 5, 20, 10), "hour"),
        ("an hour ago", utc(2024, 5, 20, 11), "hour"),
        ("45 minutes ago", utc(2024, 5, 20, 11, 15), "hour"),
        ("just now", utc(2024, 5, 20, 12), "hour"),
        ("yesterday", utc(2024, 5, 19, 12), "day"),
        ("3d", utc(2024, 5, 17, 12), "day"),
        ("about 2 weeks ago", utc(2024, 5, 6, 12), "week"),
        ("a year ago", utc(2023, 5, 20, 12), "year"),
    ],
)
def test_age_counts_back_from_as_of_and_names_its_unit(value, moment, unit):
    assert read(value) == Published(moment, zone_assumed=False, approximate_to=unit)


def test_age_of_a_month_from_its_31st_ends_on_the_last_day_of_the_shorter_month():
    read_on_the_31st = parse_published("1 month ago", as_of=utc(2024, 3, 31))
    assert read_on_the_31st == Published(utc(2024, 2, 29), approximate_to="month")


def test_month_or_year_alone_is_marked_as_approximate():
    assert read("July 2023") == Published(utc(2023, 7, 1), True, "month")
    assert read("07/2023") == Published(utc(2023, 7, 1), True, "month")
    assert read(2023) == Published(utc(2023, 1, 1), True, "year")
    assert read("2023") == Published(utc(2023, 1, 1), True, "year")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "Monday",
        "July 3",
        "2023-13-01",
        "31/02/2023",
        "0001-01-01T00:00:00",
        "5 min read",
        "0",
        0,
        45108,
        float("nan"),
        float("inf"),
        -1,
        True,
        None,
        [],
        {},
        "9999999 years ago",
        "9999 years ago",
        "1e400",
        "9" * 400,
        "March of 2023 was a wonderful time",
        "٢٠٢٣-٠٧-٠١x",
        "1688198400 July",
    ],
)
def test_text_that_is_no_date_gives_none(value):
    assert read(value) is None


def test_zone_of_the_machine_plays_no_part(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        assert read("2023-07-01 10:00") == Published(utc(2023, 7, 1, 10), zone_assumed=True)
        assert read(datetime(2023, 7, 1, 10)) == Published(utc(2023, 7, 1, 10), zone_assumed=True)
        assert read(1688198400) == Published(utc(2023, 7, 1, 8))
        assert parse_bound("July 2023") == (utc(2023, 7, 1), utc(2023, 8, 1))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_naive_as_of_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="as_of has no zone"):
        parse_published("yesterday", as_of=datetime(2024, 5, 20))


@given(st.text(max_size=60) | st.floats() | st.integers())
def test_no_value_makes_reading_raise_or_gives_a_naive_moment(value):
    published = read(value)
    assert published is None or published.moment.utcoffset() == timedelta(0)


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2190, 1, 1), timezones=st.timezones()))
def test_every_iso_moment_is_read_back(moment):
    offset = moment.utcoffset()
    if offset.total_seconds() % 60 == 0:  # ISO 8601 offsets are whole minutes
        assert read(moment.isoformat()).moment == moment.astimezone(UTC)


@pytest.mark.parametrize(
    ("typed", "first", "after"),
    [
        ("2023", utc(2023, 1, 1), utc(2024, 1, 1)),
        ("July 2023", utc(2023, 7, 1), utc(2023, 8, 1)),
        ("2023-12", utc(2023, 12, 1), utc(2024, 1, 1)),
        ("2023-07-01", utc(2023, 7, 1), utc(2023, 7, 2)),
        ("1 July 2023", utc(2023, 7, 1), utc(2023, 7, 2)),
        (" Feb 29, 2024 ", utc(2024, 2, 29), utc(2024, 3, 1)),
        ("2023-07-01T12:00:00+02:00", utc(2023, 7, 1, 10), utc(2023, 7, 1, 10, 0, 1)),
    ],
)
def test_typed_date_covers_its_whole_unit(typed, first, after):
    assert parse_bound(typed) == (first, after)


@pytest.mark.parametrize("typed", ["", "soon", "2023-02-30", "yesterday", "12"])
def test_typed_text_that_is_no_date_names_itself_and_the_cure(typed):
    with pytest.raises(InputError) as caught:
        parse_bound(typed)
    assert caught.value.what == f"{typed!r} is not a date."
    assert caught.value.cure == "Write it like 2023-07-01, July 2023 or 2023."


@pytest.mark.parametrize("offset", ["+9999", "GMT+99", "-9900"])
def test_offset_of_a_day_and_more_is_no_date(offset: str):
    assert (
        parse_published(f"Mon, 03 Jul 2023 10:00:00 {offset}", as_of=datetime(2024, 1, 1, tzinfo=UTC)) is None
    )
    with pytest.raises(InputError, match="is not a date"):
        parse_bound(f"2023-07-03 10:00 {offset}")


@pytest.mark.parametrize("text", ["13/2023", "0/2023", "00-2023", "7/1599", "7.2201"])
def test_impossible_month_is_no_date(text: str):
    assert read_text(text) is None
    assert read_text("7/2023") == Moment(datetime(2023, 7, 1), "month")


@pytest.mark.parametrize(
    ("text", "moment", "unit"),
    [
        ("03/04/2023 09:30", datetime(2023, 3, 4, 9, 30), "second"),
        ("4 mars 2023 09:30", datetime(2023, 3, 4, 9, 30), "second"),
        ("4 février 2023", datetime(2023, 2, 4), "day"),
        ("février 2023", datetime(2023, 2, 1), "month"),
        ("March 2023", datetime(2023, 3, 1), "month"),
        ("Mar 4, 2023 9:30 XYT", datetime(2023, 3, 4, 9, 30), "second"),  # a zone that nobody knows
        ("1600-01-01", datetime(1600, 1, 1), "day"),
        ("2200-12-31", datetime(2200, 12, 31), "day"),
    ],
)
def test_text_is_read_as_exactly_as_it_is_written(text: str, moment: datetime, unit: str):
    assert read_text(text) == Moment(moment, unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("3d", "day"), ("3 days ago", "day"), ("3 days earlier", "day"), ("3 mo ago", "month"), ("3 days", None),
     ("3 mo", None)],
)  # fmt: skip
def test_an_age_says_ago_unless_its_unit_is_a_letter(text: str, unit: str | None):
    age = read_age(text, TODAY)
    assert (None if age is None else age.unit) == unit


def test_periods_are_as_exact_as_their_unit():
    wednesday = date(2023, 9, 13)
    assert days(wednesday, wednesday) == Period(wednesday, wednesday, "day")
    assert week_of(wednesday) == Period(date(2023, 9, 11), date(2023, 9, 17), "week")
    assert month_of(2023, 13) == Period(date(2024, 1, 1), date(2024, 1, 31), "month")
    assert year_of(2023) == Period(date(2023, 1, 1), date(2023, 12, 31), "year")


@pytest.mark.parametrize(
    ("year", "whole"), [("00", 2000), ("49", 2049), ("50", 2050), ("69", 2069), ("70", 1970), ("99", 1999)]
)
def test_years_of_two_digits_are_of_this_century_up_to_69(year: str, whole: int):
    moment = read_text(f"03/04/{year}")
    assert moment is not None
    assert moment.value.date() == date(whole, 3, 4)


@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (1600, Moment(datetime(1600, 1, 1), "year")),  # the first year that is one
        (1599, None),
        (2200, Moment(datetime(2200, 1, 1), "year")),
        (20230715, Moment(datetime(2023, 7, 15), "day")),  # the day may have two digits
        # The first number that is read as seconds.
        (10_000_000, Moment(utc(1970, 4, 26, 17, 46, 40), "second")),
        (9_999_999, None),
        (1_688_169_600, Moment(utc(2023, 7, 1), "second")),
    ],
)
def test_number_is_a_year_a_day_or_seconds_up_to_the_borders_of_each(number: int, moment: Moment | None):
    assert read_number(number) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20230701T0930", Moment(datetime(2023, 7, 1, 9, 30), "second")),  # no seconds are given
        ("20230701T093015Z", Moment(utc(2023, 7, 1, 9, 30, 15), "second")),
    ],
)
def test_compact_time_is_read_to_the_second(text: str, moment: Moment):
    assert read_text(text) == moment


@pytest.mark.parametrize(("zone", "minutes"), [("NZST", 720), ("IST", 330), ("EDT", -240), ("ART", -180)])
def test_names_of_zones_count_in_texts_that_no_other_reader_takes(zone: str, minutes: int):
    # Too long for the readers of other languages.
    read = read_text(f"Wednesday, September 13, 2023 10:00:00 AM {zone}")
    assert read is not None
    assert read.value.utcoffset() == timedelta(minutes=minutes)
    assert read.value.replace(tzinfo=None) == datetime(2023, 9, 13, 10)


@pytest.mark.parametrize("text", ["2024-W14-5", "2024W145"])
def test_day_of_a_week_is_that_day(text):
    assert f"{parse_published(text, as_of=TODAY).moment:%Y-%m-%d}" == "2024-04-05"


@pytest.mark.parametrize("text", ["Q1 2024", "2024 Q3", "H2 2024", "W14 2024", "2024-W60-1"])
def test_parts_of_a_year_are_no_months(text):
    assert parse_published(text, as_of=TODAY) is None
