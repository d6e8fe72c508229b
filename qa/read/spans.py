"""Start and end logits of a window -> its best spans, scored against "no answer here"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NULL = 0  # the token whose start and end mean "no answer in this window" (Devlin et al. 2019)


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens ``first`` to ``last``, both included."""

    first: int
    last: int
    margin: float  # start + end logit, minus the null's; in logits


def best_spans(
    start: np.ndarray,
    end: np.ndarray,
    *,
    may_start: np.ndarray,
    may_end: np.ndarray,
    longest: int,
    many: int,
    paragraphs: np.ndarray | None = None,
) -> list[Span]:
    """Return the ``many`` spans of highest margin, best first; of equal ones the earlier first token first.

    ``start`` and ``end`` are logits ``(n,)``, the masks boolean ``(n,)``. The margin is measured
    against the null of the same window and never squeezed through a softmax inside it, so that
    margins of different passages compare (Clark & Gardner 2018). Given ``paragraphs``, a number for
    each token ``(n,)``, no span reaches from one paragraph into another.

    :raises ValueError: if shapes differ, or longest or many is under 1.
    """
    n = len(start)
    if not len(end) == len(may_start) == len(may_end) == n:
        raise ValueError(
            f"{n} start logits for {len(end)} end logits and masks of {len(may_start)}, {len(may_end)}"
        )
    if longest < 1 or many < 1:
        raise ValueError(f"longest and many must be at least 1, not {longest} and {many}")
    if n == 0:
        return []
    width = min(longest, n)
    open_end = np.where(may_end, end, -np.inf)
    padded = np.concatenate([open_end, np.full(width - 1, -np.inf)])
    # Row i, column d: the span from token i to token i + d.
    ends = np.lib.stride_tricks.sliding_window_view(padded, width)
    scores = np.where(may_start, start, -np.inf)[:, None] + ends
    if paragraphs is not None:
        padding = np.full(width - 1, paragraphs[-1] + 1)
        of_last = np.lib.stride_tricks.sliding_window_view(np.concatenate([paragraphs, padding]), width)
        scores = np.where(of_last == paragraphs[:, None], scores, -np.inf)
    flat = scores.ravel()
    found = np.flatnonzero(flat > -np.inf)
    if many < len(found):  # of thousands: only the best, and all that equal the last of them, are sorted
        least = np.partition(flat[found], -many)[-many]
        found = found[flat[found] >= least]
    # Stable, so equal scores stay in the order of the flat index: first token, then length.
    order = found[np.argsort(-flat[found], kind="stable")][:many]
    null = float(start[NULL]) + float(end[NULL])
    return [Span(int(i // width), int(i // width + i % width), float(flat[i]) - null) for i in order]
