"""A quote and its article -> the relative times in its sentence, resolved against the article's date.

"Later this month" in an article of 5 September 2023 is September 2023. Nothing is resolved finer than
the article's date allows: where an approximate date ("4 months ago") leaves several days on which the
article may have been written, only what means the same on all of them has a meaning.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from qa.records import Article, ResolvedTime, Where
from qa.text.dates.expressions import TemporalExpression, temporal_expressions
from qa.text.dates.periods import DAY, Period

# How far an approximate date may be off; pages round "8 months ago" up or down.
_SLACK = {
    "hour": timedelta(hours=1),
    "day": DAY,
    "week": timedelta(days=7),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
_DATELINE = 160  # characters in which the day of a despatch may stand: "WASHINGTON, July 26 - The ..."
_AFTER_DATELINE = re.compile(r"\s*(?:\([^()\n]{1,30}\)\s*)?(?:[-–—:]\s|\.\s)")
_FARTHEST_DATELINE = 2 * DAY  # from the moment of publication, in whatever zone that was


def times_within(
    article: Article, where: Where, sentence: tuple[int, int], days: tuple[date, ...]
) -> tuple[ResolvedTime, ...]:
    """Resolve the relative times in a sentence of the article's field, in order; ``days``: of its writing."""
    if not days:
        return ()
    first, last = sentence
    line = dateline(article) if where == "text" else None
    begin = max(first, line.end) if line is not None else first
    resolved = []
    for expression in temporal_expressions(article.field(where)[first:last]):
        at = first + expression.start
        if expression.relative and at >= begin and (meant := resolve(expression, days)):
            end_at = first + expression.end
            resolved.append(ResolvedTime(at, end_at, meant.first, meant.last, meant.unit, meant.words))
    return tuple(resolved)


def resolve(expression: TemporalExpression, days: tuple[date, ...]) -> Period | None:
    """Return what a mention means on each of these days; None if that differs or there is no day."""
    meanings = {expression.on(day) for day in days}
    return meanings.pop() if len(meanings) == 1 else None


def days_of_writing(article: Article) -> tuple[date, ...]:
    """Return the days on which the article may have been written; one if its date is exact, () without.

    The day in a dateline comes before that of the moment of publication, which is in UTC: a despatch
    of Thursday evening from Hawaii comes out on Friday.
    """
    moment = article.published
    if moment is None:
        return ()
    if article.approximate_to:
        slack = _SLACK[article.approximate_to]
        first, last = (moment - slack).date(), (moment + slack).date()
        return tuple(first + n * DAY for n in range((last - first).days + 1))
    line = dateline(article)
    named = line.on(moment.date()) if line is not None else None
    return (named.first if named is not None else moment.date(),)


def dateline(article: Article) -> TemporalExpression | None:
    """Return the day that opens a despatch, if it is about that of publication."""
    if article.published is None or article.approximate_to:
        return None
    published: datetime = article.published
    head = article.text[:_DATELINE].split("\n", 1)[0]
    for expression in temporal_expressions(head):
        meant = expression.on(published.date())
        if meant is None:
            continue
        opens = meant.unit == "day" and meant.first == meant.last
        if opens and _AFTER_DATELINE.match(head, expression.end) and "." not in head[: expression.start]:
            near = abs(meant.first - published.date()) <= _FARTHEST_DATELINE
            return expression if near else None
    return None
