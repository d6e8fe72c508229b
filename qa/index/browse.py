"""An opened index -> lists of its articles, how they spread over time, and an article's neighbours."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from qa.holdings import Calendar, Count, Listing, Neighbour
from qa.index.store import Store
from qa.index.vectors import Vectors
from qa.records import Filter

# A period is as short as leaves a picture of up to some hundred bars.
_MOST_DAYS = 100
_MOST_MONTHS = 240
_PASSAGES_PER_NEIGHBOUR = 8  # a long article may hold many of the nearest passages


def listing(store: Store, condition: Filter, first: int, many: int) -> Listing:
    """The articles from the ``first`` on, at most ``many``, of all that pass.

    :raises ValueError: if first is under 0 or many under 1.
    """
    if first < 0 or many < 1:
        raise ValueError(f"a listing needs first >= 0 and many >= 1, not {first} and {many}")
    rows = np.flatnonzero(store.passing(condition))
    published = store.published()[rows]
    moments = np.where(np.isnat(published), np.iinfo(np.int64).min, published.astype(np.int64))
    order = np.argsort(-moments.astype(np.float64), kind="stable")  # of one moment: in the order of the rows
    shown = rows[order][first : first + many]
    return Listing(tuple(store.article(int(row)) for row in shown), len(rows))


def calendar(store: Store, column: Literal["source", "tags"]) -> Calendar:
    """Article counts by period and name."""
    published = store.published()
    known = published[~np.isnat(published)]
    unit = _unit(known)
    starts = published.astype(f"datetime64[{unit[0].upper()}]").astype("datetime64[D]")
    rows, names = store.named(column)
    counted: Counter[tuple[np.datetime64, str]] = Counter()
    for start, name in zip(starts[rows], names, strict=True):
        if not np.isnat(start):
            counted[start, name] += 1
    return Calendar(unit, tuple(Count(s.item(), name, n) for (s, name), n in sorted(counted.items())))


def neighbours(
    store: Store, vectors: Vectors, row: int, many: int, within: timedelta | None
) -> list[Neighbour]:
    """Articles near the one of this row in meaning, nearest first, without itself and its copies.

    ``within``: only those published so near to it in time; none if it has no date.
    """
    allowed = None
    if within is not None:
        moment = store.article(row).published
        if moment is None:
            return []
        allowed = store.allowed(_around(moment, within))
    own = vectors.take(np.array(store.passages_of(row)))
    middle = own.mean(axis=0)
    middle /= np.linalg.norm(middle)
    left_out = {row, *store.copies(row)}
    wanted = len(own) + sum(len(store.passages_of(r)) for r in left_out) + many * _PASSAGES_PER_NEIGHBOUR
    numbers, cosines = vectors.search(middle.astype(np.float32), wanted, allowed)
    found: dict[int, float] = {}
    groups = {store.copy_group(row)}
    for other, cosine in zip(store.article_rows(numbers).tolist(), cosines.tolist(), strict=True):
        if other in found or store.copy_group(other) in groups:
            continue
        groups.add(store.copy_group(other))  # of articles that are copies of each other, one is enough
        found[other] = cosine
        if len(found) == many:
            break
    return [Neighbour(store.article(other), cosine) for other, cosine in found.items()]


def _around(moment: datetime, within: timedelta) -> Filter:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    after = within + timedelta(microseconds=1)  # the filter's end is exclusive
    return Filter(  # cut where the calendar ends
        since=moment - within if moment - first > within else first,
        until=moment + after if last - moment > after else last,
    )


def _unit(known: np.ndarray) -> Literal["day", "month", "year"]:
    if not len(known):
        return "day"
    days = (known.max() - known.min()).astype("timedelta64[D]").astype(int)
    return "day" if days < _MOST_DAYS else "month" if days < 30 * _MOST_MONTHS else "year"
