"""Windows of questions -> batches of arrays, by length; needs numpy alone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class LabelledWindow:
    """One window with the places where the answers begin and end."""

    ids: np.ndarray  # (n,) int32
    types: np.ndarray  # (n,) int8
    may: np.ndarray  # (n,) int8; bit 1: a span may start here, bit 2: it may end here
    first: tuple[int, ...]  # token of each answer's start; empty: no answer in this window
    last: tuple[int, ...]  # token of each answer's end

    def __len__(self) -> int:
        return len(self.ids)


# Widths are multiples of this number. Libraries keep what they prepare for each new shape: when every width
# was allowed, a run grew by 8 MB a step.
STEP = 32  # tokens
Group = tuple[LabelledWindow, ...]  # all windows read for one question


@dataclass(frozen=True, slots=True)
class Batch:
    """Groups as padded arrays; ``w`` windows of at most ``n`` tokens, ``g`` groups."""

    ids: np.ndarray  # (w, n) int64
    mask: np.ndarray  # (w, n) int64; 1 where there is a token
    types: np.ndarray  # (w, n) int64
    may_start: np.ndarray  # (w, n) bool
    may_end: np.ndarray  # (w, n) bool
    first: np.ndarray  # (w, n) bool: an answer starts here
    last: np.ndarray  # (w, n) bool: an answer ends here
    group: np.ndarray  # (w,) int64, 0 to g - 1


def shuffled_batches(groups: Sequence[Group], token_budget: int, rng: random.Random) -> list[list[int]]:
    """Return positions of groups in batches of at most ``token_budget`` padded tokens, in random order.

    Groups of similar length share a batch, so that little is padded; lengths are jittered by a tenth,
    or the same groups would meet in every epoch. A group over the budget gets a batch of its own.
    """
    lengths = [max(len(window) for window in g) for g in groups]
    order = sorted(range(len(groups)), key=lambda i: lengths[i] * (1 + 0.1 * rng.random()))
    batches: list[list[int]] = []
    width = windows_held = 0
    for position in order:
        width = max(width, lengths[position])
        windows_held += len(groups[position])
        if batches and width * windows_held <= token_budget:
            batches[-1].append(position)
        else:
            batches.append([position])
            width, windows_held = lengths[position], len(groups[position])
    rng.shuffle(batches)
    return batches


def collate(groups: Sequence[Group], pad_id: int) -> Batch:
    """Pad groups to arrays of one width."""
    held = [(number, window) for number, g in enumerate(groups) for window in g]
    widest = max(len(window) for _, window in held)
    shape = (len(held), -(-widest // STEP) * STEP)
    ids = np.full(shape, pad_id, dtype=np.int64)
    mask, types, may = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    first, last = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for row, (_, window) in enumerate(held):
        n = len(window)
        ids[row, :n], types[row, :n], may[row, :n], mask[row, :n] = window.ids, window.types, window.may, 1
        first[row, list(window.first)] = True
        last[row, list(window.last)] = True
    numbers = np.array([number for number, _ in held], dtype=np.int64)
    return Batch(ids, mask, types, may % 2 == 1, may // 2 == 1, first, last, numbers)


def flat(groups: Sequence[Group]) -> Iterator[LabelledWindow]:
    """Yield all windows in order."""
    for g in groups:
        yield from g
