"""Index folder -> its current generation as an engine: Arrow, FAISS and BM25 files, memory-mapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import numpy as np

from qa.holdings import Calendar, Listing, Neighbour, Order
from qa.index import browse
from qa.index.engine import Candidates, Engine, Found
from qa.index.generation import Manifest, hold_current, read_manifest, verify_at_open
from qa.index.leases import Lease
from qa.index.lexical import Lexical
from qa.index.overview import overview_of
from qa.index.store import Store
from qa.index.vectors import Vectors
from qa.records import Article, Filter, Overview


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """One generation, opened; never mixed with parts of another."""

    index: Path
    manifest: Manifest
    lease: Lease  # the generation stays on disk as long as this does
    store: Store
    vectors: Vectors
    lexical: Lexical

    @classmethod
    def open(cls, index: Path) -> LocalEngine:
        """:raises IndexError_: if there is no whole index."""
        manifest, lease = hold_current(index)
        verify_at_open(index, manifest)
        folder = index / manifest.generation
        store = Store.open(folder)
        alive = store.alive_passages
        return cls(index, manifest, lease, store, Vectors.open(folder, alive), Lexical.open(folder, alive))

    @property
    def address(self) -> str:
        return str(self.index)

    @property
    def embedder(self) -> str:
        return self.manifest.embedder

    @property
    def embedder_sha256(self) -> str:
        return self.manifest.embedder_sha256

    def candidates(self, question: str, vector: np.ndarray, many: int, condition: Filter) -> Candidates:
        allowed = self.store.allowed(condition)
        near, _ = self.vectors.search(vector, many, allowed)
        worded, _ = self.lexical.search(question, many, allowed)
        numbers = self.store.ordered(np.union1d(near, worded))
        return Candidates(
            keys=numbers,
            cosines=self.vectors.cosines(vector, numbers),
            bm25=self.lexical.scores_of(question, numbers),
            published=self.store.published()[self.store.article_rows(numbers)],
        )

    def found(self, keys: Sequence[object]) -> list[Found | None]:
        return [self._found(int(number)) for number in keys]

    def article(self, article_id: str) -> Article:
        return self.store.article(self._row(article_id))

    def copies(self, article_id: str) -> list[Article]:
        return [self.store.article(other) for other in self.store.copies(self._row(article_id))]

    def neighbours(self, article_id: str, many: int, within: timedelta | None) -> list[Neighbour]:
        return browse.neighbours(self.store, self.vectors, self._row(article_id), many, within)

    def listing(self, condition: Filter, first: int, many: int, by: Order) -> Listing:
        return browse.listing(self.store, condition, first, many, by)

    def calendar(self, by: Literal["source", "tags"]) -> Calendar:
        return browse.calendar(self.store, by)

    def overview(self) -> Overview:
        return overview_of(self.index, self.manifest, self.store)

    def newer(self) -> Engine | None:
        if read_manifest(self.index).generation == self.manifest.generation:
            return None
        return LocalEngine.open(self.index)

    def _row(self, article_id: str) -> int:
        row = self.store.row(article_id)
        if row is None:
            raise KeyError(article_id)
        return row

    def _found(self, number: int) -> Found:
        row = int(self.store.article_rows(np.array([number]))[0])
        copies = tuple(self.store.article(other) for other in self.store.copies(row))
        return Found(self.store.passage(number), copies)
