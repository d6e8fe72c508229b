"""Index folder -> its current generation as an engine: Arrow, FAISS and BM25 files, memory-mapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np

from qa.index import browse
from qa.index.engine import Candidates, Engine, Found
from qa.index.local.bm25 import Bm25
from qa.index.local.generation import Manifest, hold_current, read_manifest, segment_folders
from qa.index.local.guard import Guard
from qa.index.local.leases import Lease
from qa.index.local.store import Store
from qa.index.local.vectors import CELLS, FILE, Vectors
from qa.ingest.versions import newer_version
from qa.records import Article, Calendar, Filter, Listing, Neighbour, Order
from qa.reports import Overview, Skipped


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """One generation, opened; never mixed with parts of another."""

    index: Path
    manifest: Manifest
    lease: Lease  # the generation stays on disk as long as this does
    store: Store
    vectors: Vectors
    lexical: Bm25
    guard: Guard  # closes it for good when a file is truncated or found damaged

    @classmethod
    def open(cls, index: Path) -> LocalEngine:
        """Open the current generation of a folder.

        :raises ArchiveError: if there is no whole index.
        """
        manifest, lease = hold_current(index)
        guard = Guard.open(index, manifest)
        folder = index / manifest.generation
        with guard.reading():
            store = Store.open(folder, guard)
            alive = store.alive_passages
            vectors, lexical = Vectors.open(folder, alive, guard), Bm25.open(folder, alive, guard)
        guard.watch([segment / name for segment in segment_folders(folder) for name in (FILE, CELLS)])
        return cls(index, manifest, lease, store, vectors, lexical, guard)

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
        self.guard.wait()
        with self.guard.reading():
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

    def found(self, keys: Sequence[Any]) -> list[Found | None]:
        with self.guard.reading():
            return [self._found(int(number)) for number in keys]

    def article(self, article_id: str) -> Article:
        with self.guard.reading():
            return self.store.article(self._row(article_id))

    def near_duplicates(self, article_id: str) -> list[Article]:
        with self.guard.reading():
            others = self.store.near_duplicates(self._row(article_id))
            return [self.store.article(other) for other in others]

    def neighbours(self, article_id: str, many: int, within: timedelta | None) -> list[Neighbour]:
        self.guard.wait()
        with self.guard.reading():
            return neighbours(self.store, self.vectors, self._row(article_id), many, within)

    def listing(self, condition: Filter, first: int, many: int, by: Order) -> Listing:
        with self.guard.reading():
            return listing(self.store, condition, first, many, by)

    def calendar(self, by: Literal["source", "tags"]) -> Calendar:
        with self.guard.reading():
            return browse.calendar(self.store, by)

    def overview(self) -> Overview:
        with self.guard.reading():
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
        others = sorted(self.store.near_duplicates(row))
        near_duplicates = tuple(self.store.article(other) for other in others)
        passage = self.store.passage(number)
        before = sum(other < row for other in others)  # rows stand in the order in which articles came in
        return Found(passage, near_duplicates, newer_version(passage.article, near_duplicates, before))


def listing(store: Store, condition: Filter, first: int, many: int, by: Order = "published") -> Listing:
    """Return the articles that pass, from the ``first`` on and at most ``many``.

    :raises ValueError: if first is under 0 or many under 1.
    """
    rows, total = browse.listed(store, condition, first, many, by)
    return Listing(tuple(store.article(row) for row in rows), total)


def neighbours(
    store: Store, vectors: Vectors, row: int, many: int, within: timedelta | None
) -> list[Neighbour]:
    """Return articles near one in meaning, nearest first, without itself and its near-duplicates.

    ``within``: only those published so near to it in time; none if it has no date.
    """
    allowed = None
    if within is not None:
        moment = store.article(row).published
        if moment is None:
            return []
        allowed = store.allowed(browse.around(moment, within))
    own = vectors.take(np.array(store.passages_of(row)))
    left_out = {row, *store.near_duplicates(row)}
    wanted = browse.many_passages(len(own) + sum(len(store.passages_of(r)) for r in left_out), many)
    numbers, cosines = vectors.search(browse.middle_of(own), wanted, allowed)
    rows = store.article_rows(numbers).tolist()
    groups = [store.duplicate_group(other) for other in rows]
    found = browse.one_of_each(
        zip(rows, groups, cosines.tolist(), strict=True), store.duplicate_group(row), many
    )
    return [Neighbour(store.article(other), cosine) for other, cosine in found]


def overview_of(index: Path, manifest: Manifest, store: Store) -> Overview:
    """Return what is in the index, from the parts of a generation that are open already."""
    state = browse.State(
        index=str(index),
        generation=manifest.generation,
        built=datetime.fromisoformat(manifest.built),
        bytes_on_disk=sum(facts.bytes for facts in manifest.files.values()),
        make=manifest,
        skipped=tuple(Skipped(where, why) for where, why in manifest.skipped),
    )
    return browse.overview_of(store, state)
