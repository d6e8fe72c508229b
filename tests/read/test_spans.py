"""Spans from logits worked out by hand, and against a plain loop over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qa.read.spans import Span, best_spans

#        [CLS] who  [SEP]  on   5   July  [SEP]
START = [2.0, 9.0, 9.0, 1.0, 5.0, 3.0, 9.0]
END = [1.0, 9.0, 9.0, 0.0, 2.0, 6.0, 9.0]
PASSAGE = [False, False, False, True, True, True, False]


def spans(longest: int, many: int, may_start=PASSAGE, may_end=PASSAGE) -> list[Span]:
    return best_spans(
        np.array(START),
        np.array(END),
        may_start=np.array(may_start),
        may_end=np.array(may_end),
        longest=longest,
        many=many,
    )


def test_margins_are_worked_out_by_hand():
    # The null is 2 + 1 = 3: "5 July" 5 + 6 - 3, "July" 3 + 6 - 3, "on 5 July" 1 + 6 - 3, "5" 5 + 2 - 3.
    assert spans(longest=9, many=4) == [Span(4, 5, 8.0), Span(5, 5, 6.0), Span(3, 5, 4.0), Span(4, 4, 4.0)]


def test_span_longer_than_the_limit_is_no_answer():
    assert spans(longest=2, many=3) == [Span(4, 5, 8.0), Span(5, 5, 6.0), Span(4, 4, 4.0)]
    assert spans(longest=1, many=1) == [Span(5, 5, 6.0)]


def test_question_and_special_tokens_are_never_part_of_a_span():
    assert {(s.first, s.last) for s in spans(longest=9, many=99)} == {
        (first, last) for first in (3, 4, 5) for last in (3, 4, 5) if first <= last
    }


def test_span_starts_and_ends_only_where_a_word_does():
    begins = [False, False, False, True, False, False, False]
    ends = [False, False, False, False, False, True, False]
    assert spans(longest=9, many=9, may_start=begins, may_end=ends) == [Span(3, 5, 4.0)]


def test_no_token_of_a_passage_makes_no_span():
    assert spans(longest=9, many=9, may_start=[False] * 7) == []
    empty = np.array([])
    assert best_spans(empty, empty, may_start=empty, may_end=empty, longest=5, many=5) == []


def test_equal_margins_come_in_order_of_first_then_last_token():
    ones = np.ones(4)
    anywhere = np.array([False, True, True, True])
    found = best_spans(ones, ones, may_start=anywhere, may_end=anywhere, longest=2, many=9)
    assert [(span.first, span.last) for span in found] == [(1, 1), (1, 2), (2, 2), (2, 3), (3, 3)]
    assert {span.margin for span in found} == {0.0}


def test_margin_under_zero_is_given_too_for_the_caller_to_judge():
    start, end = np.array([9.0, 1.0]), np.array([9.0, 2.0])
    passage = np.array([False, True])
    assert best_spans(start, end, may_start=passage, may_end=passage, longest=1, many=1) == [
        Span(1, 1, -15.0)
    ]


@st.composite
def windows(draw):
    """Logits with many ties, masks of their own for starts and ends."""
    n = draw(st.integers(1, 12))
    logits = arrays.arrays(np.float32, n, elements=st.integers(-3, 3))
    masks = arrays.arrays(bool, n)
    return draw(logits), draw(logits), draw(masks), draw(masks)


@given(windows(), st.integers(1, 15), st.integers(1, 80))
def test_spans_are_those_of_a_plain_loop_over_all_pairs(window, longest: int, many: int):
    start, end, may_start, may_end = window
    expected = [
        Span(first, last, float(start[first] + end[last] - start[0] - end[0]))
        for first in range(len(start))
        for last in range(first, min(first + longest, len(start)))
        if may_start[first] and may_end[last]
    ]
    expected.sort(key=lambda span: (-span.margin, span.first, span.last))
    found = best_spans(start, end, may_start=may_start, may_end=may_end, longest=longest, many=many)
    assert found == expected[:many]


def test_shapes_that_differ_are_refused_with_all_numbers():
    four = np.ones(4)
    with pytest.raises(ValueError, match="4 start logits for 3 end logits and masks of 4, 4"):
        best_spans(four, four[:3], may_start=four, may_end=four, longest=1, many=1)


@pytest.mark.parametrize(("longest", "many"), [(0, 1), (1, 0)])
def test_limits_under_one_are_refused_with_both(longest: int, many: int):
    with pytest.raises(ValueError, match=f"must be at least 1, not {longest} and {many}"):
        spans(longest=longest, many=many)


def test_no_span_reaches_into_another_paragraph():
    start, end = np.array([0.0, 5.0, 1.0, 0.0]), np.array([0.0, 1.0, 2.0, 9.0])
    everywhere = np.array([False, True, True, True])
    limits = {"may_start": everywhere, "may_end": everywhere, "longest": 4, "many": 2}
    assert best_spans(start, end, **limits)[0] == Span(1, 3, 14.0)
    # The last token stands alone in its paragraph: 1 to 2 and 3 to 3 are left at the top.
    parted = best_spans(start, end, **limits, paragraphs=np.array([0, 0, 0, 1]))
    assert parted == [Span(3, 3, 9.0), Span(1, 2, 7.0)]
