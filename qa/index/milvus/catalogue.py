"""The entries of all articles -> which pass a filter, how they are dated and named, how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from qa.index.milvus.rows import CatalogueEntry, moments_of
from qa.records import Filter


class Catalogue:
    """What is known of all articles of an index in Milvus; they count from 0, in the order of their keys."""

    def __init__(self, entries: Sequence[CatalogueEntry]) -> None:
        self.entries = entries

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def passages(self) -> int:
        """How many passages all articles have."""
        return sum(entry.passages for entry in self.entries)

    def published(self) -> np.ndarray:
        """When each was published ``(articles,)`` datetime64[us] in UTC; NaT without a date."""
        return self._published

    def arrived(self) -> np.ndarray:
        """Nothing: rows of one article are equal whenever they are written, so Milvus keeps no arrivals."""
        return np.full(len(self), "NaT", "datetime64[us]")

    def passing(self, condition: Filter) -> np.ndarray:
        """Boolean ``(articles,)``: those that pass."""
        keep = np.ones(len(self), dtype=bool)
        if condition.since is not None:
            keep &= self._published >= _moment(condition.since)  # never true of NaT
        if condition.until is not None:
            keep &= self._published < _moment(condition.until)
        if condition.sources:
            wanted = {name.casefold() for name in condition.sources}
            keep &= [entry.source.casefold() in wanted for entry in self.entries]
        if condition.tags:
            wanted = {name.casefold() for name in condition.tags}
            keep &= [any(tag.casefold() in wanted for tag in entry.tags) for entry in self.entries]
        return keep

    def named(self, column: str) -> tuple[np.ndarray, list[str]]:
        """Rows and names, pair by pair, of ``source`` or ``tags``; empty names left out."""
        pairs = [
            (row, name)
            for row, entry in enumerate(self.entries)
            for name in ((entry.source,) if column == "source" else entry.tags)
            if name
        ]
        return np.array([row for row, _ in pairs], dtype=np.int64), [name for _, name in pairs]

    def counts(self, column: str) -> list[tuple[str, int]]:
        """Article counts by ``source`` or ``tags``, most first, then by name; empty names left out."""
        counted = Counter(self.named(column)[1])
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))

    def span_of_dates(self) -> tuple[datetime | None, datetime | None, int]:
        """First and last moment of publication, and the number of articles without one."""
        known = self._published[~np.isnat(self._published)]
        if not len(known):
            return None, None, len(self)
        first, last = (moment.item().replace(tzinfo=UTC) for moment in (known.min(), known.max()))
        return first, last, len(self) - len(known)

    @cached_property
    def _published(self) -> np.ndarray:
        return moments_of(self.entries)


def _moment(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
