"""Answers and the time that a question names -> those from articles of that time, if there are any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from qa.news.times import days_of_writing
from qa.records import Answer, Article, TimeCondition

# Papers print what happened the day before, and dates are in UTC.
BEFORE, AFTER = timedelta(days=1), timedelta(days=3)


def of_the_time(answers: Sequence[Answer], asked_for: TimeCondition | None) -> list[Answer] | None:
    """None if no time was named, or no answer comes from an article of the time.

    A later article may look back on the time, so a question is not left without an answer for it.
    """
    if asked_for is None or not asked_for.hard:
        return None
    fitting = [answer for answer in answers if _is_of(answer.article, asked_for)]
    return fitting if fitting else None


def _is_of(article: Article, asked_for: TimeCondition) -> bool:
    """Whether the article may have been written in the time, or in the days in which it is reported."""
    days = days_of_writing(article)
    if not days:
        return False
    starts_in_time = asked_for.last is None or days[0] <= asked_for.last + AFTER
    return starts_in_time and (asked_for.first is None or days[-1] >= asked_for.first - BEFORE)
