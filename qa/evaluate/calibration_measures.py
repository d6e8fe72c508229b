"""Confidences and whether each was right -> how far they can be trusted: calibration error, risk, coverage.

All take ``confidences (n,)``, probabilities from 0 to 1, and ``right (n,)``, 0 or 1. Nothing depends on
the order of the questions: those of equal confidence share their mean rightness where a bin's
border parts them, and are given or kept back together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Questions of similar confidence: their mean confidence, and the share that was right."""

    questions: int
    lowest: float  # confidence
    highest: float  # confidence
    confidence: float  # mean
    accuracy: float  # share that was right


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Every distinct threshold from the highest down, and what giving answers from there on would mean."""

    thresholds: np.ndarray  # (m,) least confidence of a given answer
    coverage: np.ndarray  # (m,) share of the questions that get one, over 0 to 1
    risk: np.ndarray  # (m,) share of those that is wrong


def reliability_bins(confidences: np.ndarray, right: np.ndarray, *, bins: int = BINS) -> list[ReliabilityBin]:
    """Return bins of equal mass, lowest confidence first; sizes differ by one at most.

    Of fewer questions than bins each gets its own.

    :raises ValueError: if there are no questions, shapes differ or a value is out of range.
    """
    if bins < 1:
        raise ValueError(f"bins must be at least 1, not {bins}")
    confidences, right = _checked(confidences, right)
    order = np.argsort(confidences)
    ranked = confidences[order]
    _, group = np.unique(ranked, return_inverse=True)
    shared = (np.bincount(group, weights=right[order]) / np.bincount(group))[group]
    return [
        ReliabilityBin(
            questions=len(part),
            lowest=float(ranked[part[0]]),
            highest=float(ranked[part[-1]]),
            confidence=float(ranked[part].mean()),
            accuracy=float(shared[part].mean()),
        )
        for part in np.array_split(np.arange(len(ranked)), min(bins, len(ranked)))
    ]


def expected_calibration_error(confidences: np.ndarray, right: np.ndarray, *, bins: int = BINS) -> float:
    """Return the mean distance, 0 to 1, of confidence and accuracy over bins of equal mass.

    The method is of Nguyen & O'Connor 2015.

    :raises ValueError: as :func:`reliability_bins`.
    """
    parts = reliability_bins(confidences, right, bins=bins)
    return sum(p.questions * abs(p.confidence - p.accuracy) for p in parts) / sum(p.questions for p in parts)


def risk_coverage(confidences: np.ndarray, right: np.ndarray) -> RiskCoverage:
    """Return the curve of selective answering (El-Yaniv & Wiener 2010), least coverage first.

    :raises ValueError: if there are no questions, shapes differ or a value is out of range.
    """
    confidences, right = _checked(confidences, right)
    order = np.argsort(-confidences)
    ranked = confidences[order]
    # A threshold cannot part equal confidences, so only the last of each run is a point.
    last = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True))
    given = last + 1
    wrong = given - np.cumsum(right[order])[last]
    return RiskCoverage(thresholds=ranked[last], coverage=given / len(ranked), risk=wrong / given)


def coverage_at(confidences: np.ndarray, right: np.ndarray, *, accuracy: float) -> float:
    """Return the largest share of questions that a threshold can answer at this accuracy; 0 if none.

    :raises ValueError: as :func:`risk_coverage`.
    """
    curve = risk_coverage(confidences, right)
    # A hair of room, or 1 - 0.2 would not reach 0.8.
    reached = curve.coverage[1 - curve.risk >= accuracy - 1e-9]
    return float(reached.max(initial=0.0))


def _checked(confidences: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    confidences, right = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if confidences.ndim != 1 or confidences.shape != right.shape:
        raise ValueError(f"confidences {confidences.shape} and right {right.shape} must both be (n,)")
    if not len(confidences):
        raise ValueError("no questions, so nothing to measure")
    if not ((confidences >= 0) & (confidences <= 1)).all():  # also false of nan
        raise ValueError(f"a confidence must lie from 0 to 1, not {confidences.min()} to {confidences.max()}")
    if not ((right == 0) | (right == 1)).all():
        raise ValueError("right must hold 0 and 1 alone")
    return confidences, right
