"""The dates of one column -> one order of day and month; a date that cannot be is set aside, with the reason.

05/03/2024 beside 25/03/2024 is 5 March. Where nothing decides, the month comes first (with dots, or where
the columns have names of another language, the day), and that is said.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from qa.ingest.limits import MOST_DATE_CHARACTERS, MOST_URL_CHARACTERS
from qa.text.dates import Published, parse_published

_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)(?!\d)((?:[T ,].{0,60})?)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_YEARLESS = re.compile(
    rf"(?:[a-z]{{3,9}}[.,]? )?"
    rf"(?:{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?|(\d{{1,2}})(?:st|nd|rd|th|\.)? {_MONTH})"
    r"(?:[,.]? (?:at )?\d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_DAY_IN_ADDRESS = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)(?:([-/_])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)"
    rf"|/({'|'.join(_MONTHS)})[a-z]{{0,6}}/(\d{{1,2}})(?!\d)|(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d))",
    re.IGNORECASE,
)
_MONTH_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")
# Signs, if any, part all three; eight digits alone are more often a number, so they stand apart from letters.
_DAY_IN_NAME = re.compile(
    r"(?<![0-9])(1[6-9]\d\d|20\d\d)([-_. ])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?![0-9])"
    r"|(?<![^\W_])((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=T\d|[\W_]|$)"
)
_FOLDERS_OF_DAY = re.compile(r"(?:\d{4}/\d{1,2}/\d{1,2}|\d{4}([-_.])\d{1,2}\1\d{1,2}|\d{8})")
_WITH_SIGNS = re.compile(r"((?:19|20)\d\d) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]((?: .{0,60})?)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR = 1600


@dataclass(slots=True)
class DateOrder:
    """What the dates of a column say about their order, as they come."""

    day_first: str = ""  # a date that only a day first explains
    month_first: str = ""
    open: str = ""  # one that both explain
    likely_day_first: bool = False  # names of columns in another language than English
    _votes: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, value: object) -> None:
        """Look at one more date."""
        found = _NUMERIC.match(value.strip()[:MOST_DATE_CHARACTERS]) if isinstance(value, str) else None
        if found is None:
            return
        left, right = int(found[1]), int(found[3])
        if left > 12 >= right > 0:
            self.day_first = self.day_first or found[0]
            self._votes[0] += 1
        elif right > 12 >= left > 0:
            self.month_first = self.month_first or found[0]
            self._votes[1] += 1
        elif left != right and found[2] != ".":
            self.open = self.open or found[0]

    @property
    def is_open(self) -> bool:
        """Whether there are dates whose order nothing decides yet."""
        return bool(self.open) and not self.day_first and not self.month_first

    @property
    def takes_day_first(self) -> bool:
        if any(self._votes):
            return self._votes[0] >= self._votes[1]
        return self.likely_day_first

    def note(self) -> str:
        """Return a remark on what is in doubt; "" if nothing is."""
        if not self.open:
            return ""
        taken = "day" if self.takes_day_first else "month"
        if self.day_first and self.month_first:
            return (
                f"dates are written in both orders ({self.day_first}, {self.month_first}); where both are "
                f"possible, as in {self.open}, the {taken} is taken to be first"
            )
        if not self.is_open:
            return f"dates have the {taken} first, as {self.day_first or self.month_first} shows"
        return f"nothing shows whether {self.open} has the day or the month first; the {taken} was taken"


def in_order(value: object, order: DateOrder | None) -> object:
    """Return a date with its year first, if it is one that day and month could be confused in."""
    found = _NUMERIC.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= 200 else None
    if found is None or order is None:
        return value
    left, mark, right, year, rest = found.groups()
    day_first = order.takes_day_first or mark == "." and not order.month_first
    day, month = (left, right) if day_first else (right, left)
    if int(month) > 12:
        day, month = month, day
    if len(year) == 2:
        year = f"19{year}" if int(year) >= 70 else f"20{year}"
    return f"{year}-{int(month):02}-{int(day):02}{rest}"


def read_date(value: object, *, as_of: datetime, now: datetime) -> tuple[Published | None, str]:
    """Read a date as it stands in a record; beside it the reason why it was set aside, if so."""
    if isinstance(value, str):
        value = value.strip()
        if not value or len(value) > MOST_DATE_CHARACTERS:
            return None, ""
        value = plain_date(value)
    published = parse_published(value, as_of=as_of)
    if published is None and isinstance(value, str):
        published = _without_year(value, as_of)
    if published is None:
        return None, _why_none(value)
    if published.moment == _EPOCH and not published.approximate_to:
        return None, "is the zero of computers' clocks"
    if published.moment.date() > (now + timedelta(days=1)).date():
        return None, "lies in the future"
    return published, ""


def plain_date(value: str) -> str:
    """Return a date with the signs of Chinese, Japanese or Korean for year, month and day as ISO has it."""
    found = _WITH_SIGNS.fullmatch(value[:MOST_DATE_CHARACTERS])
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}{found[4]}" if found is not None else value


def date_in_address(url: str) -> Published | None:
    """Return the day or month that a page's address names: /2024/04/02/, /2024/apr/02/, 20240402."""
    try:
        path = urlsplit(url[:MOST_URL_CHARACTERS]).path
    except ValueError:
        return None
    if found := _DAY_IN_ADDRESS.search(path):
        year, _, month, day, word, named_day, packed_month, packed_day = found.groups()
        number = month or packed_month or str(_MONTHS.index(word.lower()) + 1)
        try:
            moment = datetime(int(year), int(number), int(day or named_day or packed_day), tzinfo=UTC)
        except ValueError:
            return None
        return Published(moment, zone_assumed=True)
    if found := _MONTH_IN_ADDRESS.search(path):
        return Published(datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC), True, "month")
    return None


def day_in_name(path: str) -> str:
    """Return the day in the name of a file as ISO has it, else in its folders; "" if none or several.

    Of folders only those right above the file count, and only as a day alone: ``2024/08/05/toll.txt``,
    ``2024-08-05/toll.txt``; ``2024-08-05-export`` says when articles were exported.
    """
    *folders, name = re.split(r"[/\\]", path)
    days = _days_in(name)
    if not days:
        above = ("/".join(folders[-3:]), *folders[-1:])
        days = {
            day for one in above if _FOLDERS_OF_DAY.fullmatch(one) for day in _days_in(one.replace("/", "-"))
        }
    return days.pop() if len(days) == 1 else ""


def _days_in(name: str) -> set[str]:
    found: set[str] = set()
    for match in _DAY_IN_NAME.finditer(name[-MOST_URL_CHARACTERS:]):
        year, _, month, day, packed_year, packed_month, packed_day = match.groups()
        with suppress(ValueError):  # 30 February
            found.add(
                date(int(year or packed_year), int(month or packed_month), int(day or packed_day)).isoformat()
            )
    return found


def _without_year(text: str, as_of: datetime) -> Published | None:
    """Read "Feb 21": the last one before the file's day, or on it."""
    found = _YEARLESS.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    month = _MONTHS.index((found[1] or found[4]).lower()) + 1
    day = int(found[2] or found[3])
    today = as_of.astimezone(UTC)
    for year in range(today.year, today.year - 9, -1):  # 29 February is rare
        try:
            moment = datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            continue
        if moment <= today:
            return Published(moment, True, "day")
    return None


def _why_none(value: object) -> str:
    if isinstance(value, date):  # or a datetime
        return f"lies before {_FIRST_YEAR}" if value.year < _FIRST_YEAR else "lies in the future"
    if isinstance(value, bool) or value in ("", None):
        return ""
    if value in (0, "0"):
        return "is the zero of computers' clocks"
    early = re.match(r"(\d{4})-\d\d-\d\d", value) if isinstance(value, str) else None
    if early and int(early[1]) < _FIRST_YEAR:
        return f"lies before {_FIRST_YEAR}"
    return "is no date that can be read"
