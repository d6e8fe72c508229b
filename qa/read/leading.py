"""What the lower layers make of each window of a question -> the windows that are read to the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.models.staged import Begun
from qa.read.spans import NULL
from qa.read.windows import Window

# Windows that are always read to the end, the most promising. With five of ten no F1 is lost beyond chance;
# with four the sample archive loses two points (docs/performance.md).
LEAST = 5
# A window of a higher guessed margin is read to the end, too: it may agree, disagree or be newer. In logits.
PROMISING = 0.0


def leading(windows: Sequence[Window], begun: Sequence[Begun]) -> list[int]:
    """Return the places of the windows to read on, in order: the first, promising ones, at least `LEAST`."""
    promises = np.array([_promise(*each) for each in zip(windows, begun, strict=True)])
    chosen = promises > PROMISING
    chosen[np.argsort(-promises, kind="stable")[:LEAST]] = True
    chosen[:1] = True  # the nearest passage: nothing is quoted more often
    return [int(at) for at in np.flatnonzero(chosen)]


def _promise(window: Window, begun: Begun) -> float:
    """Return the guessed margin of the best start with the best end, whether or not they make a span."""
    if not window.may_start.any() or not window.may_end.any():
        return -np.inf
    best = begun.start[window.may_start].max() + begun.end[window.may_end].max()
    return float(best - begun.start[NULL] - begun.end[NULL])
