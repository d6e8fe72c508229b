"""What a caller writes -> a Query: the question with its filters, the day of asking and the time it names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from qa import checks
from qa.errors import InputError
from qa.records import Filter, NoDay, TimeCondition, shortened
from qa.retrieve.question_time import names_a_time_alone, time_asked_for
from qa.text.dates import parse_bound
from qa.text.dates.absolute import FIRST_YEAR, LAST_YEAR

LONGEST_QUESTION = 1000  # characters; no real question comes near, and models cut off far earlier


Day = str | date | datetime | None
AsOf = str | date | datetime | NoDay | None  # None: today
Names = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Query:
    """All that a search depends on, but the archive. Made by :func:`query_of`, then passed whole."""

    text: str  # tidy, as :func:`checked_question` leaves it
    filters: Filter = Filter()
    as_of: date | None = None  # the day of asking, UTC; None: none
    time: TimeCondition | None = None  # the time that the question names, where it is heeded

    @property
    def asks_for_all(self) -> bool:
        """Whether the question names a time and no matter: "What happened in November 2023?"."""
        return self.time is not None and names_a_time_alone(self.text, self.time)

    @property
    def within_time(self) -> Filter:
        """The filters, narrowed to the time that the question names."""
        first, last = (None, None) if self.time is None else (self.time.first, self.time.last)
        since = [] if first is None else [_bounds(first)[0]]
        until = [] if last is None else [_bounds(last)[1]]
        since += [self.filters.since] if self.filters.since is not None else []
        until += [self.filters.until] if self.filters.until is not None else []
        return replace(self.filters, since=max(since, default=None), until=min(until, default=None))


def query_of(
    question: str,
    *,
    since: Day = None,
    until: Day = None,
    source: Names = None,
    tag: Names = None,
    as_of: AsOf = None,
    heed_time: bool = True,
) -> Query:
    """Make a Query of what people type.

    ``since``, ``until``, ``source`` and ``tag`` are those of :func:`filter_of`, ``as_of`` is that of
    :func:`day_of`. Without ``heed_time`` a time that the question names is words like others.

    :raises InputError: if the question is empty or too long, or a date cannot be read.
    :raises ValueError: if a datetime is naive.
    """
    checks.flag("heed_time", heed_time)
    condition = filter_of(since=since, until=until, source=source, tag=tag)
    return query_under(question, condition, day_of(as_of), heed_time=heed_time)


def query_under(question: str, condition: Filter, day: date | None, *, heed_time: bool) -> Query:
    """Make a Query of a question under conditions that are read already, as many questions share them.

    :raises InputError: if the question is empty or too long.
    """
    text = checked_question(question)
    return Query(text, condition, day, time_asked_for(text, day) if heed_time else None)


def checked_question(question: str) -> str:
    """Return the question with tidy white space and without control characters.

    :raises InputError: if it is no text, is empty, has no letter or digit, or is too long.
    """
    if not isinstance(question, str):  # a list of questions, bytes, or a None out of somebody's table
        raise InputError(f"the question is no text but {type(question).__name__}", cure="Give a str.")
    printable = "".join(" " if unicodedata.category(c)[0] in "CZ" and c != "\u200d" else c for c in question)
    tidy = " ".join(printable.split())
    if not any(character.isalnum() for character in tidy):
        raise InputError("the question is empty", cure='Ask in words: "Who bought Twitter?"')
    if len(tidy) > LONGEST_QUESTION:
        raise InputError(
            f"the question has {len(tidy):,} characters, at most {LONGEST_QUESTION:,} can be read",
            cure="Ask more shortly.",
        )
    return tidy


def filter_of(*, since: Day = None, until: Day = None, source: Names = None, tag: Names = None) -> Filter:
    """Make a Filter of dates and names as people write them.

    ``since`` and ``until`` may be text ("2023-07-01", "July 2023", "2023"), a date or a datetime;
    ``until`` includes the whole day, month or year it names. A datetime is taken to the moment
    and must have a zone.

    :raises InputError: if a text is no date, or since is after until.
    :raises ValueError: if a datetime is naive.
    """
    condition = Filter(
        since=None if since is None else _bounds(since, "since")[0],
        until=None if until is None else _bounds(until, "until")[1],
        sources=_names(source, "source"),
        tags=_names(tag, "tag"),
    )
    if condition.since and condition.until and condition.since >= condition.until:
        raise InputError(f"no day lies between since {since} and until {until}", cure="Exchange them.")
    return condition


def day_of(as_of: AsOf) -> date | None:
    """Return the day (UTC) that is named, of a month or year its last; today if none is.

    None for ``NO_DAY``.

    :raises InputError: if a text is no date, or the year is so early or late that no article is from it.
    :raises ValueError: if a datetime is naive.
    """
    if isinstance(as_of, NoDay):
        return None
    if as_of is None:
        return datetime.now(UTC).date()
    day = (_bounds(as_of, "as_of")[1] - timedelta(microseconds=1)).date()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:  # "yesterday" and "next year" must stay in the calendar
        raise InputError(
            f"the day of asking {day} is not from {FIRST_YEAR} to {LAST_YEAR}", cure="Name another day."
        )
    return day


def _bounds(day: str | date | datetime, name: str = "day") -> tuple[datetime, datetime]:
    """Return the first moment of what is named, and the first after it.

    The calendar's last moment stands for the first after it: ``until=date.max`` says "without an end".
    """
    if isinstance(day, str):
        return parse_bound(day)
    if isinstance(day, datetime):
        if day.tzinfo is None:
            raise ValueError(f"the moment {day!r} has no time zone")
        try:
            start, long = day.astimezone(UTC), timedelta(microseconds=1)
        except OverflowError:
            raise InputError(f"the moment {day} lies outside the calendar", cure="Name another.") from None
    elif isinstance(day, date):
        start, long = datetime.combine(day, time(), UTC), timedelta(days=1)
    else:
        raise InputError(
            f"{name}: a date cannot be {shortened(repr(day))}",
            cure="Write it like 2023-07-01, July 2023 or 2023.",
        )
    return start, start + min(long, datetime.max.replace(tzinfo=UTC) - start)


def _names(names: Names, what: str) -> tuple[str, ...]:
    if names is None:
        return ()
    # Taken once: what gives its names only once would be empty the second time, and let all through.
    several: tuple[object, ...] = (names,)
    if isinstance(names, Iterable) and not isinstance(names, (str, Mapping)):
        several = tuple(names)
    given = [name.strip() for name in several if isinstance(name, str)]
    if len(given) < len(several):
        raise InputError(f"a {what} cannot be {shortened(repr(names))}", cure="Give texts.")
    return tuple(name for name in given if name)
