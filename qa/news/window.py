"""Claims and the time that a question names -> those from articles of that time, if there are any."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from qa.news.claim import Claim
from qa.records import Hit, TimeCondition
from qa.text.dates.periods import is_between

# Papers print what happened the day before, and dates are in UTC.
BEFORE, AFTER = timedelta(days=1), timedelta(days=3)


def of_the_time(claims: Sequence[Claim], asked_for: TimeCondition | None) -> list[Claim] | None:
    """Return None if no time was named, or no claim comes from an article of the time.

    A later article may look back on the time, so a question is not left without an answer for it.
    """
    if asked_for is None or not asked_for.hard:
        return None
    fitting = [claim for claim in claims if _is_of(claim.days, asked_for)]
    return fitting if fitting else None


def within(hits: Sequence[Hit], asked_for: TimeCondition, quoted: Collection[str]) -> tuple[list[Hit], bool]:
    """Return the hits of the time and of the ``quoted`` articles, and whether all are of the time.

    All hits, and False, where none is: a condition that nothing meets is only a wish.
    """
    inside = [was_published(hit, asked_for) for hit in hits]
    if not any(inside):
        return list(hits), False
    kept = [is_in or hit.passage.article.id in quoted for hit, is_in in zip(hits, inside, strict=True)]
    shown = [hit for hit, is_kept in zip(hits, kept, strict=True) if is_kept]
    return shown, all(is_in for is_in, is_kept in zip(inside, kept, strict=True) if is_kept)


def was_published(hit: Hit, asked_for: TimeCondition) -> bool:
    """Return whether the article of a hit was published in the time."""
    moment = hit.passage.article.published
    return moment is not None and is_between(moment.date(), asked_for.first, asked_for.last)


def _is_of(days: tuple[date, ...], asked_for: TimeCondition) -> bool:
    """Return whether an article may have been written in the time, or in the days in which it is reported."""
    if not days:
        return False
    starts_in_time = asked_for.last is None or days[0] <= asked_for.last + AFTER
    return starts_in_time and (asked_for.first is None or days[-1] >= asked_for.first - BEFORE)
