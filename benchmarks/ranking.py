"""Questions over an index -> where the first passage with the answer ranks, under any fusion.

Scoring a question once, for many more candidates than ship, makes a whole sweep as cheap as one
search; the parts are those of :class:`qa.Retriever`, and :func:`same_as_shipped` holds the two
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from qa import Retriever
from qa.index.embedding import SentenceEmbedder
from qa.index.generation import read_manifest
from qa.index.lexical import Lexical
from qa.index.store import Store
from qa.index.vectors import Vectors
from qa.metrics import normalized
from qa.retrieve.fusion import fuse
from qa.settings import AskSettings

DEPTHS = (1, 5, 10, 20)
DEEPEST = 200  # candidates of each method; every setting that is swept takes no more


class Asked(Protocol):
    """A question with the answers that a passage must hold."""

    question: str
    golds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that either method ranks high for one question, by passage number."""

    numbers: np.ndarray  # (n,) ascending
    cosines: np.ndarray  # (n,)
    bm25: np.ndarray  # (n,)
    dense_rank: np.ndarray  # (n,) from 0, among these
    bm25_rank: np.ndarray  # (n,) from 0, among these; those without a shared word come last
    holds_words: np.ndarray  # (n,) bool: the answer stands in the passage between word borders
    holds_letters: np.ndarray  # (n,) bool: or at least as part of longer words


@dataclass(frozen=True, slots=True)
class Weighing:
    """One setting of the fusion."""

    lexical_weight: float
    candidates: int


def shipped() -> Weighing:
    """The fusion as the settings have it."""
    settings = AskSettings()
    return Weighing(settings.lexical_weight, settings.candidates)


class Scorer:
    """Scores questions against the current generation of an index."""

    def __init__(self, store: Store, vectors: Vectors, lexical: Lexical, embedder: SentenceEmbedder) -> None:
        self._store = store
        self._vectors = vectors
        self._lexical = lexical
        self._embedder = embedder
        self._normalized = lru_cache(maxsize=200_000)(self._normalize)
        self._article = lru_cache(maxsize=2_000)(store.article)

    @classmethod
    def open(cls, index: Path) -> Scorer:
        """:raises IndexError_: if there is no whole index."""
        manifest = read_manifest(index)
        folder = index / manifest.generation
        embedder = SentenceEmbedder.load(manifest.embedder)
        return cls(Store.open(folder), Vectors.open(folder), Lexical.open(folder), embedder)

    def candidates(self, asked: Asked) -> Candidates:
        """The candidates of both methods, each with both scores."""
        vector = self._embedder.embed_question(asked.question)
        near, _ = self._vectors.search(vector, DEEPEST)
        every_bm25 = self._lexical.scores(asked.question)
        far = np.argpartition(-every_bm25, min(DEEPEST, len(every_bm25) - 1))[:DEEPEST]
        numbers = np.union1d(near, far[every_bm25[far] > 0])
        cosines = self._vectors.take(numbers) @ vector
        bm25 = every_bm25[numbers]
        needles = [needle for needle in map(normalized, asked.golds) if needle]
        texts = [self._normalized(int(number)) for number in numbers]
        return Candidates(
            numbers=numbers,
            cosines=cosines,
            bm25=bm25,
            dense_rank=_ranks(cosines, numbers),
            bm25_rank=_ranks(bm25, numbers),
            holds_words=np.array([any(f" {needle} " in text for needle in needles) for text in texts]),
            holds_letters=np.array([any(needle in text for needle in needles) for text in texts]),
        )

    def _normalize(self, number: int) -> str:
        """The passage's own words, without title and date, between blanks."""
        start, end = self._store.span(number)
        article = self._article(int(self._store.article_rows(np.array([number]))[0]))
        return f" {normalized(article.text[start:end])} "


def order(candidates: Candidates, weighing: Weighing) -> np.ndarray:
    """Positions among the candidates, best first; only what the setting would have looked at."""
    near = candidates.dense_rank < weighing.candidates
    known = (candidates.bm25_rank < weighing.candidates) & (candidates.bm25 > 0)
    looked_at = np.flatnonzero(near | known)
    fused = fuse(
        candidates.cosines[looked_at], candidates.bm25[looked_at], lexical_weight=weighing.lexical_weight
    )
    return looked_at[np.lexsort((candidates.numbers[looked_at], -fused))]


def recalls(
    scored: Sequence[Candidates], weighing: Weighing, *, whole_words: bool = True
) -> tuple[float, ...]:
    """The share of questions with the answer in a passage at or above each of the depths."""
    firsts = []
    for candidates in scored:
        holds = candidates.holds_words if whole_words else candidates.holds_letters
        ranks = np.flatnonzero(holds[order(candidates, weighing)])
        firsts.append(ranks[0] if len(ranks) else DEEPEST * 2)
    return tuple(float(np.mean([first < depth for first in firsts])) for depth in DEPTHS)


def same_as_shipped(retriever: Retriever, asked: Iterable[Asked], scored: Iterable[Candidates]) -> bool:
    """Whether the order found here is that of the retriever, score by score."""
    deepest = max(DEPTHS)
    for question, candidates in zip(asked, scored, strict=True):
        hits = retriever.search(question.question, deepest)
        best = order(candidates, shipped())[:deepest]
        if not np.allclose([hit.bm25 for hit in hits], candidates.bm25[best], atol=1e-4):
            return False
    return True


def _ranks(scores: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.lexsort((numbers, -scores))] = np.arange(len(scores))
    return ranks
