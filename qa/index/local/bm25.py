"""Question -> BM25 scores of passages (Robertson & Zaragoza 2009), from the counts that the segments keep.

Scores are exact, the same to the bit whether the archive was built at once or grew by many updates:
deleted passages are not counted, and all segments share the same numbers of passages and words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from qa.index.analyzer import K1, B, words_of
from qa.index.local.generation import segment_folders
from qa.index.local.guard import NO_GUARD, Guard
from qa.index.local.maxscore import Word, best
from qa.index.local.postings import Postings

_SEARCH_COSTS = 16  # a binary search takes 20 ns, a look at one passage 1.5 ns


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment's counts, and for each of its passages the factor of its length in BM25."""

    first: int  # number of its first passage in the generation
    postings: Postings
    damping: np.ndarray  # float32 (passages,): K1 * (1 - B + B * length / average length)
    alive: np.ndarray | None  # boolean (passages,); None: all
    tombstones: np.ndarray  # int32, ascending: passages that are not alive

    @property
    def numbers(self) -> slice:
        """The numbers of its passages in the generation."""
        return slice(self.first, self.first + len(self.damping))

    def document_frequency(self, passages: np.ndarray) -> int:
        """Count those of a word's passages (ascending) that are alive."""
        if len(self.tombstones) * _SEARCH_COSTS > len(passages):
            return len(passages) if self.alive is None else int(np.count_nonzero(self.alive[passages]))
        # Usually few are deleted: searching for each tombstone is cheaper than looking at every passage.
        at = passages.searchsorted(self.tombstones)
        return len(passages) - int(np.count_nonzero(passages.take(at, mode="clip") == self.tombstones))


class Bm25:
    """BM25 over the passages of a generation; a passage's number is its position."""

    def __init__(self, parts: Sequence[Postings], alive: np.ndarray | None = None) -> None:
        """``alive``: boolean (passages,) over all parts, None if none was deleted."""
        firsts = np.cumsum([0, *(len(part.lengths) for part in parts)])
        self._total = int(firsts[-1])
        self._alive = None if alive is None or alive.all() else alive
        lengths = [part.lengths for part in parts]
        every = np.concatenate(lengths) if lengths else np.empty(0, dtype=np.int32)
        counted = every if self._alive is None else every[self._alive]
        self._count = len(counted)  # passages that are alive
        average_length = counted.sum() / self._count if counted.sum() else 1.0
        self._parts = []
        for first, part in zip(firsts[:-1].tolist(), parts, strict=True):
            damping = (K1 * (1 - B + B * part.lengths / average_length)).astype(np.float32)
            here = None if self._alive is None else self._alive[first : first + len(part.lengths)]
            tombstones = np.flatnonzero([] if here is None else ~here).astype(np.int32)
            alive = here if len(tombstones) else None
            self._parts.append(_Part(first, part, damping, alive, tombstones))
        # A search asks twice. A cached method would keep this object's files open until garbage is collected.
        find = partial(_find_words, self._parts, self._count)
        self._words = lru_cache(maxsize=8)(find)

    @classmethod
    def open(cls, folder: Path, alive: np.ndarray | None = None, guard: Guard = NO_GUARD) -> Bm25:
        """Open the counts of a generation's segments.

        :raises IndexDamaged: if a file cannot be read.
        """
        return cls([Postings.open(segment, guard) for segment in segment_folders(folder)], alive)

    def __len__(self) -> int:
        return self._total

    def scores(self, question: str) -> np.ndarray:
        """Return BM25 of every passage ``(n,)`` float32; 0 where it shares no word or is deleted."""
        every = np.zeros(self._total, dtype=np.float32)
        for part, words in zip(self._parts, self._words(question), strict=True):
            here = every[part.numbers]
            for word in words:
                word.add(here, part.damping)
            here[part.tombstones] = 0
        return every

    def search(
        self, question: str, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return numbers ``(m,)`` and scores ``(m,)`` of the best passages, best first; ``m <= k``.

        Only passages that share a word are found. ``allowed`` is a boolean ``(n,)``; passages
        outside it are never counted. Equals come in the order of their numbers.
        """
        numbers, scores = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        parts = zip(self._parts, self._words(question), strict=True)
        # The largest part first: the scores of its best passages are the least that the others must reach.
        for part, words in sorted(parts, key=lambda pair: -len(pair[0].damping)):
            mask = part.alive if allowed is None else allowed[part.numbers]
            least = float(scores[-1]) if len(scores) == k else 0.0
            found, fresh = best(part.damping, words, k, mask, least)
            numbers = np.concatenate([numbers, found.astype(np.int64) + part.first])
            scores = np.concatenate([scores, fresh])
            order = np.lexsort((numbers, -scores))[:k]
            numbers, scores = numbers[order], scores[order]
        return numbers, scores

    def scores_of(self, question: str, numbers: np.ndarray) -> np.ndarray:
        """Return BM25 ``(m,)`` float32 of these passages."""
        order = np.argsort(numbers, kind="stable")
        ascending = numbers[order]
        scores = np.zeros(len(numbers), dtype=np.float32)
        for part, words in zip(self._parts, self._words(question), strict=True):
            first, last = ascending.searchsorted([part.numbers.start, part.numbers.stop])
            if first < last:
                wanted = (ascending[first:last] - part.first).astype(np.int32)
                damping = part.damping[wanted]
                for word in words:
                    scores[order[first:last]] += word.scores_of(damping, wanted)
        return scores


def _find_words(parts: Sequence[_Part], count: int, question: str) -> list[list[Word]]:
    """Return for each part the words that occur in any, rarest first: scores are summed in this order."""
    weighed = []
    for word, asked in Counter(words_of([question])[0]).items():
        found = [part.postings.of(word) for part in parts]
        pairs = zip(parts, found, strict=True)
        frequency = sum(part.document_frequency(passages) for part, (passages, _) in pairs)
        if frequency:
            weight = asked * math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
            weighed.append((-weight, word, [Word(np.float32(weight), *postings) for postings in found]))
    weighed.sort(key=lambda entry: entry[:2])
    return [[words[at] for _, _, words in weighed] for at in range(len(parts))]
