"""Ids, sources and dates -> an index without the articles that they name; nothing is embedded again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from qa import checks
from qa.errors import InputError
from qa.follow.store import scrub
from qa.index.backends import backend_of
from qa.index.engine import Selection
from qa.records import Filter
from qa.reports import ForgetReport
from qa.text.dates import parse_bound

# Not "m": it would mean minutes to one and months to the other.
_AGE = re.compile(r"(\d{1,4})\s*(d|days?|w|weeks?|months?|y|years?)", re.IGNORECASE)
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def forget(
    index: str | Path,
    *,
    ids: Sequence[str] = (),
    source: str | Sequence[str] = (),
    before: str | date | datetime | None = None,
    older_than: str | None = None,
    dry_run: bool = False,
    now: datetime | None = None,
) -> ForgetReport:
    """Delete the articles that meet all given conditions; of several ids or sources one is enough.

    An article without a date is never too old. The old state answers until the new one is complete, and stays
    if anything goes wrong. Answers to followed questions that quote these articles are deleted too. Later
    builds and polls leave out their ids, contents and addresses.

    :param before: articles published before this moment, day, month or year: "2020-01-01", "2020".
    :param older_than: the same as an age: "5y", "18 months", "2 weeks", "30d".
    :param dry_run: only report what would be deleted.
    :param now: the aware moment that ages count back from; default the present.
    :raises InputError: if no condition is given, a date or age cannot be read, or no article would be left.
    :raises IndexBusy: if a build is writing this index.
    :raises ArchiveError: if there is no whole index, or it cannot be written.
    :raises ValueError: if a moment has no zone.
    """
    checks.place("index", index)
    ids = [checks.text("ids", one) for one in checks.several("ids", ids)]
    names = [
        checks.text("source", one)
        for one in ([source] if isinstance(source, str) else checks.several("source", source))
    ]
    checks.optional("older_than", older_than, str, "a text such as 5y")
    checks.flag("dry_run", dry_run)
    checks.optional("now", now, datetime, "a datetime")
    if before is not None and not isinstance(before, str):
        checks.instance("before", before, date, "a text, a date, a datetime")
    sources = tuple(name.strip() for name in names if name.strip())
    if before is not None and older_than is not None:
        raise InputError("--before and --older-than both name a date", cure="Choose one of them.")
    if not ids and not sources and before is None and older_than is None:
        raise InputError(
            "nothing says which articles to forget", cure="Name --id, --source, --before or --older-than."
        )
    until = None
    if before is not None:
        until = _moment(before)
    elif older_than is not None:
        until = _age_before(older_than, now if now is not None else datetime.now(UTC))
    selection = Selection(tuple(ids), Filter(until=until, sources=sources))
    report = backend_of(index).forget(selection, dry_run=dry_run)
    if report.forgotten and not dry_run:
        scrub(index, [one.id for one in report.forgotten])  # answers to followed questions quote articles
    return report


def let_back(index: str | Path, ids: Sequence[str]) -> tuple[str, ...]:
    """Let later builds take in again what was forgotten under these ids; those that had been.

    The text itself is gone: it comes back when a build names its file or feed.

    :raises IndexBusy: if a build is writing this index.
    :raises ArchiveError: if there is no whole index, or it cannot be written.
    """
    return backend_of(index).let_back([checks.text("ids", one) for one in checks.several("ids", ids)])


def _moment(day: str | date | datetime) -> datetime:
    if isinstance(day, str):
        return parse_bound(day).first
    if not isinstance(day, datetime):
        return datetime.combine(day, time(), UTC)
    if day.tzinfo is None:
        raise ValueError(f"the moment {day!r} has no time zone")
    return day


def _age_before(age: str, now: datetime) -> datetime:
    read = _AGE.fullmatch(age.strip())
    if read is None:
        raise InputError(f"{age!r} is not an age", cure="Write it like 5y, 18 months, 2w or 30d.")
    if now.tzinfo is None:
        raise ValueError(f"the moment {now!r} has no time zone")
    from dateutil.relativedelta import relativedelta

    try:
        back: Any = {_UNITS[read[2][0].lower()]: int(read[1])}
        before: datetime = now - relativedelta(**back)
        return before
    except (ValueError, OverflowError):
        raise InputError(f"{age!r} goes back beyond the calendar", cure="Name fewer years.") from None
