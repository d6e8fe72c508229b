"""What the best span of a group is worth, on logits written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.batches import LabelledWindow, collate
from training.span_scores import overlap, worth


def window(n: int, first: tuple[int, ...] = (), last: tuple[int, ...] = ()) -> LabelledWindow:
    may = np.where(np.arange(n) == 0, 0, 3).astype(np.int8)
    return LabelledWindow(np.arange(n, dtype=np.int32), np.zeros(n, np.int8), may, first, last)


@pytest.mark.parametrize(
    ("given", "gold", "f1"), [((3, 4), (3, 4), 1.0), ((3, 4), (4, 4), 2 / 3), ((3, 4), (5, 9), 0.0)]
)
def test_overlap_is_the_f1_of_the_tokens(given: tuple[int, int], gold: tuple[int, int], f1: float):
    assert overlap(given, gold) == overlap(gold, given) == pytest.approx(f1)


def test_best_window_of_the_group_answers_for_it():
    groups = [(window(4, (2,), (2,)), window(4)), (window(4),)]
    start = np.array([[0, 0, 3.0, 0], [0, 0, 0, 5.0], [1.0, 0, 0, 0]])
    end = np.array([[0, 0, 3.0, 0], [4.0, 0, 0, 0], [1.0, 0, 0, 0]])
    # The first window's margin is 3 + 3 - 0, the second's 5 + 0 - 4; the other group's 0 + 0 - 2.
    right, refused = worth(groups, collate(groups, 0), start, end)
    assert (right.answerable, right.exact, right.f1, right.margin) == (True, 1.0, 1.0, 6.0)
    assert (refused.answerable, refused.f1, refused.margin) == (False, 0.0, -2.0)


def test_best_span_in_the_window_without_the_answer_is_worth_nothing():
    groups = [(window(3, (1,), (2,)), window(3))]
    logits = np.array([[0, 1.0, 1.0], [0, 9.0, 0]])
    (found,) = worth(groups, collate(groups, 0), logits, logits)
    assert (found.answerable, found.exact, found.f1, found.margin) == (True, 0.0, 0.0, 18.0)
