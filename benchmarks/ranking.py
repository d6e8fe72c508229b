"""Questions over an index -> where the first passage with the answer ranks, under any fusion.

Scoring a question once, for many more candidates than ship, makes a whole sweep as cheap as one
search; the parts are those of :class:`qa.Retriever`, and :func:`same_as_shipped` holds the two
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from qa import Retriever
from qa.evaluate.metrics import normalized
from qa.index import engine
from qa.index.engine import Engine
from qa.index.local.engine import LocalEngine
from qa.models.embedder import Embedder, SentenceEmbedder
from qa.retrieve.fusion import scores
from qa.retrieve.query import Query, query_of
from qa.settings import AskSettings

DEPTHS = (1, 5, 10, 20)
DEEPEST = 200  # candidates of each method; no setting that is tried takes more


class Asked(Protocol):
    """A question with the answers that a passage must hold."""

    question: str
    golds: tuple[str, ...]
    day: date  # the day of asking


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that either method ranks high for one question, in the engine's order."""

    numbers: np.ndarray  # (n,) the engine's keys
    cosines: np.ndarray  # (n,)
    bm25: np.ndarray  # (n,)
    published: np.ndarray  # (n,) datetime64 of the article; NaT where it has no date
    query: Query  # what was asked
    dense_rank: np.ndarray  # (n,) from 0, among these
    bm25_rank: np.ndarray  # (n,) from 0, among these; without a shared word: last
    holds_words: np.ndarray  # (n,) bool: the answer stands in the passage between word borders
    holds_letters: np.ndarray  # (n,) bool: the same, or it stands inside longer words


@dataclass(frozen=True, slots=True)
class Weighing:
    """One setting of the fusion."""

    lexical_weight: float
    candidates: int
    day_weight: float = 0.0  # 0: the day of the question does not count
    day_scale: float = 20.0

    def settings(self) -> AskSettings:
        """Return the settings that weigh so."""
        return AskSettings(
            lexical_weight=self.lexical_weight,
            candidates=self.candidates,
            day_weight=self.day_weight,
            day_scale=self.day_scale,
        )


def shipped() -> Weighing:
    """Return the fusion as the settings have it."""
    settings = AskSettings()
    return Weighing(settings.lexical_weight, settings.candidates, settings.day_weight, settings.day_scale)


class Scorer:
    """Scores questions against the current generation of an index."""

    def __init__(self, opened: Engine, embedder: Embedder) -> None:
        self._engine = opened
        self._embedder = embedder
        self._normalized = lru_cache(maxsize=200_000)(self._normalize)

    @classmethod
    def open(cls, index: Path) -> Scorer:
        """Open the current generation of an index.

        :raises ArchiveError: if there is no whole index.
        """
        opened = LocalEngine.open(index)
        return cls(opened, SentenceEmbedder.load(opened.embedder))

    def candidates(self, asked: Asked) -> Candidates:
        """Return the candidates of both methods, each with both scores."""
        query = query_of(asked.question, as_of=asked.day)
        vector = self._embedder.embed_question(query.text)
        found = self._engine.candidates(query.text, vector, DEEPEST, query.filters)
        needles = [needle for needle in map(normalized, asked.golds) if needle]
        texts = [self._normalized(int(key)) for key in found.keys]
        return Candidates(
            numbers=found.keys,
            cosines=found.cosines,
            bm25=found.bm25,
            published=found.published,
            query=query,
            dense_rank=_ranks(found.cosines),
            bm25_rank=_ranks(found.bm25),
            holds_words=np.array([any(f" {needle} " in text for needle in needles) for text in texts]),
            holds_letters=np.array([any(needle in text for needle in needles) for text in texts]),
        )

    def _normalize(self, key: int) -> str:
        """Return the passage's own words, without title and date, between blanks."""
        (found,) = self._engine.found([key])
        if found is None:
            raise KeyError(key)
        return f" {normalized(found.passage.text)} "


def order(candidates: Candidates, weighing: Weighing) -> np.ndarray:
    """Return positions among the candidates, best first; only what the setting would have looked at."""
    similar = candidates.dense_rank < weighing.candidates
    known = (candidates.bm25_rank < weighing.candidates) & (candidates.bm25 > 0)
    looked_at = np.flatnonzero(similar | known)
    seen = engine.Candidates(
        keys=candidates.numbers[looked_at],
        cosines=candidates.cosines[looked_at],
        bm25=candidates.bm25[looked_at],
        published=candidates.published[looked_at],
    )
    fused = scores(seen, candidates.query, weighing.settings())
    return looked_at[np.argsort(-fused, kind="stable")]


def recalls(
    scored: Sequence[Candidates], weighing: Weighing, *, whole_words: bool = True
) -> tuple[float, ...]:
    """Return the share of questions with the answer in a passage at or above each of the depths."""
    firsts = []
    for candidates in scored:
        holds = candidates.holds_words if whole_words else candidates.holds_letters
        ranks = np.flatnonzero(holds[order(candidates, weighing)])
        firsts.append(ranks[0] if len(ranks) else DEEPEST * 2)
    return tuple(float(np.mean([first < depth for first in firsts])) for depth in DEPTHS)


def same_as_shipped(retriever: Retriever, asked: Iterable[Asked], scored: Iterable[Candidates]) -> bool:
    """Return whether the order found here is that of the retriever, score by score."""
    deepest = max(DEPTHS)
    for question, candidates in zip(asked, scored, strict=True):
        hits = retriever.search(question.question, deepest, as_of=question.day)
        best = order(candidates, shipped())[:deepest]
        if not np.allclose([hit.bm25 for hit in hits], candidates.bm25[best], atol=1e-4):
            return False
    return True


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Return the place of each score, best first; equal scores in their order."""
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return ranks
