"""A question and the day of asking -> the time that it asks for: "last week", "since 5 November 2024", "now".

A time that is named is hard: the question is about what was reported of those days. "Latest", "now" and
their like only prefer what is newer.
"""

from __future__ import annotations

import re
from datetime import date

from qa.records import TimeCondition
from qa.text.dates.expressions import TemporalExpression, temporal_expressions
from qa.text.dates.periods import DAY, Period, day_words

_SINCE = re.compile(r"\b(?:since|after)(?:\s+[\w'’-]+){0,5}?\s*$", re.IGNORECASE)
_BEFORE = re.compile(r"\bbefore(?:\s+[\w'’-]+){0,5}?\s*$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|by|up\s+to|as\s+of|as\s+at)(?:\s+the\s+end\s+of)?\s*$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|between)\s*$", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|and|until|till|through|[-–—])\s*", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:in|on|at|during|of|from|for|as\s+of|up\s+to|by|until|since|after|before)\s*$", re.IGNORECASE
)
_NEWEST = re.compile(
    r"\b(?:(?:the\s+)?(?:latest|newest|most\s+recent)|most\s+recently|(?:right\s+)?now|currently"
    r"|(?:the\s+)?current|at\s+present|at\s+the\s+moment|so\s+far|these\s+days|nowadays|to\s+date)\b",
    re.IGNORECASE,
)
# What is left of a question that names a time and no matter: "what happened in", "the news of".
_NO_MATTER = """a about all an and any anything are article articles at big biggest by can did do during else
    event events everything for from give going gone had happen happened happening happens has have headline
    headlines i important in is it latest list main major me new news occurred of on or out over please
    published reported reports s show stories story tell that the there thing things this to told took place
    top up was were went what which you"""
_NAMES_NO_MATTER = frozenset(_NO_MATTER.split())
_Named = tuple[TemporalExpression, Period]


def time_asked_for(question: str, as_of: date | None) -> TimeCondition | None:
    """Return the time that a question of that day names; None without one, or if several make no stretch.

    Of a question without a day (``as_of`` None), "last week" and other relative times mean nothing.
    """
    meant = [(expression, _meaning(expression, as_of)) for expression in temporal_expressions(question)]
    named = [(expression, period) for expression, period in meant if period is not None]
    if not named:
        newest = _NEWEST.search(question)
        return None if newest is None else _newest(question, newest, as_of)
    if len(named) == 2:
        return _between(question, *named)
    return _single(question, *named[0]) if len(named) == 1 else None


def names_a_time_alone(question: str, time: TimeCondition) -> bool:
    """Return whether the question asks for all that was reported of a time: "What happened in May 2023?"."""
    left = f"{question[: time.start]} {question[time.end :]}".casefold()
    return time.hard and all(word in _NAMES_NO_MATTER for word in re.findall(r"[^\W_]+", left))


def _meaning(expression: TemporalExpression, as_of: date | None) -> Period | None:
    if as_of is not None:
        return expression.on(as_of)
    return None if expression.relative else expression.on(date.max)  # which no absolute date looks at


def _single(question: str, expression: TemporalExpression, period: Period) -> TimeCondition:
    before = question[: expression.start]
    if opening := _SINCE.search(before):
        return _hard(question, opening.start(), expression.end, period.first, None, f"since {period.words}")
    if opening := _BEFORE.search(before):
        last = period.first - DAY
        return _hard(question, opening.start(), expression.end, None, last, f"before {period.words}")
    if opening := _UNTIL.search(before):
        return _hard(question, opening.start(), expression.end, None, period.last, f"until {period.words}")
    opening = _PREPOSITION.search(before)
    start = opening.start() if opening else expression.start
    return _hard(question, start, expression.end, period.first, period.last, period.words)


def _between(question: str, one: _Named, two: _Named) -> TimeCondition | None:
    """Read "From 3 March to 5 April", "between March and June 2023"."""
    (first, start), (second, end) = one, two
    opening = _FROM.search(question[: first.start])
    joined = _TO.fullmatch(question[first.end : second.start])
    if not (opening and joined) or start.first > end.last:
        return None
    words = f"{start.words} to {end.words}"
    return _hard(question, opening.start(), second.end, start.first, end.last, words)


def _newest(question: str, found: re.Match[str], as_of: date | None) -> TimeCondition:
    words = "the newest" if as_of is None else f"the newest, up to {day_words(as_of)}"
    return TimeCondition(found.start(), found.end(), found[0], None, as_of, hard=False, words=words)


def _hard(
    question: str, start: int, end: int, first: date | None, last: date | None, words: str
) -> TimeCondition:
    return TimeCondition(start, end, question[start:end], first, last, hard=True, words=words)
