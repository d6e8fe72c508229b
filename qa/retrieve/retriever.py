"""Question -> hits: dense and BM25 candidates, fused, under exact filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import numpy as np

from qa.errors import IndexDamaged, IndexMismatch
from qa.index.embedding import Embedder, SentenceEmbedder
from qa.index.generation import Manifest, read_manifest, verify_at_open
from qa.index.lexical import Lexical
from qa.index.overview import overview_of
from qa.index.store import Store
from qa.index.vectors import Vectors
from qa.records import Article, Calendar, Hit, Listing, Neighbour, Overview
from qa.retrieve import browse
from qa.retrieve.fusion import fuse
from qa.retrieve.query import Day, Names, checked_question, filter_of
from qa.settings import AskSettings


@dataclass(frozen=True, slots=True)
class _Generation:
    """One generation, opened; never mixed with parts of another."""

    manifest: Manifest
    store: Store
    vectors: Vectors
    lexical: Lexical

    @classmethod
    def open(cls, index: Path) -> _Generation:
        """:raises IndexError_: if there is no whole index."""
        manifest = read_manifest(index)
        while True:
            try:
                verify_at_open(index, manifest)
                folder = index / manifest.generation
                return cls(manifest, Store.open(folder), Vectors.open(folder), Lexical.open(folder))
            except IndexDamaged:
                # A build may have swapped the manifest and removed this generation meanwhile.
                current = read_manifest(index)
                if current.generation == manifest.generation:
                    raise
                manifest = current


class Retriever:
    """Finds passages in an index. Safe to share between threads."""

    def __init__(
        self, index: Path, generation: _Generation, embedder: Embedder, settings: AskSettings
    ) -> None:
        self._index = index
        self._generation = generation
        self._embedder = embedder
        self._settings = settings

    @classmethod
    def open(
        cls, index: str | Path, *, settings: AskSettings | None = None, embedder: Embedder | None = None
    ) -> Retriever:
        """Open an index with the embedder that built it, or check that the given one did.

        :raises IndexError_: if there is no whole index, or another embedder built it.
        :raises ModelError: if the embedder cannot be loaded.
        """
        index = Path(index)
        generation = _Generation.open(index)
        if embedder is None:
            embedder = SentenceEmbedder.load(generation.manifest.embedder)
        _check_embedder(index, generation.manifest, embedder)
        chosen = settings if settings is not None else AskSettings()
        return cls(index, generation, embedder, chosen)

    def refresh(self) -> bool:
        """Move to a newer generation if one was built; True if so.

        :raises IndexError_: if the newer one is damaged or another embedder built it; this
            retriever then goes on with the old one.
        """
        if read_manifest(self._index).generation == self._generation.manifest.generation:
            return False
        newer = _Generation.open(self._index)
        _check_embedder(self._index, newer.manifest, self._embedder)
        self._generation = newer
        return True

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
    ) -> list[Hit]:
        """The k passages that fit the question best, best first; fewer if fewer pass the filters.

        ``since`` and ``until`` may be text ("2023-07-01", "July 2023"), a date or an aware
        datetime; ``until`` includes the day it names. Filters apply before the ranking, exactly.

        :raises InputError: if the question is empty or too long, or a date cannot be read.
        :raises ValueError: if k is under 1 or a datetime is naive.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        question = checked_question(question)
        condition = filter_of(since=since, until=until, source=source, tag=tag)
        generation = self._generation  # one for the whole search, whatever refresh() does meanwhile
        allowed = generation.store.allowed(condition)
        numbers, cosines, bm25 = self._candidates(
            generation, question, max(k, self._settings.candidates), allowed
        )
        fused = fuse(cosines, bm25, lexical_weight=self._settings.lexical_weight)
        order = np.lexsort((numbers, -fused))[:k]
        return [
            _hit(generation.store, int(numbers[i]), float(fused[i]), float(cosines[i]), float(bm25[i]))
            for i in order
        ]

    def article(self, article_id: str) -> Article:
        """:raises KeyError: if the index does not hold it."""
        store = self._generation.store
        return store.article(_row(store, article_id))

    def copies(self, article_id: str) -> list[Article]:
        """The other articles that are near-copies of this one.

        :raises KeyError: if the index does not hold it.
        """
        store = self._generation.store
        return [store.article(other) for other in store.copies(_row(store, article_id))]

    def neighbours(
        self, article_id: str, many: int = 5, *, within: timedelta | None = None
    ) -> list[Neighbour]:
        """The articles nearest in meaning, nearest first; ``within``: only those so near in time.

        Its copies are none, and of articles that are copies of each other there is one.

        :raises KeyError: if the index does not hold it.
        """
        generation = self._generation
        row = _row(generation.store, article_id)
        return browse.neighbours(generation.store, generation.vectors, row, many, within)

    def listing(
        self,
        first: int = 0,
        many: int = 20,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
    ) -> Listing:
        """The articles that pass the filters, newest first, from the ``first`` on.

        :raises InputError: if a date cannot be read.
        """
        condition = filter_of(since=since, until=until, source=source, tag=tag)
        return browse.listing(self._generation.store, condition, first, many)

    def calendar(self, by: Literal["source", "tags"]) -> Calendar:
        """How the dated articles spread over time, by their names."""
        return browse.calendar(self._generation.store, by)

    def overview(self) -> Overview:
        """What is in the index."""
        return overview_of(self._index, self._generation.manifest, self._generation.store)

    def _candidates(
        self, generation: _Generation, question: str, many: int, allowed: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Numbers, cosines and BM25 scores of the passages that either method ranks high."""
        vector = self._embedder.embed_question(question)
        near, _ = generation.vectors.search(vector, many, allowed)
        every_bm25 = generation.lexical.scores(question)
        if allowed is not None:
            every_bm25 = np.where(allowed, every_bm25, 0)
        numbers = np.union1d(near, _highest(every_bm25, many))
        # Each candidate gets both true scores, whichever method brought it.
        cosines = generation.vectors.take(numbers) @ vector
        return numbers, cosines, every_bm25[numbers]


def _row(store: Store, article_id: str) -> int:
    row = store.row(article_id)
    if row is None:
        raise KeyError(article_id)
    return row


def _highest(scores: np.ndarray, many: int) -> np.ndarray:
    """Positions of the ``many`` highest scores above 0, in any order."""
    positions = np.flatnonzero(scores > 0)
    if many < len(positions):
        positions = positions[np.argpartition(-scores[positions], many)[:many]]
    return positions


def _hit(store: Store, number: int, score: float, cosine: float, bm25: float) -> Hit:
    row = int(store.article_rows(np.array([number]))[0])
    copies = tuple(store.article(other) for other in store.copies(row))
    return Hit(store.passage(number), score, cosine, bm25, copies)


def _check_embedder(index: Path, manifest: Manifest, embedder: Embedder) -> None:
    if embedder.weights_sha256 != manifest.embedder_sha256:
        raise IndexMismatch(
            f"the index was built with {manifest.embedder!r} (weights {manifest.embedder_sha256[:12]}), "
            f"not with {embedder.name!r} (weights {embedder.weights_sha256[:12]})",
            where=index,
            cure="Build the index again, or name the embedder that built it.",
        )
