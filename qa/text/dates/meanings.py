"""A time as it is written and the day of its text -> the days that it means; None if that is not certain.

"Last Thursday" in an article of a Friday may be yesterday or eight days ago; so it has no meaning here.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.text.dates.periods import DAY, Period, days, month_of, real_day, week_of, year_of
from qa.text.dates.tense import Tense

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_HALF_A_YEAR = 6  # months
_FARTHEST = 200  # of any unit, counted back: nobody writes "300 days ago" and means the day
_STEPS = {"last": -1, "this": 0, "next": 1}
NEAR_DAYS = {
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
    "yesterday": -1, "last night": -1, "the day before yesterday": -2,
    "tomorrow": 1, "the day after tomorrow": 2,
}  # fmt: skip


def full_date(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve "12 July 2023", "July 12, 2023" and "3 to 5 July 2023"."""
    return _days_of(found, int(found["year"]))


def iso_date(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    named = real_day(int(found["year"]), int(found["month"]), int(found["day"]))
    return None if named is None else days(named, named)


def month_and_year(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    return _part_of(month_of(int(found["year"]), _month(found)), found)


def bare_year(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    return _part_of(year_of(int(found["year"])), found)


def yearless_date(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Return the last such day or the next, by the tense of its clause; the nearest if that shows none."""
    choices = [near for year in (day.year - 1, day.year, day.year + 1) if (near := _days_of(found, year))]
    if tense == "future":
        return next((choice for choice in choices if choice.last >= day), None)
    if tense == "past":
        return next((choice for choice in reversed(choices) if choice.first <= day), None)
    return min(choices, key=lambda choice: abs(choice.first - day), default=None)


def date_of_a_year(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve "April 24 of this year"."""
    return _days_of(found, day.year + _STEPS[found["which"].lower()])


def month_of_a_year(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve "July of last year"."""
    return _part_of(month_of(day.year + _STEPS[found["which"].lower()], _month(found)), found)


def bare_month(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve "in May": the last that has begun or the next not yet over; the nearest if no tense shows."""
    month = _month(found)
    last, following = day.year - (month > day.month), day.year + (month < day.month)
    if not tense:
        tense = "past" if (day.month - month) % 12 <= _HALF_A_YEAR else "future"
    return _part_of(month_of(following if tense == "future" else last, month), found)


def which_month(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve "last May": of the year before, unless May is still to come; then it is not certain."""
    month, which = _month(found), found["which"].lower()
    if which == "this":
        return month_of(day.year, month)
    if which == "last":
        return month_of(day.year - 1, month) if month >= day.month else None
    return month_of(day.year + 1, month) if month <= day.month else None


def weekday(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve "on Friday": the last one, be it today, or the first that is to come."""
    away = _index(found["weekday"], _WEEKDAYS) - day.weekday()
    meant = day + (away % 7 if tense == "future" else -(-away % 7)) * DAY
    return days(meant, meant)


def which_weekday(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve "last Friday": of the week before, unless this week's is over; then it is not certain."""
    which, named = found["which"].lower(), _index(found["weekday"], _WEEKDAYS)
    this_week = week_of(day).first + named * DAY
    if which == "this":
        return days(this_week, this_week)
    if this_week < day if which == "last" else this_week > day:
        return None
    meant = this_week + _STEPS[which] * 7 * DAY
    return days(meant, meant)


def near_day(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    meant = day + NEAR_DAYS[" ".join(found["near"].lower().split())] * DAY
    return days(meant, meant)


def weekend(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Return Saturday and Sunday; "the weekend" is the last that has begun, or the next one not yet over."""
    which = (found["which"] or "").lower()
    saturday = week_of(day).first + 5 * DAY
    if which in ("last", "next"):
        saturday += _STEPS[which] * 7 * DAY
    elif not which and tense != "future" and day < saturday:
        saturday -= 7 * DAY
    return days(saturday, saturday + DAY)


def which_period(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve "last week", "late this month", "next year"."""
    step, unit = _STEPS[found["which"].lower()], found["unit"].lower()
    if unit == "week":
        return _part_of(week_of(day + step * 7 * DAY), found)
    if unit == "month":
        return _part_of(month_of(day.year, day.month + step), found)
    return _part_of(year_of(day.year + step), found)


def ago(found: re.Match[str], day: date, tense: Tense) -> Period | None:
    """Resolve an age as exactly as its unit: "two days ago" to the day, "three weeks ago" to the week."""
    count, unit = _count(found["count"]), found["unit"].lower()
    if count > _FARTHEST:
        return None
    if unit == "day":
        return days(day - count * DAY, day - count * DAY)
    if unit == "week":
        around = day - timedelta(weeks=count)
        return Period(around - 3 * DAY, around + 3 * DAY, "week")
    if unit == "month":
        return month_of(day.year, day.month - count)
    return year_of(day.year - count)


def _days_of(found: re.Match[str], year: int) -> Period | None:
    first = real_day(year, _month(found), int(found["day"]))
    last = real_day(year, _month(found), int(found["to"])) if found["to"] else first
    return days(first, last) if first and last and first <= last else None


def _part_of(period: Period, found: re.Match[str]) -> Period:
    part = " ".join((found.groupdict().get("part") or "").lower().removeprefix("the ").split())
    return Period(period.first, period.last, period.unit, part)


def _month(found: re.Match[str]) -> int:
    return _index(found["month"], _MONTHS) + 1


def _index(name: str, names: tuple[str, ...]) -> int:
    return next(at for at, known in enumerate(names) if name.lower()[:3] == known[:3])


def _count(text: str) -> int:
    word = text.lower()
    return int(word) if word.isdigit() else 1 if word in ("a", "an") else NUMBERS.index(word) + 1
