"""The time that a question asks for, against the day of asking."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.question_time import names_a_time_alone, time_asked_for

TODAY = date(2024, 11, 20)  # a Wednesday


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize(
    ("question", "text", "first", "last", "words"),
    [
        ("Who resigned last week?", "last week", "2024-11-11", "2024-11-17", "11 to 17 November 2024"),
        ("What did he say yesterday?", "yesterday", "2024-11-19", "2024-11-19", "Tuesday 19 November 2024"),
        ("What happened in July 2023?", "in July 2023", "2023-07-01", "2023-07-31", "July 2023"),
        ("What happened in july 2023?", "in july 2023", "2023-07-01", "2023-07-31", "July 2023"),
        ("Who won in 2022?", "in 2022", "2022-01-01", "2022-12-31", "2022"),
        ("What has he done since the election on 5 Nov 2024?", "since the election on 5 Nov 2024",
         "2024-11-05", None, "since Tuesday 5 November 2024"),
        ("What changed after the quake of 6 February 2023?", "after the quake of 6 February 2023",
         "2023-02-06", None, "since Monday 6 February 2023"),
        ("HS2 since January", "since January", "2024-01-01", None, "since January 2024"),
        ("HS2 since December", "since December", "2023-12-01", None, "since December 2023"),
        ("What will change until January?", "until January", None, "2025-01-31", "until January 2025"),
        ("Who quit before June?", "before June", None, "2024-05-31", "before June 2024"),
        ("How many had died by 10 August 2023?", "by 10 August 2023", None, "2023-08-10",
         "until Thursday 10 August 2023"),
        ("How many had died as of March 2023?", "as of March 2023", None, "2023-03-31", "until March 2023"),
        ("Who died on Monday?", "on Monday", "2024-11-18", "2024-11-18", "Monday 18 November 2024"),
        ("Who will speak on Friday?", "on Friday", "2024-11-22", "2024-11-22", "Friday 22 November 2024"),
        ("What rose between 3 March 2023 and 5 June 2023?", "between 3 March 2023 and 5 June 2023",
         "2023-03-03", "2023-06-05", "Friday 3 March 2023 to Monday 5 June 2023"),
    ],
)  # fmt: skip
def test_a_named_time_is_a_hard_condition(
    question: str, text: str, first: str | None, last: str | None, words: str
):
    found = time_asked_for(question, TODAY)
    assert (found.text, found.first, found.last, found.words) == (text, day(first), day(last), words)
    assert question[found.start : found.end] == found.text
    assert found.hard


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the latest death toll?", "the latest"),
        ("Who is now king?", "now"),
        ("Who is currently king?", "currently"),
        ("What is the current rate?", "the current"),
        ("How many have died so far?", "so far"),
    ],
)
def test_words_for_the_present_prefer_what_is_newer(question: str, text: str):
    found = time_asked_for(question, TODAY)
    assert (found.text, found.first, found.last, found.hard) == (text, None, TODAY, False)
    assert found.words == "the newest, up to 20 November 2024"


def test_a_named_time_comes_before_words_for_the_present():
    assert time_asked_for("What was the latest toll in March 2023?", TODAY).text == "in March 2023"


@pytest.mark.parametrize(
    "question",
    [
        "Who met Putin?",
        "Who did Theresa May succeed?",
        "Who won the 2022 World Cup?",  # a name, not a time
        "What did he know, and when did he know it?",
        "What happened between the two elections?",
        "Who was born on 3 May 1950 and died on 4 June 2020?",  # two times that do not form one period
        "What rose from March to June 2023?",  # the March of which year?
        "What happened last Monday?",  # this week's or the week's before
    ],
)
def test_these_ask_for_no_certain_time(question: str):
    assert time_asked_for(question, TODAY) is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_day_asked_for_is_that_day_whenever_it_is_asked(asked: date):
    found = time_asked_for(f"What happened on {asked.day} {asked:%B} {asked.year}?", TODAY)
    assert (found.first, found.last, found.hard) == (asked, asked, True)


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("what happened in november 2023", True),
        ("What was the news from July 2023?", True),
        ("November 2023", True),
        ("What are the main headlines of last week?", True),
        ("Anything new since May 2024?", True),
        ("What happened in Paris in November 2023?", False),
        ("what happened to the ferry in november 2023", False),
        ("What did Putin do in November 2023?", False),
        ("What is the latest news?", False),  # sets no limit
    ],
)
def test_question_may_name_a_time_and_no_matter(question: str, alone: bool):
    assert names_a_time_alone(question, time_asked_for(question, TODAY)) is alone
