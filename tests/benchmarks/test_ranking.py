"""Ranks, recall and percentiles on candidates small enough to be ranked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.archive import ArchiveQuestion, Found, find, recall
from benchmarks.ranking import Candidates, Weighing, order, recalls
from benchmarks.report import Goal, percent, percentile
from qa.records import Article, Hit, Passage

# Dense ranks 0 over 1 over 2, BM25 ranks 2 over 1 and knows nothing of 0; passage 2 holds the answer.
THREE = Candidates(
    numbers=np.array([10, 11, 12]),
    cosines=np.array([0.9, 0.6, 0.3]),
    bm25=np.array([0.0, 4.0, 8.0]),
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
        dense_rank=np.array([0, 1]),
        bm25_rank=np.array([1, 0]),
        holds_words=np.array([False, True]),
        holds_letters=np.array([False, True]),
    )
    assert order(unshared, Weighing(1.0, candidates=1)).tolist() == [0]


def test_recall_counts_the_first_passage_with_the_answer():
    # Dense has it third, BM25 first; as part of a word it is second for dense.
    assert recalls([THREE, THREE], Weighing(0.0, 3)) == (0.0, 1.0, 1.0, 1.0)
    assert recalls([THREE, THREE], Weighing(1.0, 3)) == (1.0, 1.0, 1.0, 1.0)
    nowhere = replace(THREE, holds_words=np.zeros(3, dtype=bool))
    assert recalls([THREE, nowhere], Weighing(1.0, 3)) == (0.5, 0.5, 0.5, 0.5)


def _hit(title, text, *copies):
    article = Article(id=title, title=title, text=text)
    twins = tuple(Article(id=copy, title=copy, text=text) for copy in copies)
    return Hit(Passage(article, 0, len(text)), 1.0, 1.0, 1.0, twins)


def test_gold_article_is_found_by_its_title_or_that_of_a_copy():
    asked = ArchiveQuestion("a1", "Who came?", ("Shoigu",), "The visit", "who")
    hits = [
        _hit("Other", "Shoigu left."),
        _hit("Twin", "He came.", "The visit"),
        _hit("the visit!", "Shoigu."),
    ]
    assert find(asked, hits) == Found(article=2, answer=3)
    assert find(asked, hits[:1]) == Found(article=None, answer=None)


def test_recall_of_ranks_counts_those_at_or_above_the_depth():
    assert recall([1, 5, 6, None], 5) == 0.5


def test_percentile_is_a_value_that_was_measured():
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95.0
    assert percentile([7.0], 0.95) == 7.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_goal_is_met_from_its_least_value_on():
    assert Goal("recall", 0.97, 0.97).met
    assert not Goal("recall", 0.969, 0.97).met


def test_percent_writes_one_decimal_and_a_dash_for_nothing():
    assert percent(0.6123) == "61.2 %"
    assert percent(None) == "-"
