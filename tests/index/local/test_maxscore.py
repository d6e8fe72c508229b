"""The best passages of a segment, against the scores of all of them."""

from __future__ import annotations

import numpy as np
import pytest

from qa.index.local.maxscore import Word, best

PASSAGES = 40_000  # so many that common words are only looked up for candidates


def words(shares: list[float], random: np.random.Generator, most: int = 4) -> list[Word]:
    """Return a word for each share of the passages, weighed as rare as it is."""
    made = []
    for share in shares:
        held = np.flatnonzero(random.random(PASSAGES) < share).astype(np.int32)
        counts = random.integers(1, most, len(held)).astype(np.uint16)
        made.append(Word(np.float32(np.log(1 / share)), held, counts))
    return made


def scores_of_all(asked: list[Word], damping: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """Word by word in plain NumPy, in the order of the words."""
    scores = np.zeros(PASSAGES, dtype=np.float32)
    for word in asked:
        counts = word.counts.astype(np.float32)
        scores[word.passages] += word.weight * counts / (counts + damping[word.passages])
    return scores if mask is None else np.where(mask, scores, np.float32(0))


@pytest.mark.parametrize(
    "allowed", [None, 0.9, 0.3, 0.08, 0.01, 0.0005], ids=lambda share: f"{share} allowed"
)
@pytest.mark.parametrize("k", [1, 10, 100])
@pytest.mark.parametrize("most", [4, 2], ids=["counts differ", "many equals"])
@pytest.mark.parametrize(
    "shares",
    [
        [0.0005, 0.002, 0.6, 0.8, 0.9],
        [0.01, 0.05, 0.45, 0.5, 0.5, 0.7],
        [0.0005, 0.95],
        [0.5, 0.9],
        [0.003, 0.003],
        [0.95],
    ],
)
def test_all_that_are_among_the_best_are_found_to_the_last_bit(shares, most: int, k: int, allowed):
    random = np.random.default_rng([int(1e4 * sum(shares)), most, k])
    asked = words(shares, random, most)
    # If all counts are 1 and all lengths equal, very many passages tie with the last of the best.
    damping = np.full(PASSAGES, 1.2, dtype=np.float32)
    if most > 2:
        damping = random.uniform(0.6, 2.4, PASSAGES).astype(np.float32)
    mask = None if allowed is None else random.random(PASSAGES) < allowed
    every = scores_of_all(asked, damping, mask)
    ranked = np.sort(every)[::-1]
    for least in (0.0, float(ranked[k // 2]), float(ranked[0]) + 1):
        passages, scores = best(damping, asked, k, mask, least)
        assert scores.tolist() == every[passages].tolist()
        assert (scores > 0).all() and len(set(passages.tolist())) == len(passages)
        enough = max(least, float(ranked[k - 1]))
        expected = np.flatnonzero((every >= enough) & (every > 0))
        assert set(expected.tolist()) <= set(passages.tolist())


@pytest.mark.parametrize("shares", [[0.01, 0.05, 0.5, 0.9], [0.1, 0.2]], ids=["looked up", "added up"])
def test_few_more_come_back_than_are_asked_for(shares):
    random = np.random.default_rng(5)
    asked = words(shares, random)
    damping = random.uniform(0.6, 2.4, PASSAGES).astype(np.float32)
    passages, _ = best(damping, asked, 100, None, 0.0)
    assert 100 <= len(passages) < 200
