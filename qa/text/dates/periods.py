"""Calendar sums: days -> weeks, months and years as stretches of days, and the words for them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month", "year"]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included, as exact as ``unit``."""

    first: date
    last: date
    unit: Unit
    part: str = ""  # "early", "mid", "late", "end of": words alone, the days are those of the whole

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def words(self) -> str:
        """ "Friday 8 September 2023", "4 to 10 September 2023", "late September 2023", "2023"."""
        if self.unit == "year" and self.first.year != self.last.year:
            text = f"{self.first.year} to {self.last.year}"
        elif self.unit == "year":
            text = f"{self.first.year}"
        elif self.unit == "month":
            text = f"{self.first:%B} {self.first.year}"
        elif self.first == self.last:
            text = f"{self.first:%A} {day_words(self.first)}"
        elif (self.first.year, self.first.month) == (self.last.year, self.last.month):
            text = f"{self.first.day} to {day_words(self.last)}"
        elif self.first.year == self.last.year:
            text = f"{self.first.day} {self.first:%B} to {day_words(self.last)}"
        else:
            text = f"{day_words(self.first)} to {day_words(self.last)}"
        return f"{self.part} {text}" if self.part else text


def day_words(day: date) -> str:
    """Return "8 September 2023"."""
    return f"{day.day} {day:%B} {day.year}"


def days(first: date, last: date) -> Period:
    return Period(first, last, "day")


def week_of(day: date) -> Period:
    """Return the week of a day, Monday to Sunday."""
    monday = day - day.weekday() * DAY
    return Period(monday, monday + 6 * DAY, "week")


def month_of(year: int, month: int) -> Period:
    """Return a month; ``month`` may run over: 13 is January of the next year, 0 December of the last."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")


def year_of(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), "year")


def is_between(day: date, first: date | None, last: date | None) -> bool:
    """Return whether a day is from ``first`` to ``last``, both included; None is open."""
    return (first is None or first <= day) and (last is None or day <= last)


def real_day(year: int, month: int, day: int) -> date | None:
    """Return None for 30 February and the like."""
    if not (1 <= year <= 9998 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)
