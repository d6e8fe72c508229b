"""Text <-> moments: the dates that articles carry and the dates that people type, in UTC.

A date without a zone is taken as UTC and marked so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from qa.errors import InputError
from qa.text.dates.absolute import FIRST_YEAR, LAST_YEAR, Moment, read_number, read_text
from qa.text.dates.ages import read_age

__all__ = ["Bound", "Published", "parse_bound", "parse_published"]


@dataclass(frozen=True, slots=True)
class Published:
    """When something was published, and how sure that is."""

    moment: datetime  # aware, UTC
    zone_assumed: bool = False  # no zone was given, so UTC was taken
    approximate_to: str = ""  # "" exact to the day or better; else hour, day, week, month, year


class Bound(NamedTuple):
    """The time that a typed date covers, half-open."""

    first: datetime  # aware, UTC
    after: datetime  # aware, UTC; the first moment that no longer belongs to it


_LONGEST = 120  # characters; no date is longer, and dateutil takes its time over long text
_LABEL = re.compile(
    r"^(?:(?:first |last |originally )?(?:published|updated|posted|modified|created|filed|released)"
    r"|date|last update|on|at)\b[ :.-]*",
    re.IGNORECASE,
)


def parse_published(value: object, *, as_of: datetime) -> Published | None:
    """Read a publication date as it stands in a file or on a page; None if it is no date.

    Ages ("8 months ago") count back from ``as_of``.

    :raises ValueError: ``as_of`` is naive.
    """
    if as_of.tzinfo is None:
        raise ValueError(f"as_of has no zone: {as_of!r}")
    if isinstance(value, datetime):
        return _published(Moment(value, "second"))
    if isinstance(value, date):
        return _published(Moment(datetime(value.year, value.month, value.day), "day"))
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    if not isinstance(value, str):
        return _published(read_number(value))
    text = _tidy(value)
    if not text or len(text) > _LONGEST:
        return None
    age = read_age(text, as_of)
    return Published(age.moment, False, age.unit) if age is not None else _published(read_text(text))


def parse_bound(text: str) -> Bound:
    """Read a typed date: "2023-07-01", "1 July 2023", "July 2023", "2023", or a moment with its zone.

    :raises InputError: it is not a date.
    """
    tidy = _tidy(text)
    read = read_text(tidy) if tidy and len(tidy) <= _LONGEST else None
    published = _published(read)
    if read is None or published is None:
        raise InputError(f"{text!r} is not a date.", cure="Write it like 2023-07-01, July 2023 or 2023.")
    return Bound(published.moment, _next(published.moment, read.unit))


def _published(read: Moment | None) -> Published | None:
    if read is None or not FIRST_YEAR <= read.value.year <= LAST_YEAR:
        return None
    try:
        naive = read.value.utcoffset() is None
    except ValueError:  # "+9999": an offset of a day and more
        return None
    moment = read.value.replace(tzinfo=UTC) if naive else read.value.astimezone(UTC)
    return Published(moment, naive, read.unit if read.unit in ("month", "year") else "")


def _next(moment: datetime, unit: str) -> datetime:
    if unit == "year":
        return moment.replace(year=moment.year + 1)
    if unit == "month":
        return (moment + timedelta(days=31)).replace(day=1)
    return moment + (timedelta(days=1) if unit == "day" else timedelta(seconds=1))


def _tidy(text: str) -> str:
    """Drop labels ("Published: "), dots of a.m., bullets and double spaces."""
    text = re.sub(r"\s+", " ", text).strip(" \t|•·–—-,;*()[]")
    text = re.sub(r"\b([ap])\.m\.?", r"\1m", text, flags=re.IGNORECASE)
    while (shorter := _LABEL.sub("", text)) != text:
        text = shorter
    return text.strip()
