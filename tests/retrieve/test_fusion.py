"""Fused scores, worked out by hand."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index.engine import Candidates
from qa.records import TimeCondition
from qa.retrieve.fusion import fuse, nearness, scores
from qa.retrieve.query import Query
from qa.settings import AskSettings

COSINES = np.array([0.2, 0.7, 0.45])
BM25 = np.array([8.0, 2.0, 0.0])


def test_lexical_alone_ranks_by_bm25_and_dense_alone_by_cosine():
    assert np.argsort(-fuse(COSINES, BM25, lexical_weight=1.0)).tolist() == [0, 1, 2]
    assert np.argsort(-fuse(COSINES, BM25, lexical_weight=0.0)).tolist() == [1, 2, 0]


@pytest.mark.parametrize("weight", [0.25, 0.5, 0.9])
def test_weight_moves_every_score_in_a_straight_line_from_dense_to_lexical(weight: float):
    dense, lexical = (fuse(COSINES, BM25, lexical_weight=end) for end in (0.0, 1.0))
    assert fuse(COSINES, BM25, lexical_weight=weight) == pytest.approx(
        weight * lexical + (1 - weight) * dense
    )


def test_nearness_to_the_day_or_else_to_the_time_of_the_question_is_added():
    days = np.array(["2023-07-25T12:00", "2023-07-26T12:00", "NaT"], dtype="datetime64[us]")
    found = Candidates(np.arange(3), COSINES, BM25, days)
    settings = AskSettings(lexical_weight=0.6, day_weight=0.5, day_scale=2.0)
    fused = [0.6 * 1 + 0.4 * 0.2, 0.6 * 0.25 + 0.4 * 0.7, 0.4 * 0.45]
    near = [math.exp(-1 / 2), 1.0, 0.0]
    assert scores(found, Query("who"), settings) == pytest.approx(fused)
    asked = scores(found, Query("who", as_of=date(2023, 7, 26)), settings)
    assert asked == pytest.approx([f + 0.5 * n for f, n in zip(fused, near, strict=True)])
    july = TimeCondition(0, 4, "July", date(2023, 7, 1), date(2023, 7, 31), True, "July 2023")
    timely = scores(found, Query("who", as_of=date(2023, 7, 26), time=july), settings)
    assert timely == pytest.approx([fused[0] + 0.5, fused[1] + 0.5, fused[2]])


def test_no_shared_word_leaves_the_order_to_the_cosines():
    fused = fuse(COSINES, np.zeros(3), lexical_weight=0.5)
    assert np.isfinite(fused).all()
    assert np.argsort(-fused).tolist() == [1, 2, 0]


def test_equal_cosines_leave_the_order_to_bm25():
    fused = fuse(np.full(3, 0.3), BM25, lexical_weight=0.5)
    assert np.isfinite(fused).all()
    assert np.argsort(-fused).tolist() == [0, 1, 2]


def test_no_candidates_fuse_to_no_scores():
    assert fuse(np.empty(0), np.empty(0), lexical_weight=0.5).tolist() == []


SCORES = st.lists(st.tuples(st.floats(-1, 1, width=32), st.floats(0, 60, width=32)), min_size=1, max_size=20)


@given(SCORES, st.floats(0, 1))
def test_scores_stay_between_0_and_1_and_who_is_better_in_both_is_better(scores, weight: float):
    cosines, bm25 = np.array(scores).T
    fused = fuse(cosines, bm25, lexical_weight=weight)
    assert ((fused >= 0) & (fused <= 1 + 1e-9)).all()
    for i, (cosine, score) in enumerate(scores):
        for j, (other_cosine, other_score) in enumerate(scores):
            if cosine >= other_cosine and score >= other_score:
                assert fused[i] >= fused[j] - 1e-9


@pytest.mark.parametrize("weight", [-0.01, 1.01])
def test_weight_outside_0_to_1_is_refused(weight: float):
    with pytest.raises(ValueError, match=f"lexical_weight must be from 0 to 1, not {weight}"):
        fuse(COSINES, BM25, lexical_weight=weight)


def test_scores_of_different_lengths_are_refused_with_both():
    with pytest.raises(ValueError, match=r"\(3,\) cosines for \(2,\) BM25 scores"):
        fuse(COSINES, BM25[:2], lexical_weight=0.5)


def test_nearness_falls_by_e_with_the_scale_on_both_sides_and_is_nothing_for_undated_articles():
    moments = ["2023-07-12T12:00", "2023-07-02T12:00", "2023-07-22T12:00", "2023-06-22T12:00", "NaT"]
    day = datetime(2023, 7, 12, 12, tzinfo=UTC)
    near = nearness(np.array(moments, dtype="datetime64[us]"), day, days=10.0)
    assert near.tolist() == pytest.approx([1.0, math.exp(-1), math.exp(-1), math.exp(-2), 0.0])
