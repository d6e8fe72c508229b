"""Calibration error, risk and coverage against hand-worked cases and brute force."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.calibration_measures import (
    ReliabilityBin,
    coverage_at,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)

# Few distinct confidences, so that ties are common.
QUESTIONS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0]), st.booleans()), min_size=1, max_size=40
)


def arrays(questions: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([c for c, _ in questions]), np.array([r for _, r in questions])


def test_bins_of_four_questions_are_as_worked_out_by_hand():
    confidences = np.array([0.9, 0.1, 0.7, 0.3])
    right = np.array([1, 0, 0, 1])
    low, high = reliability_bins(confidences, right, bins=2)
    assert low == ReliabilityBin(2, 0.1, 0.3, pytest.approx(0.2), 0.5)
    assert high == ReliabilityBin(2, 0.7, 0.9, pytest.approx(0.8), 0.5)
    # |0.2 - 0.5| and |0.8 - 0.5|, half the questions each.
    assert expected_calibration_error(confidences, right, bins=2) == pytest.approx(0.3)


def test_bins_hold_equally_many_questions_whatever_their_confidences():
    confidences = np.array([0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.99])
    sizes = [part.questions for part in reliability_bins(confidences, np.ones(7), bins=3)]
    assert sizes == [3, 2, 2]


def test_fewer_questions_than_bins_get_a_bin_each():
    assert [p.questions for p in reliability_bins(np.array([0.5, 0.4]), np.array([1, 0]))] == [1, 1]


def test_perfectly_calibrated_confidence_has_no_error():
    confidences = np.repeat([0.25, 0.75], 40)
    right = np.tile([0, 0, 0, 1], 10).tolist() + np.tile([1, 0, 1, 1], 10).tolist()
    assert expected_calibration_error(confidences, np.array(right)) == pytest.approx(0, abs=1e-12)


def test_always_sure_and_always_wrong_is_the_worst():
    assert expected_calibration_error(np.ones(30), np.zeros(30)) == 1.0


def error_by_brute_force(questions: list[tuple[float, bool]], bins: int) -> Fraction:
    """Compute it question by question; each question of a tie counts as the mean of the tie."""
    n = len(questions)
    dealt = []
    for confidence, _ in sorted(questions):
        tied = [r for c, r in questions if c == confidence]
        dealt.append((Fraction(confidence), Fraction(sum(tied), len(tied))))
    bins = min(bins, n)
    total, taken = Fraction(0), 0
    for number in range(bins):
        size = n // bins + (number < n % bins)
        part = dealt[taken : taken + size]
        taken += size
        total += abs(sum(c for c, _ in part) - sum(r for _, r in part))
    return total / n


@given(QUESTIONS, st.integers(1, 12))
def test_calibration_error_agrees_with_brute_force(questions, bins):
    found = expected_calibration_error(*arrays(questions), bins=bins)
    assert found == pytest.approx(float(error_by_brute_force(questions, bins)), abs=1e-12)


@given(QUESTIONS, st.randoms(use_true_random=False))
def test_order_of_the_questions_never_matters(questions, random):
    mixed = list(questions)
    random.shuffle(mixed)
    assert reliability_bins(*arrays(mixed)) == reliability_bins(*arrays(questions))
    one, other = risk_coverage(*arrays(mixed)), risk_coverage(*arrays(questions))
    assert [*one.risk, *one.coverage] == [*other.risk, *other.coverage]


def test_risk_and_coverage_of_four_questions_are_as_worked_out_by_hand():
    curve = risk_coverage(np.array([0.9, 0.8, 0.8, 0.1]), np.array([1, 0, 1, 0]))
    assert curve.thresholds.tolist() == [0.9, 0.8, 0.1]
    assert curve.coverage.tolist() == [0.25, 0.75, 1.0]
    assert curve.risk.tolist() == [0, pytest.approx(1 / 3), 0.5]


@given(QUESTIONS)
def test_risk_and_coverage_agree_with_trying_every_threshold(questions):
    curve = risk_coverage(*arrays(questions))
    points = list(zip(curve.thresholds, curve.coverage, curve.risk, strict=True))
    expected = []
    for threshold in sorted({c for c, _ in questions}, reverse=True):
        shown = [r for c, r in questions if c >= threshold]
        expected.append((threshold, len(shown) / len(questions), 1 - sum(shown) / len(shown)))
    assert points == [tuple(pytest.approx(value) for value in point) for point in expected]


@given(QUESTIONS, st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(4, 5), Fraction(1)]))
def test_coverage_at_an_accuracy_agrees_with_trying_every_threshold(questions, accuracy):
    best = Fraction(0)
    for threshold in {c for c, _ in questions}:
        shown = [r for c, r in questions if c >= threshold]
        if Fraction(sum(shown), len(shown)) >= accuracy:
            best = max(best, Fraction(len(shown), len(questions)))
    assert coverage_at(*arrays(questions), accuracy=float(accuracy)) == pytest.approx(float(best))


def test_coverage_takes_the_largest_share_even_if_a_smaller_one_fails():
    # The surest answer is wrong, but of all five four are right.
    confidences, right = np.array([0.9, 0.8, 0.7, 0.6, 0.5]), np.array([0, 1, 1, 1, 1])
    assert coverage_at(confidences, right, accuracy=0.8) == 1.0
    assert coverage_at(confidences, right, accuracy=0.81) == 0.0


def test_coverage_reaches_an_accuracy_that_is_met_exactly():
    # 1 - 9/10 is a little under 0.1 in floating point.
    assert coverage_at(np.full(10, 0.1), np.arange(10) == 0, accuracy=0.1) == 1.0


@pytest.mark.parametrize(
    ("confidences", "right", "told"),
    [
        ([], [], "no questions"),
        ([0.5, 0.6], [1], r"\(2,\) and right \(1,\)"),
        ([[0.5]], [[1]], r"\(1, 1\)"),
        ([1.2], [1], "from 0 to 1"),
        ([float("nan")], [1], "from 0 to 1"),
        ([0.5], [0.7], "0 and 1 alone"),
    ],
)
def test_values_that_are_no_numbers_are_refused(confidences, right, told):
    for measure in (reliability_bins, risk_coverage):
        with pytest.raises(ValueError, match=told):
            measure(np.array(confidences), np.array(right))


def test_no_bins_are_refused():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        reliability_bins(np.array([0.5]), np.array([1]), bins=0)
