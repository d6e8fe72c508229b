"""Which windows are read to the end: the first, the promising, and at least five."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.models.staged import Begun
from qa.models.tokenizer import Tokens
from qa.read.leading import LEAST, PROMISING, leading
from qa.read.windows import Window

TOKENS = 5


def window(*, legal: bool = True) -> Window:
    may = np.array([False, False, legal, legal, False])
    places = np.where(may, np.arange(TOKENS), -1)
    return Window(
        passage=0,
        tokens=Tokens(np.zeros(TOKENS, int), np.zeros(TOKENS, int)),
        in_title=np.zeros(TOKENS, bool),
        starts=places,
        ends=places + 1,
        may_start=may,
        may_end=may,
        paragraphs=np.where(may, 0, -1),
    )


def promising(margin: float, null: float = 3.0) -> Begun:
    """Return what makes a window's best start and end worth this margin; illegal tokens are worth more."""
    start = np.array([null, 99.0, -500.0, null + margin, 99.0])
    end = np.array([0.0, 99.0, 0.0, -1.0, 99.0])
    return Begun(np.zeros((TOKENS, 2)), start, end)


def led(*margins: float) -> list[int]:
    return leading([window()] * len(margins), [promising(margin) for margin in margins])


def test_windows_that_promise_an_answer_are_read_on_in_their_order():
    assert led(-1, 5, -1, 4, -1, 3, -1, 2, -1, 1) == [0, 1, 3, 5, 7, 9]


def test_at_least_five_are_read_on_the_most_promising():
    assert led(-5, -8, -1, -7, -2, -3, -9) == [0, 2, 3, 4, 5]


def test_the_nearest_passage_is_always_read_on():
    assert led(-99, -1, -1, -1, -1, -1, -2) == [0, 1, 2, 3, 4, 5]


def test_few_windows_are_all_read_on():
    assert led(-9, -9, -9, -9, -9) == [0, 1, 2, 3, 4]
    assert led() == []


def test_of_equal_promises_the_earlier_counts():
    assert led(0, -5, -5, -5, -5, -5, -5) == [0, 1, 2, 3, 4]


def test_the_margin_is_measured_against_the_null_of_its_window():
    begun = [promising(-1, null) for null in (0.0, 1, 2, 3, 4, 50)]
    assert leading([window()] * 6, begun) == [0, 1, 2, 3, 4]


def test_a_window_without_a_place_for_an_answer_promises_nothing():
    windows = [window(), window(legal=False), window(), window(), window(), window()]
    assert leading(windows, [promising(m) for m in (-9.0, 9, -9, -9, -9, -9)]) == [0, 2, 3, 4, 5]


@given(st.lists(st.floats(-20, 20), max_size=12))
def test_what_is_left_out_promises_less_than_all_that_is_read_on_but_the_first(margins: list[float]):
    kept = led(*margins)
    assert kept == sorted(set(kept))
    assert len(kept) >= min(LEAST, len(margins))
    assert kept[:1] == [0][: len(margins)]
    left_out = [margin for at, margin in enumerate(margins) if at not in kept]
    assert all(margin <= PROMISING + 1e-6 for margin in left_out)
    assert all(margins[at] >= max(left_out) - 1e-6 for at in kept[1:] if left_out)
