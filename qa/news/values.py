"""Quotes of articles -> what they say as a number, a time or a name, and whether two say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qa.text.dates.expressions import temporal_expressions
from qa.text.dates.periods import DAY, Period
from qa.text.names import Name, name_of, same_name
from qa.text.normalization import normalized
from qa.text.numbers import Number, number_of, same_number

_NO_MORE_THAN_A_TIME = re.compile(
    r"\W*(?:(?:on|in|at|by|the|of|since|until|from|late|early|mid|about|around|day)\b\W*)*", re.IGNORECASE
)
# Two years, one with a 29 February: for a text of an unknown day.
_ANY_DAYS = tuple(date(2023, 1, 1) + n * DAY for n in range(731))


@dataclass(frozen=True, slots=True)
class Time:
    """A time, or a day of a year that is not known."""

    period: Period | None
    month_and_day: tuple[int, int] | None = None


Value = Number | Time | Name | None


@dataclass(frozen=True, slots=True)
class Saying:
    """What a quote says; ``value`` is None for what is neither number, time nor name."""

    words: str  # normalized
    value: Value


def saying_of(
    text: str, start: int, end: int, *, sentence: tuple[int, int], days: tuple[date, ...], near: str
) -> Saying:
    """Read ``text[start:end]`` in its sentence: ``days`` of writing date it, ``near`` completes its names."""
    quote = text[start:end]
    value: Value = _time_of(text, start, end, sentence, days)
    if value is None:
        value = number_of(quote)
    if value is None:
        value = name_of(quote, near)
    return Saying(normalized(quote), value)


def agree(one: Saying, two: Saying) -> bool:
    """Return whether two quotes give the same answer.

    Equal words do, but "Tuesday" in articles of different weeks does not.
    """
    match one.value, two.value:
        case Number() as first, Number() as second:
            return same_number(first, second)
        case Time() as first, Time() as second:
            return _same_time(first, second)
        case Name() as first, Name() as second:
            return same_name(first, second)
    return one.words == two.words


def _same_time(one: Time, two: Time) -> bool:
    if one.period is not None and two.period is not None:
        return (one.period.first, one.period.last) == (two.period.first, two.period.last)
    return _month_and_day(one) is not None and _month_and_day(one) == _month_and_day(two)


def _month_and_day(time: Time) -> tuple[int, int] | None:
    if time.period is None:
        return time.month_and_day
    first, last = time.period.first, time.period.last
    return (first.month, first.day) if first == last else None


def _time_of(
    text: str, start: int, end: int, sentence: tuple[int, int], days: tuple[date, ...]
) -> Time | None:
    """Return the time that a quote names; None if it names none, says more, or is not certain."""
    quote = text[start:end]
    found, absolute = _absolute_time(quote)
    if found:
        return absolute
    # "Tuesday" needs its sentence, which may show whether the past or the future is meant.
    first, last = sentence
    for expression in temporal_expressions(text[first:last]):
        if _nothing_beside(quote, first + expression.start - start, first + expression.end - start):
            return _meant({expression.on(day) for day in days or _ANY_DAYS})
    return None


def _absolute_time(quote: str) -> tuple[bool, Time | None]:
    """Return whether the quote is a time that means the same in every article, and that time."""
    preposition = "in "  # without one, "2037" may be any number
    for expression in temporal_expressions(preposition + quote):
        start, end = expression.start - len(preposition), expression.end - len(preposition)
        if not expression.relative and _nothing_beside(quote, start, end):
            period = expression.on(date.max)
            return True, None if period is None else Time(period)
    return False, None


def _meant(possible: set[Period | None]) -> Time | None:
    if len(possible) == 1:
        (period,) = possible
        return None if period is None else Time(period)
    days = {(p.first.month, p.first.day) if p is not None and p.first == p.last else None for p in possible}
    return Time(None, days.pop()) if len(days) == 1 and None not in days else None


def _nothing_beside(quote: str, start: int, end: int) -> bool:
    """Return whether ``quote[start:end]``, which may reach beyond it, is all that the quote says."""
    inside = max(start, 0) < min(end, len(quote))
    rest = quote[: max(start, 0)], quote[max(end, 0) :]
    return inside and all(_NO_MORE_THAN_A_TIME.fullmatch(part) for part in rest)
