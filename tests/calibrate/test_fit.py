"""The calibration's fit, on candidates whose truth is known."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest

from qa.calibrate.fit import Asked, best_threshold, cross_validated, fit, guess_threshold, ranking_of
from qa.read.evidence import FEATURES, OWN, Evidence


def test_threshold_balances_right_and_shown_answers():
    confidences = np.array([0.9, 0.8, 0.3, 0.2])
    # Two shown: F1 = 2 * 2 / (2 + 3) = 0.80; all four shown: 2 * 3 / (4 + 3) = 0.86, from 0.01 to 0.20.
    assert best_threshold(confidences, np.array([True, True, False, True])) == 0.10
    # Two shown: 2 * 2 / (2 + 2) = 1, from 0.31 to 0.80; the wrong ones below are kept back.
    assert best_threshold(confidences, np.array([True, True, False, False])) == 0.55


def test_of_thresholds_that_are_nearly_as_good_the_middle_one_is_taken():
    right = np.arange(1000) >= 500
    confidences = np.where(right, 0.8, 0.1)
    confidences[:2] = 0.5  # two wrong ones: F1 = 2 * 500 / (502 + 500) = 0.998, within 0.005 of 1
    assert best_threshold(confidences, right) == 0.45  # the middle of 0.11 to 0.80


def asked(random: np.random.Generator, agreement: float, depth: float = 0.0) -> Asked:
    """Four candidates, of which at most one is right, drawn in proportion to e^score against e^0 for none."""
    features = random.normal(size=(4, len(FEATURES)))
    chances = np.exp(np.append(features[:, : len(OWN)] @ [1.5, 1.5 * agreement, -1.5 * depth], 0.0))
    right = random.choice(5, p=chances / chances.sum())
    return Asked(Evidence(features, ("a", "b", "c", "d")), np.arange(4) == right)


@pytest.mark.parametrize(("agreement", "depth"), [(0, 0), (4, 0), (0, 1), (2, 1)])
def test_ranking_finds_what_agreement_was_worth_and_depth_cost(agreement: int, depth: int):
    random = np.random.default_rng(0)
    found = ranking_of([asked(random, agreement, depth) for _ in range(3000)])
    assert agreement / 2 <= found.agreement <= agreement
    assert abs(found.depth - depth) <= 0.25


def test_question_of_double_weight_counts_like_two():
    random = np.random.default_rng(2)
    questions = [asked(random, 0.3) for _ in range(60)]
    heavy = [replace(question, weight=2.0) for question in questions[:20]]
    assert fit(heavy + questions[20:]).margin != pytest.approx(fit(questions).margin, rel=1e-3)
    twice = [*questions[:20], *questions]
    assert asdict(fit(heavy + questions[20:])) == pytest.approx(asdict(fit(twice)), rel=0.03, abs=0.02)


def test_confidence_is_the_share_of_winners_that_are_right():
    random = np.random.default_rng(1)
    questions = [asked(random, 0) for _ in range(4000)]
    calibration = fit(questions)
    confidences = [calibration.confidences(question.evidence) for question in questions]
    winners = [int(np.argmax(found)) for found in confidences]
    sure = np.array([found[winner] for found, winner in zip(confidences, winners, strict=True)])
    right = np.array([q.right[winner] for q, winner in zip(questions, winners, strict=True)])
    for low, high in ((0.3, 0.5), (0.5, 0.7), (0.7, 0.9)):
        of_bin = (sure >= low) & (sure < high)
        assert of_bin.sum() > 200
        assert right[of_bin].mean() == pytest.approx(sure[of_bin].mean(), abs=0.06)


def test_guess_goes_down_to_where_one_in_five_is_right():
    # At 0.30 one in four is right, at 0.10 one in ten; a tenth of confidence counts as alike.
    confidences = np.repeat([0.9, 0.3, 0.1], [10, 20, 20])
    right = np.concatenate([np.ones(10), np.arange(20) % 4 == 0, np.arange(20) % 10 == 0]).astype(bool)
    assert guess_threshold(confidences, right) == 0.16


def test_where_all_are_right_often_enough_every_answer_may_be_a_guess():
    assert guess_threshold(np.array([0.9, 0.5, 0.1]), np.array([True, True, True])) == 0.01


def test_guess_is_never_surer_than_an_answer():
    random = np.random.default_rng(5)
    found = fit([asked(random, 0) for _ in range(400)])
    assert 0 < found.guess <= found.threshold < 1


def test_fit_on_one_kind_alone_is_refused():
    random = np.random.default_rng(6)
    questions = [
        replace(each, right=np.zeros(4, dtype=bool)) for each in (asked(random, 0) for _ in range(60))
    ]
    with pytest.raises(ValueError, match="0 of 60 best candidates are right"):
        fit(questions)
    with pytest.raises(ValueError, match="0 best candidates of one kind are too few: 5 are the least"):
        cross_validated(questions)


def test_cross_validated_confidences_are_near_those_of_the_whole():
    random = np.random.default_rng(7)
    questions = [asked(random, 0) for _ in range(1500)]
    sure, right = cross_validated(questions)
    assert sure.shape == right.shape == (1500,)
    whole = fit(questions)
    own = np.array([whole.confidences(each.evidence).max() for each in questions])
    assert np.abs(sure - own).mean() < 0.02
