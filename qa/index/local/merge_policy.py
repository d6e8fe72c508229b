"""Sizes of segments -> which of them to merge into one: the merge policy, so that there are never many.

Segments grow like the digits of a number: each is several times as large as the one behind it, so an
update of a large archive writes little, and every article is rewritten a few times in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LARGEST = 1 << 18  # passages; what is written at a time must fit into memory
_TIMES_LARGER = 4
_MOST_TOMBSTONES = 1 / 4  # of a segment's passages, before they are cleared away


@dataclass(frozen=True, slots=True)
class Size:
    """A segment as it is or is to be."""

    alive: int  # passages
    tombstones: int = 0  # passages that are deleted and not cleared away yet
    written: bool = True  # False: it is to be written anyway


def runs_to_merge(sizes: Sequence[Size]) -> list[range]:
    """Return runs of neighbours, in order, each to become one segment; what holds nothing alive is left out.

    A run of one written segment with few tombstones stays as it is: see :func:`needs_no_rewrite`.
    """
    runs: list[tuple[range, int]] = []
    for at, size in enumerate(sizes):
        if size.alive == 0:
            continue
        run, alive = range(at, at + 1), size.alive
        while runs and runs[-1][1] < _TIMES_LARGER * alive and runs[-1][1] + alive <= LARGEST:
            before, alive_before = runs.pop()
            run, alive = range(before.start, run.stop), alive_before + alive
        runs.append((run, alive))
    return [run for run, _ in runs]


def needs_no_rewrite(sizes: Sequence[Size], run: range) -> bool:
    """Return whether a run is a single segment that need not be written again."""
    alive = [at for at in run if sizes[at].alive]
    if len(alive) != 1 or not sizes[alive[0]].written:
        return False
    size = sizes[alive[0]]
    return size.tombstones <= _MOST_TOMBSTONES * (size.alive + size.tombstones)
