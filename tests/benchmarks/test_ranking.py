"""Ranks and recall on candidates small enough to be ranked by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from benchmarks.ranking import Candidates, Weighing, order, recalls
from benchmarks.report import Goal
from qa.retrieve.query import Query

MAY = Query("Who?", as_of=date(2023, 5, 3))
# Dense ranks 0 over 1 over 2, BM25 ranks 2 over 1 and knows nothing of 0; passage 2 holds the answer.
THREE = Candidates(
    numbers=np.array([10, 11, 12]),
    cosines=np.array([0.9, 0.6, 0.3]),
    bm25=np.array([0.0, 4.0, 8.0]),
    published=np.array(["2023-05-01", "NaT", "2023-05-03T12:00"], dtype="datetime64[us]"),
    query=MAY,
    dense_rank=np.array([0, 1, 2]),
    bm25_rank=np.array([2, 1, 0]),
    holds_words=np.array([False, False, True]),
    holds_letters=np.array([False, True, True]),
)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (0.0, [0, 1, 2]),
        (1.0, [2, 1, 0]),
        (0.25, [0, 1, 2]),  # 0.675, 0.575, 0.475
        (0.6, [2, 1, 0]),  # 0.36, 0.54, 0.72
    ],
)
def test_fused_order_follows_the_weight(weight, expected):
    assert order(THREE, Weighing(weight, candidates=3)).tolist() == expected


def test_equal_scores_rank_by_number():
    # 0.5 * 1, 0.5 * 0.5 + 0.5 * 0.5 and 0.5 * 1, all exact in binary.
    halves = replace(THREE, cosines=np.array([1.0, 0.5, 0.0]), bm25=np.array([0.0, 4.0, 8.0]))
    assert order(halves, Weighing(0.5, candidates=3)).tolist() == [0, 1, 2]


def test_only_candidates_that_a_setting_looks_at_are_ranked():
    # One from each method: dense brings 0, BM25 brings 2.
    assert order(THREE, Weighing(1.0, candidates=1)).tolist() == [2, 0]


def test_a_passage_without_a_shared_word_is_no_bm25_candidate():
    unshared = Candidates(
        numbers=np.array([1, 2]),
        cosines=np.array([0.5, 0.4]),
        bm25=np.array([0.0, 0.0]),
        published=np.array(["NaT", "NaT"], dtype="datetime64[us]"),
        query=MAY,
        dense_rank=np.array([0, 1]),
        bm25_rank=np.array([1, 0]),
        holds_words=np.array([False, True]),
        holds_letters=np.array([False, True]),
    )
    assert order(unshared, Weighing(1.0, candidates=1)).tolist() == [0]


def test_day_of_the_question_lifts_what_is_near_it():
    # Dense alone ranks 0, 1, 2; the third, of that very noon, gains 1 and the first, two and a half days
    # off, e^-2.5 = 0.08: 0.98, 0.6, 1.3.
    assert order(THREE, Weighing(0.0, 3, day_weight=1.0, day_scale=1.0)).tolist() == [2, 0, 1]


def test_recall_counts_the_first_passage_with_the_answer():
    # Dense has it third, BM25 first; as part of a word it is second for dense.
    assert recalls([THREE, THREE], Weighing(0.0, 3)) == (0.0, 1.0, 1.0, 1.0)
    assert recalls([THREE, THREE], Weighing(1.0, 3)) == (1.0, 1.0, 1.0, 1.0)
    nowhere = replace(THREE, holds_words=np.zeros(3, dtype=bool))
    assert recalls([THREE, nowhere], Weighing(1.0, 3)) == (0.5, 0.5, 0.5, 0.5)


def test_a_goal_is_met_from_its_least_value_on():
    assert Goal("recall", 0.97, 0.97).met
    assert not Goal("recall", 0.969, 0.97).met
