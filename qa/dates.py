"""Text or number -> moment in UTC: the dates that articles carry and the dates that people type.

Ambiguous day and month: 03/04/2023 and 3-4-23 are read month first (4 March) unless that is
impossible; with dots, 03.04.2023, day first, as nobody writes dots month first.
A date without a zone is taken as UTC and marked so. dateparser is slow (1 to 20 ms) and only asked
last, for months in other languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from qa.errors import InputError


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


class _Moment(NamedTuple):
    value: datetime
    unit: str  # the smallest unit that was given: second, day, month, year


# Outside of these years it is a placeholder (0001-01-01) or no date at all.
_FIRST_YEAR, _LAST_YEAR = 1600, 2200
_LONGEST = 120  # characters; no date is longer, and dateutil takes its time over long text
_LONGEST_FOREIGN = 40  # characters; dateparser tries 200 languages

_ZONES = {  # hours east of UTC; names of other zones are asked of the zone database
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "WEST": 1, "WAT": 1, "CEST": 2, "EET": 2,
    "CAT": 2, "SAST": 2, "EEST": 3, "MSK": 3, "EAT": 3, "TRT": 3, "GST": 4, "PKT": 5, "IST": 5.5,
    "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10,
    "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "ART": -3,
}  # fmt: skip
_CIVIL_ZONES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver"}
_CIVIL_ZONES["PT"] = "America/Los_Angeles"

_LABEL = re.compile(
    r"^(?:(?:first |last |originally )?(?:published|updated|posted|modified|created|filed|released)"
    r"|date|last update|on|at)\b[ :.-]*",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:about |around |over |almost |more than |less than )?"
    r"(?P<count>\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a few|a couple of|several)"
    r" ?\+? ?"
    r"(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|wks?|w|weeks?|mos?|mths?|months?"
    r"|y|yrs?|years?)\.?(?: ago| earlier)?",
    re.IGNORECASE,
)
_COUNTS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        range(1, 11),
        strict=True,
    )
)
_COUNTS |= {"a": 1, "an": 1, "a few": 3, "a couple of": 2, "several": 4}
_RECENT = {
    "just now": (0, "hour"), "moments ago": (0, "hour"), "now": (0, "hour"), "today": (0, "day"),
    "yesterday": (1, "day"), "the day before yesterday": (2, "day"), "last week": (1, "week"),
    "last month": (1, "month"), "last year": (1, "year"),
}  # fmt: skip

_YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?(?:(?:[T ]|, ?)\s*(\d.*))?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:(?:[T ]|, ?)\s*(\d.*))?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?(Z)?")
_MONTH_NAME = re.compile(r"(?<![^\W\d_])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|2[01])\d\d(?!\d)")


def parse_published(value: object, *, as_of: datetime) -> Published | None:
    """Read a publication date as it stands in a file or on a page; None if it is no date.

    Ages ("8 months ago") count back from ``as_of``.

    :raises ValueError: ``as_of`` is naive.
    """
    if as_of.tzinfo is None:
        raise ValueError(f"as_of has no zone: {as_of!r}")
    if isinstance(value, datetime):
        return _published(_Moment(value, "second"))
    if isinstance(value, date):
        return _published(_Moment(datetime(value.year, value.month, value.day), "day"))
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    if not isinstance(value, str):
        return _published(_from_number(value))
    text = _tidy(value)
    if not text or len(text) > _LONGEST:
        return None
    age = _from_age(text, as_of)
    return age if age is not None else _published(_absolute(text))


def parse_bound(text: str) -> Bound:
    """Read a typed date: "2023-07-01", "1 July 2023", "July 2023", "2023", or a moment with its zone.

    :raises InputError: it is not a date.
    """
    tidy = _tidy(text)
    read = _absolute(tidy) if tidy and len(tidy) <= _LONGEST else None
    published = _published(read)
    if read is None or published is None:
        raise InputError(f"{text!r} is not a date.", cure="Write it like 2023-07-01, July 2023 or 2023.")
    return Bound(published.moment, _next(published.moment, read.unit))


def _published(read: _Moment | None) -> Published | None:
    if read is None or not _FIRST_YEAR <= read.value.year <= _LAST_YEAR:
        return None
    naive = read.value.utcoffset() is None
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


def _from_number(number: float) -> _Moment | None:
    """A year, a day as 20230701, or seconds, milli-, micro- or nanoseconds since 1970."""
    if number != number or number in (0, float("inf"), float("-inf")):  # zero is how exports write "none"
        return None
    if float(number).is_integer():
        whole = int(number)
        if _FIRST_YEAR <= whole <= _LAST_YEAR:
            return _Moment(datetime(whole, 1, 1), "year")
        if len(str(whole)) == 8 and (day := _build(str(whole)[:4], str(whole)[4:6], str(whole)[6:])):
            return _Moment(day, "day")
    for limit, scale in ((1e11, 1), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9)):
        if abs(number) < limit:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / scale)
            # Small numbers are counters or Excel days, not the first weeks of 1970.
            return _Moment(moment, "second") if abs(number) >= 1e7 else None
    return None


def _from_age(text: str, as_of: datetime) -> Published | None:
    lower = text.lower()
    if lower in _RECENT:
        count, unit = _RECENT[lower]
    elif (found := _AGO.fullmatch(lower)) and (len(found["unit"]) < 2 or "ago" in lower or "earl" in lower):
        count = _COUNTS[found["count"]] if found["count"] in _COUNTS else int(found["count"])
        unit = found["unit"]
    else:
        return None
    from dateutil.relativedelta import relativedelta

    if unit.startswith(("mo", "mth")):
        back, unit = {"months": count}, "month"
    else:
        back, unit = {
            "s": ({"seconds": count}, "hour"), "m": ({"minutes": count}, "hour"),
            "h": ({"hours": count}, "hour"), "d": ({"days": count}, "day"),
            "w": ({"weeks": count}, "week"), "y": ({"years": count}, "year"),
        }[unit[0]]  # fmt: skip
    try:
        return Published((as_of - relativedelta(**back)).astimezone(UTC), False, unit)
    except (ValueError, OverflowError):  # 9999 years ago
        return None


@lru_cache(maxsize=4096)  # feeds and tables repeat their days
def _absolute(text: str) -> _Moment | None:
    if _NUMBER.fullmatch(text) and not _COMPACT.fullmatch(text):
        return _from_number(float(text))
    # What has the form of a date is that date or none: nobody else is asked about 2023-13-01.
    for form, reader in ((_COMPACT, _compact), (_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last),
                         (_MONTH_YEAR, _month_year)):  # fmt: skip
        if found := form.fullmatch(text):
            return reader(found)
    if _MONTH_NAME.search(text) and _YEAR.search(text):
        read = _rfc822(text)
        if read is None:
            read = _by_dateutil(text)
        if read is not None:
            return read
    return _in_any_language(text)


def _compact(found: re.Match[str]) -> _Moment | None:
    """20230701, 20230701093000 and 20230701T093000Z; other digits are a number."""
    year, month, day, hour, minute, second, zone = found.groups()
    if (moment := _build(year, month, day)) is None:
        return _from_number(int(found[0])) if found[0].isdigit() else None
    if hour is None:
        return _Moment(moment, "day")
    try:
        moment = moment.replace(hour=int(hour), minute=int(minute), second=int(second or 0))
    except ValueError:
        return None
    return _Moment(moment.replace(tzinfo=UTC) if zone else moment, "second")


def _year_first(found: re.Match[str]) -> _Moment | None:
    year, _, month, day, clock = found.groups()
    if (moment := _build(year, month or "1", day or "1")) is None:
        return None
    if clock is not None:
        return _at(moment, clock) if day else None
    return _Moment(moment, "day" if day else "month" if month else "year")


def _year_last(found: re.Match[str]) -> _Moment | None:
    left, mark, right, year, clock = found.groups()
    if len(year) == 2:
        year = f"19{year}" if int(year) >= 70 else f"20{year}"
    month, day = (left, right) if mark == "." else (left, right)
    moment = _build(year, month, day)
    if moment is None:
        moment = _build(year, day, month)
    if moment is None:
        return None
    return _at(moment, clock) if clock is not None else _Moment(moment, "day")


def _month_year(found: re.Match[str]) -> _Moment | None:
    moment = _build(found[2], found[1], "1")
    return _Moment(moment, "month") if moment is not None else None


def _at(day: datetime, clock: str) -> _Moment | None:
    """The day with its time: "09:30", "9:30:15.123+02:00", "9:30 pm ET", "09:30 UTC"."""
    try:
        return _Moment(datetime.fromisoformat(f"{day:%Y-%m-%d}T{clock.strip()}"), "second")
    except ValueError:
        return _by_dateutil(f"{day:%Y-%m-%d} {clock}")


def _rfc822(text: str) -> _Moment | None:
    """Mon, 03 Jul 2023 10:00:00 +0200, as in feeds; dateutil would read it too, but takes longer."""
    if ":" not in text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # An unknown zone name ("CEST") is lost here; dateutil is told the names.
    known = moment.tzinfo is not None or re.search(r"(?::\d\d|-0000)$", text)
    return _Moment(moment, "second") if known else None


def _by_dateutil(text: str) -> _Moment | None:
    from dateutil import parser

    # What the text does not say is filled from the default; two defaults show what was filled.
    try:
        one = parser.parse(text, default=datetime(2001, 1, 1, 0), tzinfos=_zone)
        two = parser.parse(text, default=datetime(2002, 2, 2, 1), tzinfos=_zone)
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
        return None
    if one.year != two.year or one.month != two.month:
        return None
    if one.day != two.day:
        return _Moment(one, "month")
    return _Moment(one, "second") if one.hour == two.hour else _Moment(one.replace(tzinfo=None), "day")


def _zone(name: str | None, offset: int | None) -> object:
    from dateutil import tz

    if offset is not None:
        return tz.tzoffset(name, offset)
    if name and name.upper() in _ZONES:
        return tz.tzoffset(name, int(_ZONES[name.upper()] * 3600))
    return tz.gettz(_CIVIL_ZONES[name.upper()]) if name and name.upper() in _CIVIL_ZONES else None


def _in_any_language(text: str) -> _Moment | None:
    """Months in words of other languages; only with a year, or any number would be a date."""
    if len(text) > _LONGEST_FOREIGN or not _YEAR.search(text) or not re.search(r"[^\W\d_]", text):
        return None
    import dateparser

    for unit, parts in (("day", ["year", "month", "day"]), ("month", ["year", "month"])):
        settings = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": parts, "DATE_ORDER": "DMY",
                    "PREFER_DAY_OF_MONTH": "first"}  # fmt: skip
        try:
            moment = dateparser.parse(text, settings=settings)
        except Exception:  # a heuristic of others on arbitrary text: what it trips over is no date
            return None
        if moment is not None:
            return _Moment(moment, "second" if ":" in text and unit == "day" else unit)
    return None


def _build(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day)) if _FIRST_YEAR <= int(year) <= _LAST_YEAR else None
    except ValueError:
        return None
