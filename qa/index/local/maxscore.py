"""Words with their postings in one segment -> its best passages, exactly, without scoring all of them.

The rarest words come first. At some point all words that are left could not lift a new passage among the
best k. From there on, only the passages found so far are looked up in their postings, and ever fewer of
them (the upper bounds of MaxScore, Turtle & Flood 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_LOOKUP_COSTS = 8  # times as much as adding a posting up, by measurement
_WORTH_A_LOOK = 16_384  # postings; fewer are added up sooner than the mark is found
_GROUPS = 16  # times as many as the best that are asked for: few passages of these share one
_ROUNDING = 1e-4  # of a score: sums of single precision come out a little above or below their bounds


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question and its postings in a segment."""

    weight: np.float32  # inverse document frequency, times how often it is asked
    passages: np.ndarray  # int32, ascending
    counts: np.ndarray  # uint16

    def add(self, scores: np.ndarray, damping: np.ndarray) -> None:
        """Add what the word gives to each of the segment's passages that hold it."""
        # With NumPy's own kind of index this is three times as fast as scores[passages] += with ours.
        passages = self.passages.astype(np.intp)
        np.add.at(scores, passages, self._score(self.counts, damping.take(passages)))

    def scores_of(self, damping: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """Return what the word adds to these passages, int32, ascending; ``damping`` is theirs."""
        if not len(self.passages):
            return np.zeros(len(wanted), dtype=np.float32)
        at = self.passages.searchsorted(wanted)
        contained = self.passages.take(at, mode="clip") == wanted
        return self._score(self.counts.take(at, mode="clip") * contained, damping)

    def _score(self, counts: np.ndarray, damping: np.ndarray) -> np.ndarray:
        counts = counts.astype(np.float32)
        scores = self.weight * counts
        counts += damping
        scores /= counts
        return scores


def best(
    damping: np.ndarray, words: Sequence[Word], k: int, mask: np.ndarray | None, least: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return passages with scores, in any order: at least all that are among the best k and reach ``least``.

    ``damping``, float32 (passages,): K1 * (1 - B + B * length / average length). ``mask``, boolean
    (passages,): those outside it are never counted.
    """
    postings = sum(len(word.passages) for word in words)
    left = _left(words)
    if mask is not None and np.count_nonzero(mask) * len(words) * _LOOKUP_COSTS < postings:
        passages, done = np.flatnonzero(mask).astype(np.int32), 0
        scores = np.zeros(len(passages), dtype=np.float32)
    else:
        passages, scores, done, least = _added(damping, words, left, k, mask, least)
    damping = damping[passages]
    for at, word in enumerate(words[done:], start=done):
        scores += word.scores_of(damping, passages)
        if len(passages) > k:
            least = max(least, _kth(scores, k))
            stays = scores >= _enough(least, left[at + 1])
            passages, scores, damping = passages[stays], scores[stays], damping[stays]
    found = (scores > 0) & (scores >= least)
    return passages[found], scores[found]


def _added(
    damping: np.ndarray,
    words: Sequence[Word],
    left: np.ndarray,
    k: int,
    mask: np.ndarray | None,
    least: float,
) -> tuple[np.ndarray, np.ndarray, int, float]:
    """Return passages that may be among the best, their scores of the first words, how many, and the mark."""
    every = np.zeros(len(damping), dtype=np.float32)
    if mask is not None:
        every[~mask] = -np.inf  # whatever is added, they stay there
    done = 0
    for word in words:
        if len(word.passages) > _WORTH_A_LOOK:
            least = max(least, _mark(every, k))
            # What no word so far has found is out of the race.
            if left[done] < least * (1 - _ROUNDING):
                reaching = np.count_nonzero(every >= _enough(least, left[done]))
                if reaching * _LOOKUP_COSTS < len(word.passages):
                    break
        word.add(every, damping)
        done += 1
    else:
        least = max(least, _mark(every, k))
    passages = np.flatnonzero((every > 0) & (every >= _enough(least, left[done])))
    return passages.astype(np.int32), every[passages], done, least


def _left(words: Sequence[Word]) -> np.ndarray:
    """Return what the words from one on can add at most: no count ever reaches its word's weight."""
    return np.cumsum([0.0, *(float(word.weight) for word in reversed(words))])[::-1]


def _enough(least: float, left: float) -> np.float32:
    """Return the score that a passage needs before words that add so much to reach the mark."""
    return np.float32(least * (1 - _ROUNDING) - left)


def _mark(scores: np.ndarray, k: int) -> float:
    """Return a score that at least k passages have reached; final ones are only higher.

    The k-th best of the bests of groups: hardly less than the k-th best of all, and found far sooner.
    """
    groups = _GROUPS * k
    whole = len(scores) // groups * groups
    if not whole:
        return 0.0
    bests = scores[:whole].reshape(-1, groups).max(axis=0)
    return max(0.0, _kth(bests, k))  # where fewer than k are allowed it is minus infinity


def _kth(scores: np.ndarray, k: int) -> float:
    # Many zeros at the far end would slow the partition of the scores themselves twentyfold.
    return -float(np.partition(-scores, k - 1)[k - 1])
