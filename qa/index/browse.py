"""An opened index -> lists of its articles, how they spread over time, and an article's neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, Protocol, TypeVar

import numpy as np

from qa.index.make import Make
from qa.records import Calendar, Count, Filter, Order
from qa.reports import Overview, Skipped

Article_ = TypeVar("Article_")  # whatever stands for an article

# A period is as short as leaves a picture of up to some hundred bars.
_MOST_DAYS = 100
_MOST_MONTHS = 240
_PASSAGES_PER_NEIGHBOUR = 8  # a long article may hold many of the nearest passages


class Contents(Protocol):
    """What is known of all articles of an index; they count from 0."""

    def passing(self, condition: Filter) -> np.ndarray:
        """Return which articles pass, boolean ``(articles,)``."""
        ...

    def published(self) -> np.ndarray:
        """Return when each was published ``(articles,)`` datetime64[us] in UTC; NaT without a date."""
        ...

    def arrived(self) -> np.ndarray:
        """Return when each came into the index, alike; NaT where that was not kept."""
        ...

    def rows_of(self, article_ids: Sequence[str]) -> np.ndarray:
        """Return which articles have one of these ids, boolean ``(articles,)``."""
        ...

    def ids(self, rows: np.ndarray) -> list[str]:
        """Return the ids of the articles of these rows."""
        ...

    def duplicate_groups(self) -> np.ndarray:
        """Return what stands for the group of near-duplicates of each article ``(articles,)``."""
        ...

    def passage_counts(self) -> np.ndarray:
        """Return how many passages each article has ``(articles,)``."""
        ...

    def named(self, column: str) -> tuple[np.ndarray, list[str]]:
        """Return rows and names, pair by pair, of ``source`` or ``tags``; empty names left out."""
        ...


@dataclass(frozen=True, slots=True)
class State:
    """What an engine knows of a state of its index without a look at the articles."""

    index: str
    generation: str
    built: datetime  # aware, UTC
    bytes_on_disk: int | None
    make: Make
    skipped: tuple[Skipped, ...]


def overview_of(contents: Contents, state: State) -> Overview:
    """Return what is in an index, for people."""
    alive = contents.passing(Filter())
    first, last, undated = span_of_dates(contents)
    return Overview(
        index=state.index,
        generation=state.generation,
        built=state.built,
        articles=int(np.count_nonzero(alive)),
        passages=int(contents.passage_counts()[alive].sum()),
        bytes_on_disk=state.bytes_on_disk,
        embedder=state.make.embedder,
        dimension=state.make.dimension,
        first=first,
        last=last,
        undated=undated,
        sources=tuple(counts(contents, "source")),
        tags=tuple(counts(contents, "tags")),
        skipped=state.skipped,
    )


def span_of_dates(contents: Contents) -> tuple[datetime | None, datetime | None, int]:
    """Return first and last moment of publication, and the number of articles without one."""
    published = contents.published()[contents.passing(Filter())]
    known = published[~np.isnat(published)]
    if not len(known):
        return None, None, len(published)
    first, last = (moment.item().replace(tzinfo=UTC) for moment in (known.min(), known.max()))
    return first, last, len(published) - len(known)


def counts(contents: Contents, column: str) -> list[tuple[str, int]]:
    """Count articles by ``source`` or ``tags``, most first, then by name; empty names left out."""
    counted = Counter(contents.named(column)[1])
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def dated(published: np.ndarray, condition: Filter) -> np.ndarray:
    """Return which articles pass the filter's dates, boolean ``(articles,)``; undated ones pass none."""
    keep = np.ones(len(published), dtype=bool)
    if condition.since is not None:
        keep &= published >= _moment(condition.since)  # never true of NaT
    if condition.until is not None:
        keep &= published < _moment(condition.until)
    return keep


def _moment(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


def listed(
    contents: Contents, condition: Filter, first: int, many: int, by: Order = "published"
) -> tuple[list[int], int]:
    """Return the rows of a listing, and how many articles pass.

    What arrived at the same moment, or at one that was not kept, is in the order of publication.

    :raises ValueError: if first is under 0 or many under 1.
    """
    if first < 0 or many < 1:
        raise ValueError(f"a listing needs first >= 0 and many >= 1, not {first} and {many}")
    rows = np.flatnonzero(contents.passing(condition))
    keys = [_newest_first(contents.published()[rows])]
    if by == "arrived":
        keys.append(_newest_first(contents.arrived()[rows]))
    order = np.lexsort(keys)  # by the last key first; of one moment: in the order of the rows
    return rows[order][first : first + many].tolist(), len(rows)


def _newest_first(moments: np.ndarray) -> np.ndarray:
    """Return numbers that ascend from the newest to the oldest; what has no moment comes last."""
    return np.where(np.isnat(moments), np.inf, -moments.astype(np.float64))


def calendar(contents: Contents, column: Literal["source", "tags"]) -> Calendar:
    """Count articles by period and name."""
    published = contents.published()
    known = published[~np.isnat(published)]
    unit = _unit(known)
    starts: np.ndarray = published.astype(f"datetime64[{unit[0].upper()}]").astype("datetime64[D]")
    rows, names = contents.named(column)
    days: list[date | None] = starts[rows].tolist()  # None for NaT
    counted = Counter((day, name) for day, name in zip(days, names, strict=True) if day is not None)
    return Calendar(unit, tuple(Count(day, name, n) for (day, name), n in sorted(counted.items())))


def middle_of(vectors: np.ndarray) -> np.ndarray:
    """Return the unit vector ``(dim,)`` in the middle of an article's passages ``(n, dim)``."""
    middle = vectors.mean(axis=0)
    unit: np.ndarray = (middle / np.linalg.norm(middle)).astype(np.float32)
    return unit


def many_passages(left_out: int, many: int) -> int:
    """Return how many of the nearest passages to look at for so many neighbours."""
    return left_out + many * _PASSAGES_PER_NEIGHBOUR


def one_of_each(
    passages: Iterable[tuple[Article_, Hashable, float]], own_group: Hashable, many: int
) -> list[tuple[Article_, float]]:
    """Return the first article of each group, from passages as (article, group, cosine), nearest first."""
    found: list[tuple[Article_, float]] = []
    groups = {own_group}
    for article, group, cosine in passages:
        if group not in groups and len(found) < many:
            groups.add(group)  # of near-duplicates one is enough
            found.append((article, cosine))
    return found


def around(moment: datetime, within: timedelta) -> Filter:
    """Return a filter for what was published so near to the moment, both ends included."""
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
