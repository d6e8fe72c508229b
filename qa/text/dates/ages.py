"""An age in English ("8 months ago", "yesterday", "3d") -> the moment it counts back to."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple


class Age(NamedTuple):
    """A moment that is only as exact as the unit of its age."""

    moment: datetime  # aware, UTC
    unit: str  # hour (also for minutes and seconds), day, week, month, year


_AGO = re.compile(
    r"(?:about |around |over |almost |more than |less than )?"
    r"(?P<count>\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a few|a couple of|several)"
    r" ?\+? ?"
    r"(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|wks?|w|weeks?|mos?|mths?|months?"
    r"|y|yrs?|years?)\.?(?: ago| earlier)?",
    re.IGNORECASE,
)
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "a few": 3, "a couple of": 2, "several": 4,
}  # fmt: skip
_RECENT = {
    "just now": (0, "hour"), "moments ago": (0, "hour"), "now": (0, "hour"), "today": (0, "day"),
    "yesterday": (1, "day"), "the day before yesterday": (2, "day"), "last week": (1, "week"),
    "last month": (1, "month"), "last year": (1, "year"),
}  # fmt: skip


def read_age(text: str, as_of: datetime) -> Age | None:
    """Count back from ``as_of``, in calendar months and years; None if it is no age."""
    lower = text.lower()
    if lower in _RECENT:
        count, unit = _RECENT[lower]
    elif (found := _AGO.fullmatch(lower)) and (len(found["unit"]) < 2 or "ago" in lower or "earl" in lower):
        count = _COUNTS[found["count"]] if found["count"] in _COUNTS else int(found["count"])
        unit = found["unit"]
    else:
        return None
    from dateutil.relativedelta import relativedelta

    try:
        if unit.startswith(("mo", "mth")):
            back, unit = relativedelta(months=count), "month"
        else:
            back, unit = {
                "s": (relativedelta(seconds=count), "hour"), "m": (relativedelta(minutes=count), "hour"),
                "h": (relativedelta(hours=count), "hour"), "d": (relativedelta(days=count), "day"),
                "w": (relativedelta(weeks=count), "week"), "y": (relativedelta(years=count), "year"),
            }[unit[0]]  # fmt: skip
        return Age((as_of - back).astimezone(UTC), unit)
    except (ValueError, OverflowError):  # 9999 years ago
        return None
