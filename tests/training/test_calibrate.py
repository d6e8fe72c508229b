"""The calibration's fit, on candidates whose truth is known."""

import numpy as np
import pytest

from training.calibrate import best_threshold, fit


def test_threshold_balances_right_and_shown_answers():
    confidences = np.array([0.9, 0.8, 0.3, 0.2])
    # Two shown: F1 = 2 * 2 / (2 + 3) = 0.80; all four shown: 2 * 3 / (4 + 3) = 0.86.
    assert best_threshold(confidences, np.array([True, True, False, True])) == 0.2
    # Two shown: 2 * 2 / (2 + 2) = 1; the wrong ones below are kept back.
    assert best_threshold(confidences, np.array([True, True, False, False])) == 0.8


def test_fit_finds_the_weight_that_made_the_labels():
    random = np.random.default_rng(0)
    features = random.normal(size=(20_000, 3))
    labels = random.random(20_000) < 1 / (1 + np.exp(-(1.5 * features[:, 0] - 1.0)))
    # One candidate a question: then both regressions see the same data.
    calibration = fit(features, labels, np.arange(20_000))
    assert calibration.margin == pytest.approx(1.5, abs=0.06)
    assert calibration.similarity == pytest.approx(0, abs=0.06)
    assert calibration.score == pytest.approx(0, abs=0.06)
    assert calibration.bias == pytest.approx(-1.0, abs=0.06)
