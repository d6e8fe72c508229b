"""Means with intervals over articles, and what an answer is worth at a threshold."""

from __future__ import annotations

import numpy as np
import pytest

from qa.evaluate.metrics import Scored, best_threshold, figures
from training.unseen import always, at_best, interval

WORTH = [
    Scored(True, 1.0, 1.0, 5.0),
    Scored(True, 0.0, 0.5, 2.0),
    Scored(False, 0.0, 0.0, 3.0),
    Scored(False, 0.0, 0.0, -1.0),
    Scored(True, 0.0, 0.0, -4.0),
]


def test_the_worth_at_the_best_threshold_has_the_mean_of_the_official_figures():
    expected = figures(WORTH, best_threshold(WORTH)).f1
    assert at_best(WORTH).mean() == pytest.approx(expected)


def test_an_unanswerable_question_has_no_forced_worth():
    assert np.isnan(always(WORTH)).tolist() == [False, False, True, True, False]


def test_an_interval_holds_the_mean_and_is_a_point_where_all_articles_are_alike():
    alike = interval(np.full(40, 0.25), np.repeat(np.arange(10), 4))
    assert (alike.mean, alike.low, alike.high) == (0.25, 0.25, 0.25)
    values, groups = np.array([1.0, 0.0] * 20), np.repeat(np.arange(10), 4)
    # Each article has two right and two wrong questions.
    assert interval(values, groups).low == interval(values, groups).high == 0.5


def test_questions_of_one_article_are_drawn_together():
    """200 questions on two articles give a wide interval; 200 questions on 200 articles give a narrow one."""
    values = np.repeat([0.0, 1.0], 100)
    few = interval(values, np.repeat([0, 1], 100))
    many = interval(values, np.arange(200))
    assert (few.low, few.high) == (0.0, 1.0)
    assert 0.42 < many.low < 0.5 < many.high < 0.58


def test_questions_without_a_worth_are_passed_over():
    values, groups = np.array([np.nan, 1.0, 0.0, np.nan]), np.array([0, 0, 1, 1])
    assert interval(values, groups).mean == 0.5
