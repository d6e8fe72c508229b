"""Questions asked end to end of two archives -> ``models/reader/calibration.json``.

    python -m training.calibrate ../shared/data/news-2022-2023 ../shared/data/reader

Quiz questions of 2022 are asked of the whole news archive, each as of its own day; if some weeks of
them trained the reader (``training.quiz``), only the other weeks. Plain questions are asked of SQuAD's
articles (``training.plain``). Both sets count the same, however many they are. Every candidate becomes
an example: its evidence, and whether it is right. First a conditional logistic model learns to put a
right candidate before the wrong ones of the same question (McFadden 1974). Then a logistic model over
the winners (Platt 1999) turns the winner's score, its lead over the best other answer and where it
stands into the probability that it is right.
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

from qa.metrics import RIGHT, f1
from qa.models import prepare
from qa.pipeline import NewsQA
from qa.read.calibration import Calibration, leads
from qa.read.evidence import RANKING, SETTING, Evidence, evidence
from qa.settings import AskSettings
from training.plain import Asking, plain
from training.prepare import WORK
from training.quiz import of_training_year

FLAT = 0.005  # a difference of F1 that means nothing on some hundred questions
SHRINK = 1.0  # L2 penalty on the ranking's weights of standardised features, against few questions


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """All candidates of one question, and which of them are right."""

    evidence: Evidence
    right: np.ndarray  # (n,) bool
    weight: float = 1.0


def main(
    data: Annotated[Path, typer.Argument(help="Folder with questions.jsonl.")],
    plain_data: Annotated[Path, typer.Argument(help="Folder of the data sets.")],
    index: Annotated[Path, typer.Option(help="Index of the news archive.")] = Path("benchmarks/work/quiz"),
    trained_on_quiz: Annotated[
        bool, typer.Option("--trained-on-quiz", help="Leave out the weeks that trained the reader.")
    ] = False,
) -> None:
    """Fit and write the calibration of the reader that QA_READER names, by default ours."""
    settings = AskSettings()
    trained, held_out = of_training_year(data)
    quiz = [
        Asking(q.question, (q.answer,), q.day) for q in (held_out if trained_on_quiz else trained + held_out)
    ]
    questions = plain(plain_data)
    asked = ask(quiz, NewsQA.open(index, settings=settings), weight=1 / len(quiz))
    asked += ask(questions, NewsQA.open(WORK / "plain", settings=settings), weight=1 / len(questions))
    calibration = fit(asked)
    folder = prepare(settings.reader, "reader").source
    calibration.save(folder)
    found = np.mean([each.right.any() for each in asked])
    print(f"{len(quiz)} + {len(questions)} questions, a right candidate for {found:.1%}")
    print(f"{folder}: {calibration}")


def ask(questions: Sequence[Asking], news: NewsQA, *, weight: float) -> list[Asked]:
    """The candidates of every question; questions without any are left out."""
    asked = []
    for question in track(questions, description="asking"):
        hits = news.search(question.question, news.settings.passages_read, as_of=question.day)
        candidates = news.reader.read(question.question, [hit.passage for hit in hits])
        spans = [hits[c.passage].passage.article.text[c.start : c.end] for c in candidates]
        worth = [f1(span, question.golds) if question.golds else 0.0 for span in spans]
        if candidates:
            asked.append(
                Asked(evidence(question.question, candidates, hits), np.array(worth) >= RIGHT, weight)
            )
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
    weights = _weights(asked)
    platt = LogisticRegression(C=1e4, max_iter=1000).fit(rows, right, sample_weight=weights)
    rank, lead, *setting = platt.coef_[0].tolist()
    return Calibration(
        **dict(zip(RANKING, ranking.tolist(), strict=True)),
        bias=float(platt.intercept_[0]),
        rank=rank,
        lead=lead,
        **dict(zip(SETTING, setting, strict=True)),
        threshold=best_threshold(platt.predict_proba(rows)[:, 1], right, weights),
    )


def rank_weights(asked: Sequence[Asked]) -> np.ndarray:
    """Weights of ``RANKING`` under which the right candidates of a question come out on top.

    Questions without a right candidate, or without a wrong one, teach nothing about the order.
    """
    mixed = [each for each in asked if each.right.any() and not each.right.all()]
    spread = np.concatenate([each.evidence.features[:, : len(RANKING)] for each in mixed]).std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    features = [each.evidence.features[:, : len(RANKING)] / spread for each in mixed]
    counts = _weights(mixed)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = SHRINK * float(weights @ weights) / 2, SHRINK * weights
        for rows, each, count in zip(features, mixed, counts, strict=True):
            scores = rows @ weights
            chances = np.exp(scores - scores.max())
            every = chances / chances.sum()
            among_right = np.where(each.right, chances, 0)
            share = among_right.sum() / chances.sum()
            total -= count * np.log(share)
            slope = slope - count * (rows.T @ (among_right / among_right.sum() - every))
        return total, slope

    start = np.zeros(len(RANKING))
    return minimize(loss, start, jac=True, method="L-BFGS-B").x / spread


def best_threshold(confidences: np.ndarray, right: np.ndarray, weights: np.ndarray | float = 1.0) -> float:
    """The least confidence to show, in whole hundredths: right answers are shown with the best F1, nearly.

    F1 balances the share of shown answers that are right with the share of right answers shown. It is
    flat about its best; of the thresholds within ``FLAT`` of it the lowest shows most answers.
    """
    counts = np.broadcast_to(weights, right.shape)
    steps = np.arange(1, 100) / 100
    shown = confidences[None, :] >= steps[:, None]
    shown_and_right = (shown & right) @ counts
    f1s = 2 * shown_and_right / np.maximum(counts.min(), shown @ counts + right @ counts)
    return float(steps[np.flatnonzero(f1s >= f1s.max() - FLAT)[0]])


def _weights(asked: Sequence[Asked]) -> np.ndarray:
    """The weights of questions, 1 in the mean."""
    weights = np.array([each.weight for each in asked])
    return weights / weights.mean()


if __name__ == "__main__":
    typer.run(main)
