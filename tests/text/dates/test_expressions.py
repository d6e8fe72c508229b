"""Which times a text names, and what they mean on a given day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.dates.expressions import temporal_expressions
from qa.text.dates.periods import Period, day_words, days, month_of, week_of, year_of
from qa.text.dates.tense import tense_of

TUESDAY = date(2023, 9, 5)
ANY_DAY = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def meant(text: str, day: date = TUESDAY) -> list[tuple[str, str | None]]:
    """Return each time of the text and the words for what it means."""
    found = [(mention, mention.on(day)) for mention in temporal_expressions(text)]
    return [(text[m.start : m.end], period.words if period else None) for m, period in found]


@pytest.mark.parametrize(
    ("text", "named", "words"),
    [
        # The last weekday, be it today, unless the clause is about the future.
        ("He arrived on Friday.", "Friday", "Friday 1 September 2023"),
        ("He arrived on Tuesday.", "Tuesday", "Tuesday 5 September 2023"),
        ("They met on Monday evening and parted.", "Monday evening", "Monday 4 September 2023"),
        ("Saturday's vote was close.", "Saturday", "Saturday 2 September 2023"),
        ("The storm approaches the coast late Thursday.", "Thursday", "Thursday 7 September 2023"),
        ("He is to arrive on Friday.", "Friday", "Friday 8 September 2023"),
        ("Trading is to be suspended on Tuesday.", "Tuesday", "Tuesday 5 September 2023"),
        ("On Monday it is to be flown to Houston.", "Monday", "Monday 11 September 2023"),
        ("The bank said on Friday that it would close.", "Friday", "Friday 1 September 2023"),
        ("He said the talks would go on until Friday.", "Friday", "Friday 8 September 2023"),
        ("No flight is planned before then; the next no earlier than Thursday.", "Thursday",
         "Thursday 7 September 2023"),
        ("By Sunday night she had been replaced.", "Sunday night", "Sunday 3 September 2023"),
        # Last and next, where their meaning is certain.
        ("It closed last Friday.", "last Friday", "Friday 1 September 2023"),
        ("It closed last Tuesday.", "last Tuesday", "Tuesday 29 August 2023"),
        ("It closed last Monday.", "last Monday", None),  # yesterday, or eight days ago
        ("It opens next Thursday.", "next Thursday", None),  # in two days, or in nine
        ("It opens next Monday.", "next Monday", "Monday 11 September 2023"),
        ("It opens next Tuesday.", "next Tuesday", "Tuesday 12 September 2023"),
        ("It closed this Wednesday.", "this Wednesday", "Wednesday 6 September 2023"),
        ("It ran aground last Tuesday, 29 August, in a storm.", "last Tuesday, 29 August",
         "Tuesday 29 August 2023"),
        # Days near by.
        ("She died yesterday.", "yesterday", "Monday 4 September 2023"),
        ("She died the day before yesterday.", "the day before yesterday", "Sunday 3 September 2023"),
        ("He speaks this evening.", "this evening", "Tuesday 5 September 2023"),
        ("It rained last night.", "last night", "Monday 4 September 2023"),
        ("She leaves tomorrow.", "tomorrow", "Wednesday 6 September 2023"),
        ("He said so at the weekend.", "at the weekend", "2 to 3 September 2023"),
        ("He will say so at the weekend.", "at the weekend", "9 to 10 September 2023"),
        ("He is due there next weekend.", "next weekend", "16 to 17 September 2023"),
        ("He is due there this weekend.", "this weekend", "9 to 10 September 2023"),
        # Weeks, months, years.
        ("A visit is expected later this month.", "later this month", "September 2023"),
        ("He met them earlier this week.", "earlier this week", "4 to 10 September 2023"),
        ("He met them last week.", "last week", "28 August to 3 September 2023"),
        ("Late last month it fell.", "Late last month", "late August 2023"),
        ("At the end of last year it held more.", "the end of last year", "end of 2022"),
        ("Next year's summit is in Baku.", "Next year", "2024"),
        ("It began in March of last year.", "March of last year", "March 2022"),
        ("He died in April last year.", "April last year", "April 2022"),
        ("In the week to April 24 of this year it fell.", "April 24 of this year", "Monday 24 April 2023"),
        # Counted back.
        ("It happened two days ago.", "two days ago", "Sunday 3 September 2023"),
        ("It happened three weeks ago.", "three weeks ago", "12 to 18 August 2023"),
        ("It happened nine months ago.", "nine months ago", "December 2022"),
        ("It happened two years ago.", "two years ago", "2021"),
        ("It happened a year ago.", "a year ago", "2022"),
        # Without a year.
        ("It took off on 14 July.", "14 July", "Friday 14 July 2023"),
        ("It opens on October 8.", "October 8", "Sunday 8 October 2023"),
        ("It was shown on 20 December.", "20 December", "Tuesday 20 December 2022"),
        ("It will be shown on 20 December.", "20 December", "Wednesday 20 December 2023"),
        ("The period runs until May 31.", "May 31", "Friday 31 May 2024"),
        ("It begins on Friday, Nov. 17, 3 a.m.", "Friday, Nov. 17", "Friday 17 November 2023"),
        ("They meet on September 19 and 20.", "September 19 and 20", "19 to 20 September 2023"),
        ("WASHINGTON, Sept. 5 - The Fed", "Sept. 5", "Tuesday 5 September 2023"),
        ("He agreed in April.", "April", "April 2023"),
        ("It was valued so in December.", "December", "December 2022"),
        ("It will be valued so in December.", "December", "December 2023"),
        ("The next meeting, in late October, is open.", "late October", "late October 2023"),
        ("The blaze of last November was put out.", "last November", "November 2022"),
        ("The blaze of last May was put out.", "last May", None),  # of this year, or of the one before
        ("The blaze of last September was put out.", "last September", "September 2022"),
        ("The trial of January is open.", "January", "January 2024"),  # nearer than that of 2023
        ("It opens next April.", "next April", "April 2024"),
        # Not relative.
        ("It happened on 8 September 2022.", "8 September 2022", "Thursday 8 September 2022"),
        ("On Wednesday, 13 September 2023, they met.", "Wednesday, 13 September 2023",
         "Wednesday 13 September 2023"),
        ("On January 30, 2020, few had it.", "January 30, 2020", "Thursday 30 January 2020"),
        ("From 25 to 27 July 2023 he stayed.", "25 to 27 July 2023", "25 to 27 July 2023"),
        ("It peaked in early 2021.", "early 2021", "early 2021"),
        ("It peaked in June 2022.", "June 2022", "June 2022"),
        ("built 2023-07-01", "2023-07-01", "Saturday 1 July 2023"),
    ],
)  # fmt: skip
def test_a_time_is_found_and_means_this_on_tuesday_5_september_2023(text: str, named: str, words: str | None):
    assert meant(text) == [(named, words)]


@pytest.mark.parametrize(
    "text",
    [
        "They march to the Capitol and may explain how.",
        "Two days later he left; a year earlier he had come.",
        "About two years ago, or more than three weeks ago, it began.",
        "Half a century ago nobody cared; two and a half years ago neither.",
        "Over the last year and the past week prices rose.",
        "Every Friday, on the previous Monday and on Black Friday shops open.",
        "It cost $2,023 and weighed 2023 tonnes, at 1:45 or 30.5 March.",
        "Today's youth will go to the polls.",
        "She told USA TODAY about it.",
        "The Sunday Times and the mayor said nothing.",
        "It was the 31 of them.",
    ],
)
def test_what_only_looks_like_a_time_is_left_alone(text: str):
    assert meant(text) == []


def test_a_day_that_no_calendar_has_means_nothing():
    assert meant("It happened on 31 June.") == [("31 June", None)]
    assert meant("It happened on 30 February 2023.") == [("30 February 2023", None)]


def test_29_february_is_that_of_the_leap_year_near_by():
    assert meant("It happened on 29 February.", date(2024, 12, 1)) == [
        ("29 February", "Thursday 29 February 2024")
    ]
    assert meant("It happened on 29 February.", date(2022, 6, 1)) == [("29 February", None)]


def test_the_longest_of_overlapping_times_counts():
    assert meant("He left on Friday, 1 September 2023, and next Tuesday, 12 September, returns.") == [
        ("Friday, 1 September 2023", "Friday 1 September 2023"),
        ("next Tuesday, 12 September", "Tuesday 12 September 2023"),
    ]


@given(ANY_DAY, st.sampled_from(["Monday", "Wednesday", "Sunday"]))
def test_a_bare_weekday_is_less_than_a_week_away_and_on_the_side_that_its_clause_tells(day: date, name: str):
    (past,) = temporal_expressions(f"It was closed on {name}.")
    (future,) = temporal_expressions(f"It will be closed on {name}.")
    back, ahead = day - past.on(day).first, future.on(day).first - day
    assert timedelta(0) <= back < timedelta(7) and timedelta(0) <= ahead < timedelta(7)
    assert f"{past.on(day).first:%A}" == f"{future.on(day).first:%A}" == name


@given(ANY_DAY, ANY_DAY)
def test_a_day_without_a_year_is_at_most_half_a_year_away(day: date, other: date):
    (mention,) = temporal_expressions(f"the fire of {other.day} {other:%B}")
    found = mention.on(day)
    if (other.month, other.day) != (2, 29):
        assert (found.first.month, found.first.day) == (other.month, other.day)
        assert abs(found.first - day) <= timedelta(184)


@given(ANY_DAY)
def test_the_words_for_a_time_are_read_back_as_that_time(day: date):
    for period in (days(day, day), month_of(day.year, day.month), year_of(day.year)):
        (mention,) = temporal_expressions(f"in {period.words}")
        assert not mention.relative
        assert mention.on(TUESDAY) == period


@given(ANY_DAY)
def test_weeks_months_and_years_touch_without_a_gap(day: date):
    for text, this in (
        ("week", week_of(day)),
        ("month", month_of(day.year, day.month)),
        ("year", year_of(day.year)),
    ):
        before, here, after = (
            temporal_expressions(f"{which} {text}")[0].on(day) for which in ("last", "this", "next")
        )
        assert here == this and day in here
        assert before.last + timedelta(1) == here.first and here.last + timedelta(1) == after.first


@given(
    st.text(
        st.sampled_from("last next this Friday May 31 0 2023 of in ago two days weekend ,.-'\n"), max_size=60
    )
)
def test_mentions_of_any_text_stand_in_order_and_apart(text: str):
    found = temporal_expressions(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(one.end <= two.start for one, two in zip(found, found[1:], strict=False))


@given(st.lists(st.sampled_from(["last", "next", "May", "31", "2023", "Friday", "of", "year", "two days ago",
                                 "in", "today", "the weekend", "by"]), max_size=8))  # fmt: skip
def test_any_heap_of_such_words_is_read_without_fault(words: list[str]):
    for mention in temporal_expressions(" ".join(words)):
        period = mention.on(TUESDAY)
        assert period is None or period.first <= period.last


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2021, 3, 27), date(2021, 3, 28), "27 to 28 March 2021"),
        (date(2023, 8, 28), date(2023, 9, 3), "28 August to 3 September 2023"),
        (date(2022, 12, 26), date(2023, 1, 1), "26 December 2022 to 1 January 2023"),
    ],
)
def test_a_stretch_of_days_names_month_and_year_once_where_it_can(first: date, last: date, words: str):
    assert Period(first, last, "week").words == words
    assert day_words(last) in words


@pytest.mark.parametrize(
    ("text", "time", "tense"),
    [
        ("He will resign, he said, after he lost on Friday.", "Friday", "past"),
        ("He lost on Monday, but he will be back on Friday.", "Friday", "future"),
        ("It will be a year since May.", "May", "past"),
        ("On Friday, said the office, it rains.", "Friday", ""),
    ],
)
def test_the_clause_of_a_time_shows_its_tense(text: str, time: str, tense: str):
    start = text.index(time)
    assert tense_of(text, start, start + len(time)) == tense


def test_since_at_the_very_beginning_of_a_text_is_past():
    assert tense_of("Since May it will be hot.", 6, 9) == "past"
