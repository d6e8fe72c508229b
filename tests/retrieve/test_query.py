"""What people type becomes a tidy question and an exact filter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from qa.errors import InputError
from qa.records import NO_DAY, Filter, TimeCondition
from qa.retrieve.query import LONGEST_QUESTION, Query, checked_question, filter_of, query_of


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("  Who met\tPutin?\r\n", "Who met Putin?"),
        ("Who\u00a0met\u2028Putin\x00?", "Who met Putin ?"),
        ("a\ud800b", "a b"),
        ("김정은은 누구를 만났나?", "김정은은 누구를 만났나?"),
        ("من التقى ببوتين؟", "من التقى ببوتين؟"),
        ("\u202bمن\u202c", "من"),
        ("Who is 👩\u200d🚀?", "Who is 👩\u200d🚀?"),
        ("2023", "2023"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_question_keeps_its_words_and_loses_control_characters(typed: str, asked: str):
    assert checked_question(typed) == asked


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "?!", "😀👍🏽", "\u200b\u200d", "\x00"])
def test_question_without_a_letter_or_digit_is_empty(typed: str):
    with pytest.raises(InputError) as told:
        checked_question(typed)
    assert str(told.value) == 'the question is empty. Ask in words: "Who bought Twitter?"'


def test_question_of_ten_thousand_characters_is_refused_with_both_numbers():
    with pytest.raises(InputError) as told:
        checked_question("why " * 2_500)
    assert told.value.what == f"the question has 9,999 characters, at most {LONGEST_QUESTION:,} can be read"


def test_question_of_the_greatest_length_is_taken_whole():
    longest = "y" * LONGEST_QUESTION
    assert checked_question(f"  {longest}  ") == longest
    with pytest.raises(InputError):
        checked_question(longest + "y")


def test_nothing_asked_restricts_nothing():
    assert filter_of() == filter_of(source="", tag=[" "]) == Filter()
    assert not filter_of().restricts


@pytest.mark.parametrize(
    ("since", "moment"),
    [
        ("2023-07-01", utc(2023, 7, 1)),
        ("July 2023", utc(2023, 7, 1)),
        ("2023", utc(2023, 1, 1)),
        (date(2023, 7, 2), utc(2023, 7, 2)),
        (datetime(2023, 7, 2, 9, tzinfo=timezone(timedelta(hours=9))), utc(2023, 7, 2)),
    ],
)
def test_since_is_the_first_moment_of_what_it_names(since: object, moment: datetime):
    assert filter_of(since=since) == Filter(since=moment)


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2023-07-31", utc(2023, 8, 1)),
        ("July 2023", utc(2023, 8, 1)),
        ("December 2023", utc(2024, 1, 1)),
        ("2023", utc(2024, 1, 1)),
        (date(2024, 2, 29), utc(2024, 3, 1)),
        (utc(2023, 7, 2, 9), utc(2023, 7, 2, 9) + timedelta(microseconds=1)),
    ],
)
def test_until_includes_all_that_it_names(until: object, moment: datetime):
    assert filter_of(until=until) == Filter(until=moment)


def test_a_single_day_is_since_and_until_the_same():
    assert filter_of(since="2023-07-01", until="2023-07-01") == Filter(
        since=utc(2023, 7, 1), until=utc(2023, 7, 2)
    )


def test_bounds_the_wrong_way_round_are_refused():
    with pytest.raises(InputError) as told:
        filter_of(since="2023-07-02", until="2023-07-01")
    assert str(told.value) == "no day lies between since 2023-07-02 and until 2023-07-01. Exchange them."


@pytest.mark.parametrize("typed", ["", "yesterdayish", "2023-13-45"])
def test_text_that_is_not_a_date_is_refused_with_examples(typed: str):
    with pytest.raises(InputError, match=r"is not a date\. Write it like 2023-07-01"):
        filter_of(since=typed)


def test_naive_moment_is_the_callers_mistake():
    with pytest.raises(ValueError, match="has no time zone"):
        filter_of(until=datetime(2023, 7, 1))


@pytest.mark.parametrize("question", [None, 5, b"Who?", ["Who?"]])
def test_question_that_is_not_text_is_refused_with_its_type(question: object):
    with pytest.raises(InputError, match=f"is no text but {type(question).__name__}. Give a str."):
        checked_question(question)


def test_the_ends_of_the_calendar_bound_nothing_and_are_no_fault():
    last = datetime.max.replace(tzinfo=UTC)
    assert filter_of(since=date.min, until=date.max) == Filter(since=utc(1, 1, 1), until=last)
    assert filter_of(until=last).until == last
    with pytest.raises(InputError, match="lies outside the calendar"):
        filter_of(since=datetime.min.replace(tzinfo=timezone(timedelta(hours=14))))


@pytest.mark.parametrize("day", [date.min, date.max, date(9999, 12, 30), date(1, 1, 2)])
def test_day_of_asking_too_near_the_ends_of_the_calendar_is_refused(day: date):
    with pytest.raises(InputError, match=f"the day of asking {day} is not from"):
        query_of("Who resigned yesterday?", as_of=day)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"since": 2023}, "a date cannot be 2023"),
        ({"source": 5}, "a source cannot be 5"),
        ({"tag": ["Russia", None]}, r"a tag cannot be \['Russia', None\]"),
    ],
)
def test_condition_of_a_wrong_type_is_refused(condition: dict[str, object], told: str):
    with pytest.raises(InputError, match=told):
        filter_of(**condition)


def test_names_come_alone_or_several_and_are_trimmed():
    assert filter_of(source=" CBS News ", tag=["Russia", " ", "Arms "]) == Filter(
        sources=("CBS News",), tags=("Russia", "Arms")
    )


def test_a_query_holds_all_that_is_asked():
    query = query_of(
        "  Who met Putin in May 2023? ", since="2023", source="Tass", tag=["arms"], as_of="July 2023"
    )
    assert query == Query(
        "Who met Putin in May 2023?",
        Filter(since=utc(2023, 1, 1), sources=("Tass",), tags=("arms",)),
        date(2023, 7, 31),
        TimeCondition(14, 25, "in May 2023", date(2023, 5, 1), date(2023, 5, 31), True, "May 2023"),
    )


def test_the_day_of_asking_is_today_unless_another_or_none_is_named():
    assert query_of("Who met Putin?").as_of == datetime.now(UTC).date()
    assert query_of("Who met Putin?", as_of=NO_DAY).as_of is None
    assert query_of("Who met Putin?", as_of=date(2023, 7, 2)).as_of == date(2023, 7, 2)


def test_a_question_without_a_day_knows_absolute_times_alone():
    assert query_of("Who resigned last week?", as_of=NO_DAY).time is None
    assert query_of("Who resigned on 5 May?", as_of=NO_DAY).time is None
    found = query_of("Who resigned on 5 May 2023?", as_of=NO_DAY).time
    assert found is not None
    assert (found.first, found.last) == (date(2023, 5, 5), date(2023, 5, 5))
    newest = query_of("Who is now king?", as_of=NO_DAY).time
    assert newest is not None
    assert (newest.first, newest.last, newest.hard, newest.words) == (None, None, False, "the newest")


def test_a_time_that_is_not_heeded_is_words_like_others():
    assert query_of("Who resigned last week?", as_of="2023-07-02", heed_time=False).time is None


def test_filters_narrow_to_the_time_that_the_question_names():
    bounds = {"since": "2023-11-10", "until": "2024-02-01", "source": "Wire"}
    query = query_of("What happened in November 2023?", as_of=NO_DAY, **bounds)
    assert query.asks_for_all
    assert query.within_time == Filter(utc(2023, 11, 10), utc(2023, 12, 1), ("Wire",))
    assert query_of("Anything since May 2024?", as_of=NO_DAY).within_time == Filter(utc(2024, 5, 1))
    assert not query_of("What happened in November 2023?", as_of=NO_DAY, heed_time=False).asks_for_all
    assert query_of("Who met Putin?", as_of=NO_DAY).within_time == Filter()
