"""Outcomes of all questions -> an Evaluation: every figure that a user's archive is judged by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from qa.evaluate.asking import Guesses, Latency, Outcome, as_shipped, forced, guesses, latency
from qa.evaluate.calibration_measures import (
    ReliabilityBin,
    RiskCoverage,
    coverage_at,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)
from qa.evaluate.finding import Found, recall
from qa.evaluate.metrics import Figures
from qa.evaluate.questions import Question

DEPTHS = (1, 5, 10, 20)
ACCURACY = 0.8  # coverage is reported for it
LISTED = 5  # slowest and worst questions


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares of questions, 0 to 1; None where no question has such a gold."""

    depth: int  # passages
    answer: float | None  # a passage with a gold answer is among them
    article: float | None  # a passage of a gold article is


@dataclass(frozen=True, slots=True)
class Trust:
    """How far confidences can be trusted, the best span given to every question."""

    error: float  # expected calibration error, 0 to 1
    bins: tuple[ReliabilityBin, ...]  # of equal mass, lowest confidence first
    curve: RiskCoverage
    coverage: float  # share of questions answered where ACCURACY of the answers are right


@dataclass(frozen=True, slots=True)
class Case:
    """One question to look at."""

    id: str
    where: str  # file:line
    question: str
    golds: tuple[str, ...]
    given: str | None  # the best span; None if there was none
    title: str  # of its article
    shown: bool  # False: kept back
    confidence: float | None
    margin: float | None
    f1: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one run."""

    questions: int
    answerable: int
    recall: tuple[Recall, ...]
    shipped: Figures
    forced: Figures
    guesses: Guesses  # what was shown as unsure
    refused_answerable: float | None
    refused_unanswerable: float | None
    trust: Trust | None  # None: the reader is uncalibrated
    latency: Latency
    slowest: tuple[Case, ...]  # slowest first
    worst: tuple[Case, ...]  # wrong, surest first


def evaluation(outcomes: Sequence[Outcome[Question]], found: Sequence[Found]) -> Evaluation:
    """Judge the outcomes, given where the golds stand among each question's hits.

    :raises ValueError: if there are no outcomes, or not as many of both.
    """
    pairs = list(zip(outcomes, found, strict=True))
    answers = [ranks.answer for outcome, ranks in pairs if outcome.gold.golds]
    articles = [ranks.article for outcome, ranks in pairs if outcome.gold.articles]
    wrong = [o for o in outcomes if o.forced is not None and not o.worth.right]
    return Evaluation(
        questions=len(outcomes),
        answerable=len(answers),
        recall=tuple(Recall(depth, recall(answers, depth), recall(articles, depth)) for depth in DEPTHS),
        shipped=as_shipped(outcomes),
        forced=forced(outcomes),
        guesses=guesses(outcomes),
        refused_answerable=_refused([o for o in outcomes if o.gold.golds]),
        refused_unanswerable=_refused([o for o in outcomes if not o.gold.golds]),
        trust=_trust(outcomes),
        latency=latency(outcomes),
        slowest=tuple(map(_case, sorted(outcomes, key=lambda o: -o.seconds)[:LISTED])),
        worst=tuple(map(_case, sorted(wrong, key=lambda o: -_sureness(o))[:LISTED])),
    )


def to_dict(result: Evaluation) -> dict[str, object]:
    """Return an Evaluation as JSON has it; an uncalibrated reader's trust reads "uncalibrated"."""
    plain = asdict(result)
    plain["shipped"]["threshold"] = plain["forced"]["threshold"] = None  # JSON has no infinity
    if result.trust is None:
        plain["trust"] = "uncalibrated"
    else:
        plain["trust"]["curve"] = {name: array.tolist() for name, array in plain["trust"]["curve"].items()}
    return plain


def trust(confidences: np.ndarray, right: np.ndarray) -> Trust:
    """Compare confidences ``(n,)`` with what was right ``(n,)``.

    :raises ValueError: as :func:`qa.evaluate.calibration_measures.risk_coverage`.
    """
    return Trust(
        error=expected_calibration_error(confidences, right),
        bins=tuple(reliability_bins(confidences, right)),
        curve=risk_coverage(confidences, right),
        coverage=coverage_at(confidences, right, accuracy=ACCURACY),
    )


def _trust(outcomes: Sequence[Outcome[Question]]) -> Trust | None:
    if not all(o.reply.calibrated for o in outcomes):
        return None
    # Where nothing was found at all, nothing is claimed: a confidence of 0, and no right answer.
    confidences = np.array([0.0 if o.forced is None else o.forced.confidence for o in outcomes], dtype=float)
    return trust(confidences, np.array([o.worth.right for o in outcomes]))


def _refused(outcomes: Sequence[Outcome[Question]]) -> float | None:
    return sum(not o.shown for o in outcomes) / len(outcomes) if outcomes else None


def _sureness(outcome: Outcome[Question]) -> float:
    best = outcome.forced
    if best is None:
        return -math.inf
    return best.margin if best.confidence is None else best.confidence


def _case(outcome: Outcome[Question]) -> Case:
    gold, best = outcome.gold, outcome.forced
    return Case(
        id=gold.id,
        where=gold.where,
        question=gold.question,
        golds=gold.golds,
        given=None if best is None else best.text,
        title="" if best is None else best.article.title,
        shown=outcome.shown,
        confidence=None if best is None else best.confidence,
        margin=None if best is None else best.margin,
        f1=outcome.worth.f1,
        seconds=outcome.seconds,
    )
