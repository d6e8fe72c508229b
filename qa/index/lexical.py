"""Question -> BM25 scores of passages (Robertson & Zaragoza 2009), from the counts that the segments keep.

Scores are exact, the same to the bit whether the archive was built at once or grew by many updates:
what is deleted counts no more, and all segments share the same numbers of passages and words.

A search need not look at every passage with one of the words. The rarest words come first; as
soon as all words that are left could not lift a passage among the best k, only passages found so
far are looked up in their postings (the upper bounds of MaxScore, Turtle & Flood 1995).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from qa.index.layout import segment_folders
from qa.index.postings import Postings, words_of

K1 = 1.2  # measured beside 0.9 and 1.5: within 0.6 points of each other
B = 0.75
_LOOKUP_COSTS = 16  # times as much as adding a posting up, by measurement
_WORTH_A_LOOK = 4096  # postings; fewer are added up sooner than the mark is found
_ROUNDING = 1.00001  # sums of single precision may come out a little above their bound


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment's counts, and what each of its passages' lengths makes of them."""

    first: int  # number of its first passage in the generation
    postings: Postings
    damping: np.ndarray  # float32 (passages,): K1 * (1 - B + B * length / average length)
    alive: np.ndarray | None  # boolean (passages,); None: all


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question."""

    weight: np.float32  # inverse document frequency, times how often it is asked
    found: list[tuple[np.ndarray, np.ndarray]]  # for each part: passages, counts

    def scores(self, part: int, damping: np.ndarray) -> np.ndarray:
        """What the word adds to each of the part's passages that hold it."""
        passages, counts = self.found[part]
        return self._score(counts, damping[passages])

    def scores_of(self, part: int, damping: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """What the word adds to these passages of the part."""
        passages, counts = self.found[part]
        if not len(passages):
            return np.zeros(len(wanted), dtype=np.float32)
        at = np.minimum(np.searchsorted(passages, wanted), len(passages) - 1)
        return np.where(passages[at] == wanted, self._score(counts[at], damping[wanted]), np.float32(0))

    def _score(self, counts: np.ndarray, damping: np.ndarray) -> np.ndarray:
        counts = counts.astype(np.float32)
        return self.weight * counts / (counts + damping)


class Lexical:
    """BM25 over the passages of a generation; a passage's number is its position."""

    def __init__(self, parts: Sequence[Postings], alive: np.ndarray | None = None) -> None:
        """``alive``: boolean (passages,) over all parts, None if none was deleted."""
        firsts = np.cumsum([0, *(len(part.lengths) for part in parts)])
        self._total = int(firsts[-1])
        self._alive = None if alive is None or alive.all() else alive
        lengths = [part.lengths for part in parts]
        every = np.concatenate(lengths) if lengths else np.empty(0, dtype=np.int32)
        held = every if self._alive is None else every[self._alive]
        self._held = len(held)
        average = held.sum() / self._held if held.sum() else 1.0
        self._words = lru_cache(maxsize=8)(self._find_words)  # a search asks twice
        self._parts = []
        for first, part in zip(firsts[:-1].tolist(), parts, strict=True):
            damping = (K1 * (1 - B + B * part.lengths / average)).astype(np.float32)
            here = None if self._alive is None else self._alive[first : first + len(part.lengths)]
            self._parts.append(_Part(first, part, damping, None if here is None or here.all() else here))

    @classmethod
    def open(cls, folder: Path, alive: np.ndarray | None = None) -> Lexical:
        """:raises IndexDamaged: if a file cannot be read."""
        return cls([Postings.open(segment) for segment in segment_folders(folder)], alive)

    def __len__(self) -> int:
        return self._total

    def scores(self, question: str) -> np.ndarray:
        """BM25 of every passage ``(n,)`` float32, 0 where no word is shared and for what is deleted."""
        scores = np.zeros(self._total, dtype=np.float32)
        words = self._words(question)
        for at, part in enumerate(self._parts):
            here = scores[part.first : part.first + len(part.damping)]
            for word in words:
                here[word.found[at][0]] += word.scores(at, part.damping)
            if part.alive is not None:
                here[~part.alive] = 0
        return scores

    def search(
        self, question: str, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Numbers ``(m,)`` and scores ``(m,)`` of the best passages, best first; ``m <= k``.

        Only passages that share a word are found. ``allowed`` is a boolean ``(n,)``; passages
        outside it are never counted. Equals come in the order of their numbers.
        """
        words = self._words(question)
        numbers, scores = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        # The largest part first: its best set the mark that the others must reach.
        for at in sorted(range(len(self._parts)), key=lambda at: -len(self._parts[at].damping)):
            part = self._parts[at]
            mask = part.alive
            if allowed is not None:
                mask = allowed[part.first : part.first + len(part.damping)]
            least = float(scores[-1]) if len(scores) == k else 0.0
            found, fresh = _best(at, part.damping, words, k, mask, least)
            numbers = np.concatenate([numbers, found + part.first])
            scores = np.concatenate([scores, fresh])
            best = np.lexsort((numbers, -scores))[:k]
            numbers, scores = numbers[best], scores[best]
        return numbers, scores

    def scores_of(self, question: str, numbers: np.ndarray) -> np.ndarray:
        """BM25 ``(m,)`` float32 of these passages."""
        words = self._words(question)
        scores = np.zeros(len(numbers), dtype=np.float32)
        for at, part in enumerate(self._parts):
            here = (numbers >= part.first) & (numbers < part.first + len(part.damping))
            if here.any():
                wanted = numbers[here] - part.first
                for word in words:
                    scores[here] += word.scores_of(at, part.damping, wanted)
        return scores

    def _find_words(self, question: str) -> list[_Word]:
        """The question's words that occur, rarest first; the order in which scores are summed."""
        words = []
        for word, asked in Counter(words_of([question])[0]).items():
            found = [part.postings.of(word) for part in self._parts]
            holding = sum(
                len(passages) if part.alive is None else int(np.count_nonzero(part.alive[passages]))
                for part, (passages, _) in zip(self._parts, found, strict=True)
            )
            if holding:
                weight = asked * math.log(1 + (self._held - holding + 0.5) / (holding + 0.5))
                words.append((-weight, word, _Word(np.float32(weight), found)))
        return [word for _, _, word in sorted(words, key=lambda entry: entry[:2])]


def _best(
    at: int, damping: np.ndarray, words: Sequence[_Word], k: int, mask: np.ndarray | None, least: float
) -> tuple[np.ndarray, np.ndarray]:
    """Passages of a part, with scores, in any order: all that are among its best k and reach ``least``."""
    if mask is not None and np.count_nonzero(mask) * _LOOKUP_COSTS < sum(len(w.found[at][0]) for w in words):
        candidates, done = np.flatnonzero(mask), 0
        scores = np.zeros(len(candidates), dtype=np.float32)
    else:
        every = np.zeros(len(damping), dtype=np.float32)
        # No count ever reaches its word's weight, so the weights bound what the words from one on can add.
        left = _ROUNDING * np.cumsum([0.0, *(float(word.weight) for word in reversed(words))])[::-1]
        done = 0
        while done < len(words) and left[done] >= least:
            every[words[done].found[at][0]] += words[done].scores(at, damping)
            done += 1
            if done < len(words) and len(words[done].found[at][0]) > _WORTH_A_LOOK:
                least = max(least, _kth(every, k, mask))
        reaching = every > max(0.0, least - left[done])
        candidates = np.flatnonzero(reaching if mask is None else reaching & mask)
        scores = every[candidates]
    for word in words[done:]:
        scores += word.scores_of(at, damping, candidates)
    found = (scores > 0) & (scores >= least)
    return candidates[found], scores[found]


def _kth(scores: np.ndarray, k: int, mask: np.ndarray | None) -> float:
    """The k-th best score so far; final ones are only higher."""
    positive = scores[scores > 0 if mask is None else (scores > 0) & mask]
    return float(np.partition(positive, -k)[-k]) if len(positive) >= k else 0.0
