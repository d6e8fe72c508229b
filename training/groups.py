"""Examples of a question -> a group of windows with their right tokens; groups -> batches of arrays.

The windows are those of :func:`qa.read.windows.windows`, so training and answering cut text alike.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.models.tokenizer import Tokenizer
from qa.read.windows import Window, windows
from training.examples import Example


@dataclass(frozen=True, slots=True)
class Sighted:
    """One window with the places where the answers begin and end."""

    ids: np.ndarray  # (n,) int32
    types: np.ndarray  # (n,) int8
    may: np.ndarray  # (n,) int8; bit 1: a span may start here, bit 2: it may end here
    first: tuple[int, ...]  # token of each answer's start; none: no answer in this window
    last: tuple[int, ...]  # token of each answer's end

    def __len__(self) -> int:
        return len(self.ids)


Group = tuple[Sighted, ...]  # all windows read for one question


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


def group(examples: Sequence[Example], tokenizer: Tokenizer, *, longest: int, stride: int) -> Group | None:
    """The windows of all examples of one question; None if an answer lies across token borders.

    Of a passage cut into several windows those with an answer are taken, or the first.

    :raises ValueError: if the examples ask different questions.
    """
    if len({example.id for example in examples}) != 1:
        raise ValueError(f"one question a group, not {sorted({e.id for e in examples})}")
    found: list[Sighted] = []
    for example in examples:
        cut = windows(
            example.question,
            [example.passage],
            tokenizer,
            longest=longest,
            stride=stride,
            with_header=bool(example.passage.article.title or example.passage.article.published),
        )
        sighted = [_sighted(window, example.spans) for window in cut]
        holding = [window for window in sighted if window.first]
        if example.spans and not holding:
            return None
        found += holding if holding else sighted[:1]
    return tuple(found)


def _sighted(window: Window, spans: Sequence[tuple[int, int]]) -> Sighted:
    starts = {int(at): token for token, at in enumerate(window.starts) if window.may_start[token]}
    ends = {int(at): token for token, at in enumerate(window.ends) if window.may_end[token]}
    whole = [(starts[start], ends[end]) for start, end in spans if start in starts and end in ends]
    return Sighted(
        ids=window.tokens.ids.astype(np.int32),
        types=window.tokens.types.astype(np.int8),
        may=(window.may_start + 2 * window.may_end).astype(np.int8),
        first=tuple(first for first, _ in whole),
        last=tuple(last for _, last in whole),
    )


def shuffled_batches(groups: Sequence[Group], token_budget: int, rng: random.Random) -> list[list[int]]:
    """Positions of groups in batches of at most ``token_budget`` padded tokens, in random order.

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
    """Groups as padded arrays."""
    held = [(number, window) for number, g in enumerate(groups) for window in g]
    shape = (len(held), max(len(window) for _, window in held))
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


def flat(groups: Sequence[Group]) -> Iterator[Sighted]:
    """All windows in order."""
    for g in groups:
        yield from g
