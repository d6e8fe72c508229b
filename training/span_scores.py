"""Logits of groups -> what the best span of each question is worth, counted in tokens.

A stand-in for exact match and F1 that needs no text; good enough to watch a run by.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.evaluate.metrics import Scored, best_threshold, figures
from qa.read.spans import best_spans
from qa.settings import AskSettings
from training.batches import Batch, Group

LONGEST_ANSWER = AskSettings().longest_answer
FORCED = float("-inf")


def worth(groups: Sequence[Group], batch: Batch, start: np.ndarray, end: np.ndarray) -> list[Scored]:
    """Return one :class:`Scored` a group; ``start`` and ``end`` are logits ``(w, n)`` of its batch."""
    results = []
    for number, group in enumerate(groups):
        rows = np.flatnonzero(batch.group == number)
        best: tuple[float, int, int, int] | None = None  # margin, window, first, last
        for position, row in enumerate(rows):
            n = int(batch.mask[row].sum())
            may = {"may_start": batch.may_start[row, :n], "may_end": batch.may_end[row, :n]}
            spans = best_spans(start[row, :n], end[row, :n], **may, longest=LONGEST_ANSWER, many=1)
            if spans and (best is None or spans[0].margin > best[0]):
                best = (spans[0].margin, position, spans[0].first, spans[0].last)
        answerable = any(window.first for window in group)
        if best is None:
            results.append(Scored(answerable, 0.0, 0.0, float("-inf")))
            continue
        margin, position, first, last = best
        golds = zip(group[position].first, group[position].last, strict=True)
        f1s = [overlap((first, last), gold) for gold in golds]
        f1 = max(f1s, default=0.0)
        results.append(Scored(answerable, float(f1 == 1.0), f1, margin))
    return results


def overlap(given: tuple[int, int], gold: tuple[int, int]) -> float:
    """Return F1 of two spans of tokens, both ends included."""
    common = min(given[1], gold[1]) - max(given[0], gold[0]) + 1
    lengths = given[1] - given[0] + 1 + gold[1] - gold[0] + 1
    return 2 * max(0, common) / lengths


def summary(results: Sequence[Scored]) -> dict[str, float]:
    """Return F1 forced on the answerable, and at the best threshold, with what is refused there."""
    best = figures(results, best_threshold(results))
    found = {
        "forced_f1": figures(results, FORCED).has_f1,
        "best_f1": best.f1,
        "has_f1": best.has_f1,
        "refused": best.no_answer,
    }
    return {name: value for name, value in found.items() if value is not None}
