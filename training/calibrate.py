"""Quiz questions of 2022, asked end to end -> ``models/reader/calibration.json``.

    python -m training.calibrate ../shared/data/news-2022-2023

The questions are asked of the whole archive, each as of its own day; if some weeks of them trained
the reader (``training.quiz``), only the other weeks. Every candidate becomes an example: its
evidence, and whether it is right. First a conditional logistic model learns to put a right candidate
before the wrong ones of the same question (McFadden 1974). Then a logistic model over the winners
(Platt 1999) turns the winner's score and its lead over the best other answer into the probability
that it is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import track
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from benchmarks.quiz_questions import QuizQuestion
from qa.metrics import RIGHT, f1
from qa.models import prepare
from qa.pipeline import NewsQA
from qa.read.calibration import Calibration, leads
from qa.read.evidence import RANKING, SETTING, Evidence, evidence
from qa.settings import AskSettings
from training.quiz import of_training_year

FLAT = 0.005  # a difference of F1 that means nothing on 750 questions
SHRINK = 1.0  # L2 penalty on the ranking's weights of standardised features, against few questions


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """All candidates of one question, and which of them are right."""

    evidence: Evidence
    right: np.ndarray  # (n,) bool


def main(
    data: Annotated[Path, typer.Argument(help="Folder with questions.jsonl.")],
    index: Annotated[Path, typer.Option(help="Index of the archive.")] = Path("benchmarks/work/quiz"),
    trained_on_quiz: Annotated[
        bool, typer.Option("--trained-on-quiz", help="Leave out the weeks that trained the reader.")
    ] = False,
) -> None:
    """Fit and write the calibration of the reader that QA_READER names, by default ours."""
    settings = AskSettings()
    trained, held_out = of_training_year(data)
    questions = held_out if trained_on_quiz else trained + held_out
    asked = ask(questions, NewsQA.open(index, settings=settings))
    calibration = fit(asked)
    folder = prepare(settings.reader, "reader").source
    calibration.save(folder)
    found = np.mean([each.right.any() for each in asked])
    print(f"{len(questions)} questions, a right candidate for {found:.1%}")
    print(f"{folder}: {calibration}")


def ask(questions: Sequence[QuizQuestion], news: NewsQA) -> list[Asked]:
    """The candidates of every question; questions without any are left out."""
    asked = []
    for question in track(questions, description="asking"):
        hits = news.search(question.question, news.settings.passages_read, as_of=question.day)
        candidates = news.reader.read(question.question, [hit.passage for hit in hits])
        spans = [hits[c.passage].passage.article.text[c.start : c.end] for c in candidates]
        right = np.array([f1(span, [question.answer]) >= RIGHT for span in spans], dtype=bool)
        if candidates:
            asked.append(Asked(evidence(candidates, hits), right))
    return asked


def fit(asked: Sequence[Asked]) -> Calibration:
    """Both models and the threshold."""
    ranking = rank_weights(asked)
    scores = [each.evidence.features[:, : len(RANKING)] @ ranking for each in asked]
    winners = [int(np.argmax(found)) for found in scores]
    rows = [
        (
            found[winner],
            leads(found, each.evidence.texts)[winner],
            *each.evidence.features[winner, len(RANKING) :],
        )
        for each, found, winner in zip(asked, scores, winners, strict=True)
    ]
    right = np.array([each.right[winner] for each, winner in zip(asked, winners, strict=True)])
    platt = LogisticRegression(C=1e4, max_iter=1000).fit(rows, right)
    rank, lead, *setting = platt.coef_[0].tolist()
    return Calibration(
        **dict(zip(RANKING, ranking.tolist(), strict=True)),
        bias=float(platt.intercept_[0]),
        rank=rank,
        lead=lead,
        **dict(zip(SETTING, setting, strict=True)),
        threshold=best_threshold(platt.predict_proba(rows)[:, 1], right),
    )


def rank_weights(asked: Sequence[Asked]) -> np.ndarray:
    """Weights of ``RANKING`` under which the right candidates of a question come out on top.

    Questions without a right candidate, or without a wrong one, teach nothing about the order.
    """
    mixed = [each for each in asked if each.right.any() and not each.right.all()]
    spread = np.concatenate([each.evidence.features[:, : len(RANKING)] for each in mixed]).std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    features = [each.evidence.features[:, : len(RANKING)] / spread for each in mixed]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = SHRINK * float(weights @ weights) / 2, SHRINK * weights
        for rows, each in zip(features, mixed, strict=True):
            scores = rows @ weights
            chances = np.exp(scores - scores.max())
            every = chances / chances.sum()
            among_right = np.where(each.right, chances, 0)
            share = among_right.sum() / chances.sum()
            total -= np.log(share)
            slope = slope - rows.T @ (among_right / among_right.sum() - every)
        return total, slope

    start = np.zeros(len(RANKING))
    return minimize(loss, start, jac=True, method="L-BFGS-B").x / spread


def best_threshold(confidences: np.ndarray, right: np.ndarray) -> float:
    """The least confidence to show, in whole hundredths: right answers are shown with the best F1, nearly.

    F1 balances the share of shown answers that are right with the share of right answers shown. It is
    flat about its best; of the thresholds within ``FLAT`` of it the lowest shows most answers.
    """
    steps = np.arange(1, 100) / 100
    shown = confidences[None, :] >= steps[:, None]
    f1s = 2 * (shown & right).sum(axis=1) / np.maximum(1, shown.sum(axis=1) + right.sum())
    return float(steps[np.flatnonzero(f1s >= f1s.max() - FLAT)[0]])


if __name__ == "__main__":
    typer.run(main)
