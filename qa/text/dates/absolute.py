"""Text or number -> the moment it names, with its smallest unit; nothing relative.

Ambiguous day and month: 03/04/2023 and 3-4-23 are read month first (4 March) unless that is
impossible; with dots, 03.04.2023, day first, as nobody writes dots month first.
dateparser is slow (20 to 200 ms a text it has not seen) and only asked last, for months in other languages.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple


class Moment(NamedTuple):
    """A point in time as it was written."""

    value: datetime  # naive if no zone was given
    unit: str  # the smallest that was given: second, day, month, year


# Outside of these years it is a placeholder (0001-01-01) or no date at all.
FIRST_YEAR, LAST_YEAR = 1600, 2200
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

_YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?(?:(?:[T ]|, ?)\s*(\d.*))?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:(?:[T ]|, ?)\s*(\d.*))?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?(Z)?")
_WEEK_DAY = re.compile(r"(\d{4})-?W(\d\d)-?(\d)")
_PART_OF_YEAR = re.compile(r"\b(?:q[1-4]|h[12]|w\d\d?)\b", re.IGNORECASE)  # a library takes them for months
_MONTH_NAME = re.compile(r"(?<![^\W\d_])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|2[01])\d\d(?!\d)")


@lru_cache(maxsize=4096)  # feeds and tables repeat their days
def read_text(text: str) -> Moment | None:
    """Read a tidy text."""
    if _NUMBER.fullmatch(text) and not _COMPACT.fullmatch(text):
        return read_number(float(text))
    # What has the form of a date is that date or none: nobody else is asked about 2023-13-01.
    for form, reader in ((_COMPACT, _compact), (_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last),
                         (_MONTH_YEAR, _month_year), (_WEEK_DAY, _week_day)):  # fmt: skip
        if found := form.fullmatch(text):
            return reader(found)
    if _MONTH_NAME.search(text) and _YEAR.search(text):
        read = _rfc822(text)
        if read is None:
            read = _by_dateutil(text)
        if read is not None:
            return read
    return _in_any_language(text)


def read_number(number: float) -> Moment | None:
    """Return a year, a day as 20230701, or seconds, milli-, micro- or nanoseconds since 1970."""
    if number == 0 or not -1e20 < number < 1e20:  # zero is how exports write "none"; NaN compares as false
        return None
    if float(number).is_integer():
        whole = int(number)
        if FIRST_YEAR <= whole <= LAST_YEAR:
            return Moment(datetime(whole, 1, 1), "year")
        if len(str(whole)) == 8 and (day := _build(str(whole)[:4], str(whole)[4:6], str(whole)[6:])):
            return Moment(day, "day")
    for limit, scale in ((1e11, 1), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9)):
        if abs(number) < limit:
            try:
                moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / scale)
            except OverflowError:  # before the year 1
                return None
            # Small numbers are counters or Excel days, not the first weeks of 1970.
            return Moment(moment, "second") if abs(number) >= 1e7 else None
    return None


def _compact(found: re.Match[str]) -> Moment | None:
    """Read 20230701, 20230701093000 and 20230701T093000Z; other digits are a number."""
    year, month, day, hour, minute, second, zone = found.groups()
    if (moment := _build(year, month, day)) is None:
        return read_number(int(found[0])) if found[0].isdigit() else None
    if hour is None:
        return Moment(moment, "day")
    try:
        moment = moment.replace(hour=int(hour), minute=int(minute), second=int(second or 0))
    except ValueError:
        return None
    return Moment(moment.replace(tzinfo=UTC) if zone else moment, "second")


def _year_first(found: re.Match[str]) -> Moment | None:
    year, _, month, day, clock = found.groups()
    if (moment := _build(year, month or "1", day or "1")) is None:
        return None
    if clock is not None:
        return _at(moment, clock) if day else None
    return Moment(moment, "day" if day else "month" if month else "year")


def _year_last(found: re.Match[str]) -> Moment | None:
    left, mark, right, year, clock = found.groups()
    if len(year) == 2:
        year = f"19{year}" if int(year) >= 70 else f"20{year}"
    month, day = (right, left) if mark == "." else (left, right)
    moment = _build(year, month, day)
    if moment is None:
        moment = _build(year, day, month)
    if moment is None:
        return None
    return _at(moment, clock) if clock is not None else Moment(moment, "day")


def _month_year(found: re.Match[str]) -> Moment | None:
    moment = _build(found[2], found[1], "1")
    return Moment(moment, "month") if moment is not None else None


def _week_day(found: re.Match[str]) -> Moment | None:
    """Return the day of 2024-W14-5, a Friday."""
    try:
        return Moment(datetime.fromisocalendar(*map(int, found.groups())), "day")
    except ValueError:
        return None


def _at(day: datetime, clock: str) -> Moment | None:
    """Read the day with its time: "09:30", "9:30:15.123+02:00", "9:30 pm ET", "09:30 UTC"."""
    try:
        return Moment(datetime.fromisoformat(f"{day:%Y-%m-%d}T{clock.strip()}"), "second")
    except ValueError:
        return _by_dateutil(f"{day:%Y-%m-%d} {clock}")


def _rfc822(text: str) -> Moment | None:
    """Read "Mon, 03 Jul 2023 10:00:00 +0200", as in feeds; dateutil would read it too, but takes longer."""
    if ":" not in text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # An unknown zone name ("CEST") is lost here; dateutil gets the names.
    known = moment.tzinfo is not None or re.search(r"(?::\d\d|-0000)$", text)
    return Moment(moment, "second") if known else None


def _by_dateutil(text: str) -> Moment | None:
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
        return Moment(one, "month")
    return Moment(one, "second") if one.hour == two.hour else Moment(one.replace(tzinfo=None), "day")


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    from dateutil import tz

    found: tzinfo | None = None
    if offset is not None:
        found = tz.tzoffset(name, offset)
    elif name and name.upper() in _ZONES:
        found = tz.tzoffset(name, int(_ZONES[name.upper()] * 3600))
    elif name and name.upper() in _CIVIL_ZONES:
        found = tz.gettz(_CIVIL_ZONES[name.upper()])
    return found


def _in_any_language(text: str) -> Moment | None:
    """Read months in words of other languages; only with a year, or any number would be a date."""
    if len(text) > _LONGEST_FOREIGN or not _YEAR.search(text) or not re.search(r"[^\W\d_]", text):
        return None
    if _PART_OF_YEAR.search(text):
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
            return Moment(moment, "second" if ":" in text and unit == "day" else unit)
    return None


def _build(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day)) if FIRST_YEAR <= int(year) <= LAST_YEAR else None
    except ValueError:
        return None
