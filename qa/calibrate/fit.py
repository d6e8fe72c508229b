"""Candidates whose truth is known -> the calibration: ranking, confidence and two thresholds.

The ranking is two weights, tried on a grid; the confidence is a logistic model of the winner's evidence
(Platt 1999; with such features: Kamath et al. 2020, "Selective Question Answering under Domain Shift").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from qa.read.calibration import Calibration, Ranking, leads, rank_scores
from qa.read.evidence import FEATURES, OWN, SETTING, Evidence

# Tried in the ranking, in logits of margin: what a unit of agreement is worth, and what one of depth costs.
AGREEMENTS = (0, 1, 2, 3, 4, 6, 8, 10, 14, 20, 28)
DEPTHS = (0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3)
OF_WINNER = ("margin", "lead", *SETTING)  # what the confidence is made of
NEARLY = 0.01  # a difference of the share of right winners that some hundred questions cannot show
FLAT = 0.005  # a difference of F1 that means nothing on some hundred questions
# A guess is worth showing, marked as unsure, where at least so many of those like it are right.
WORTH_A_GUESS = 0.2
PARTS = 5  # of the cross-validation


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """All candidates of one question, and which of them are right."""

    evidence: Evidence
    right: np.ndarray  # (n,) bool
    weight: float = 1.0  # how much the question counts beside others


def fit(asked: Sequence[Asked]) -> Calibration:
    """Fit ranking, confidence and thresholds.

    :raises ValueError: if all winners are right, or none is: a fit needs both.
    """
    ranking = ranking_of(asked)
    rows, right = winners(asked, ranking)
    if right.all() or not right.any():
        raise ValueError(f"{right.sum()} of {len(right)} best candidates are right: nothing to tell apart")
    weights = weights_of(asked)
    platt = logistic().fit(rows, right, sample_weight=weights)
    confidences = platt.predict_proba(rows)[:, 1]
    sure = best_threshold(confidences, right, weights)
    return Calibration(
        ranking_agreement=ranking.agreement,
        ranking_depth=ranking.depth,
        bias=float(platt.intercept_[0]),
        **dict(zip(OF_WINNER, platt.coef_[0].tolist(), strict=True)),
        threshold=sure,
        guess=min(sure, guess_threshold(confidences, right, weights)),
    )


def cross_validated(asked: Sequence[Asked], *, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Return the winners' confidences ``(n,)``, each by a model that has not seen it, and what was right.

    :raises ValueError: if there are too few right or wrong winners for every part to have some.
    """
    rows, right = winners(asked, ranking_of(asked))
    fewest = min(int(right.sum()), int((~right).sum()))
    if fewest < PARTS:
        raise ValueError(f"{fewest} best candidates of one kind are too few: {PARTS} are the least")
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=seed)
    found = cross_val_predict(
        logistic(), rows, right, cv=parts, method="predict_proba", params={"sample_weight": weights_of(asked)}
    )
    return np.asarray(found)[:, 1], right


def logistic() -> LogisticRegression:
    """Return the confidence's model, not fitted; so few weights need no shrinking."""
    return LogisticRegression(C=1e4, max_iter=5000)


def winners(asked: Sequence[Asked], ranking: Ranking) -> tuple[np.ndarray, np.ndarray]:
    """Return each question's winner as evidence ``(q, len(OF_WINNER))``, and whether it is right ``(q,)``."""
    rows, right = [], []
    for each in asked:
        winner, known = winner_of(each, ranking)
        rows.append([known[name] for name in OF_WINNER])
        right.append(each.right[winner])
    return np.array(rows), np.array(right)


def winner_of(asked: Asked, ranking: Ranking) -> tuple[int, dict[str, float]]:
    """Return which candidate ranks first, and its features by name, its lead among them."""
    scores = rank_scores(asked.evidence, ranking)
    winner = int(np.argmax(scores))
    known = dict(zip(FEATURES, asked.evidence.features[winner].tolist(), strict=True))
    return winner, known | {"lead": float(leads(scores, asked.evidence.texts)[winner])}


def ranking_of(asked: Sequence[Asked]) -> Ranking:
    """Return a middle one of the rankings under which nearly as many winners are right as under the best.

    Which is best is chance among them: of two readers alike one got an agreement worth 2, one 8. First the
    middle depth of all these is taken, then the middle agreement beside it.

    A conditional logistic model (McFadden 1974) was here before. It is fitted to the chances of all
    candidates; what counts is who wins, and 3 instead of 8 for agreement cost the quiz 2 points of F1.
    """
    rankings = [Ranking(agreement, depth) for depth in DEPTHS for agreement in AGREEMENTS]
    # A column for each ranking, or Python would go through every question once for each.
    weights = np.transpose([ranking.weights for ranking in rankings])
    won = [each.right[(each.evidence.features[:, : len(OWN)] @ weights).argmax(axis=0)] for each in asked]
    shares = np.average(won, axis=0, weights=weights_of(asked))
    enough = shares.max() - NEARLY
    flat = [ranking for ranking, share in zip(rankings, shares, strict=True) if share >= enough]
    depth = _middle([ranking.depth for ranking in flat])
    return Ranking(_middle([ranking.agreement for ranking in flat if ranking.depth == depth]), depth)


def _middle(values: Sequence[float]) -> float:
    return float(sorted(values)[len(values) // 2])


def best_threshold(confidences: np.ndarray, right: np.ndarray, weights: np.ndarray | float = 1.0) -> float:
    """Return the least confidence of a sure answer: right answers are shown with the best F1, nearly.

    In whole hundredths. F1 balances the share of shown answers that are right with the share of right
    answers shown. It is flat about its best; of the thresholds within ``FLAT`` of it the middle one is taken:
    the lowest shows more wrong ones as sure, and what the highest keeps back is mostly right.
    """
    counts = np.broadcast_to(weights, right.shape)
    steps = np.arange(1, 100) / 100
    shown = confidences[None, :] >= steps[:, None]
    shown_and_right = (shown & right) @ counts
    f1s = 2 * shown_and_right / np.maximum(counts.min(), shown @ counts + right @ counts)
    flat = np.flatnonzero(f1s >= f1s.max() - FLAT)
    return float(steps[flat[(len(flat) - 1) // 2]])


def guess_threshold(confidences: np.ndarray, right: np.ndarray, weights: np.ndarray | float = 1.0) -> float:
    """Return the least confidence of a guess: of the answers that are about as sure, enough are right.

    In whole hundredths: the lowest from which on, in every tenth of confidence, ``WORTH_A_GUESS`` are right.
    """
    counts = np.broadcast_to(weights, right.shape).astype(float)
    steps = np.arange(1, 100) / 100
    for step in steps[::-1]:
        near = (confidences >= step - 0.05) & (confidences < step + 0.05)
        if near.any() and np.average(right[near], weights=counts[near]) < WORTH_A_GUESS:
            return float(round(step + 0.01, 2))
    return 0.01


def weights_of(asked: Sequence[Asked]) -> np.ndarray:
    """Return the weights of questions, 1 in the mean."""
    weights = np.array([each.weight for each in asked])
    of_mean_1: np.ndarray = weights / weights.mean()
    return of_mean_1
