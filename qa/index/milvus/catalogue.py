"""The entries of all articles -> which pass a filter, how they are dated and named, how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from qa.index.browse import dated
from qa.index.milvus.rows import CatalogueEntry, moments_of
from qa.records import Filter


class Catalogue:
    """What is known of all articles of an index in Milvus; they count from 0, in the order of their keys."""

    def __init__(self, entries: Sequence[CatalogueEntry]) -> None:
        self.entries = entries

    def __len__(self) -> int:
        return len(self.entries)

    def rows_of(self, article_ids: Sequence[str]) -> np.ndarray:
        """Return which articles have one of these ids, boolean ``(articles,)``."""
        wanted = set(article_ids)
        return np.array([entry.id in wanted for entry in self.entries], dtype=bool)

    def ids(self, rows: np.ndarray) -> list[str]:
        """Return the ids of the articles of these rows."""
        return [self.entries[row].id for row in rows.tolist()]

    def duplicate_groups(self) -> np.ndarray:
        """Return what stands for the group of near-duplicates of each article ``(articles,)``."""
        return np.array([entry.duplicate_group for entry in self.entries], dtype=np.str_)

    def passage_counts(self) -> np.ndarray:
        """Return how many passages each article has ``(articles,)``."""
        return np.array([entry.passages for entry in self.entries], dtype=np.int64)

    def published(self) -> np.ndarray:
        """Return when each was published ``(articles,)`` datetime64[us] in UTC; NaT without a date."""
        return self._published

    def arrived(self) -> np.ndarray:
        """Return no moments: Milvus keeps no arrivals, since equal articles have equal rows."""
        return np.full(len(self), "NaT", "datetime64[us]")

    def passing(self, condition: Filter) -> np.ndarray:
        """Return which articles pass, boolean ``(articles,)``."""
        keep = dated(self._published, condition)
        if condition.sources:
            wanted = {name.casefold() for name in condition.sources}
            keep &= [entry.source.casefold() in wanted for entry in self.entries]
        if condition.tags:
            wanted = {name.casefold() for name in condition.tags}
            keep &= [any(tag.casefold() in wanted for tag in entry.tags) for entry in self.entries]
        return keep

    def named(self, column: str) -> tuple[np.ndarray, list[str]]:
        """Return rows and names, pair by pair, of ``source`` or ``tags``; empty names left out."""
        pairs = [
            (row, name)
            for row, entry in enumerate(self.entries)
            for name in ((entry.source,) if column == "source" else entry.tags)
            if name
        ]
        return np.array([row for row, _ in pairs], dtype=np.int64), [name for _, name in pairs]

    @cached_property
    def _published(self) -> np.ndarray:
        return moments_of(self.entries)
