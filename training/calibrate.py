"""Questions asked end to end of two archives -> ``models/reader/calibration.json``.

    python -m training.calibrate ../shared/data/news-2022-2023 ../shared/data/reader

Quiz questions of 2022 are asked of the whole news archive, each as of its own day; if some weeks of
them trained the reader (``training.quiz``), only the other weeks. Plain questions are asked of SQuAD's
articles (``training.plain``). News counts twice as much, however many questions there are. Every candidate
becomes an example: its evidence, and whether it is right. First it is settled what agreement is worth beside
the margin, so that most questions have a right candidate on top. Then a logistic model over the winners
(Platt 1999) turns the winner's evidence, its lead over the best other answer and where it stands into
the probability that it is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import track
from sklearn.linear_model import LogisticRegression

from benchmarks.quiz_questions import Asking
from qa.archive import Archive
from qa.evaluate.metrics import RIGHT, f1
from qa.models.weights import prepare
from qa.read.calibration import FILE, Calibration, leads, rank_scores
from qa.read.candidate import Candidate
from qa.read.evidence import FEATURES, SETTING, Evidence, evidence
from qa.read.fitting import of_the_kind
from qa.records import Hit
from qa.settings import AskSettings
from training.pack import WORK
from training.plain import plain
from training.quiz import halves

FLAT = 0.005  # a difference of F1 that means nothing on some hundred questions
NEWS_COUNTS = 2.0  # the quiz questions together, where the plain ones count 1
WORTHS = (0, 1, 2, 3, 4, 6, 8, 10, 14, 20, 28)  # of agreement in logits of margin, tried in the ranking
OF_WINNER = ("margin", "lead", *SETTING)  # what the confidence is made of
NEARLY = 0.01  # a difference of the share of right winners that some hundred questions cannot tell

# What this command takes, and training.features with it.
NewsData = Annotated[Path, typer.Argument(help="Folder with questions.jsonl.")]
PlainData = Annotated[Path, typer.Argument(help="Folder of the data sets.")]
NewsIndex = Annotated[Path, typer.Option(help="Index of the news archive.")]
TrainedOnQuiz = Annotated[
    bool, typer.Option("--trained-on-quiz", help="Leave out the weeks that trained the reader.")
]
NEWS_INDEX = Path("benchmarks/work/quiz")


@dataclass(frozen=True, slots=True)
class Sighted:
    """What a question brought."""

    asking: Asking
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """All candidates of one question, and which of them are right."""

    evidence: Evidence
    right: np.ndarray  # (n,) bool
    weight: float = 1.0
    sighted: Sighted | None = None


def main(
    data: NewsData,
    plain_data: PlainData,
    index: NewsIndex = NEWS_INDEX,
    trained_on_quiz: TrainedOnQuiz = False,
) -> None:
    """Fit and write the calibration of the reader that QA_READER names, by default ours."""
    folder = prepare(AskSettings().reader, "reader").source
    (folder / FILE).unlink(missing_ok=True)  # it would be read, and may have other fields than now
    asked = [
        each
        for to_ask in archives(data, plain_data, index, trained_on_quiz=trained_on_quiz)
        for each in ask(*to_ask)
    ]
    calibration = fit(asked)
    calibration.save(folder)
    found = np.mean([each.right.any() for each in asked])
    print(f"{len(asked)} questions, a right candidate for {found:.1%}")
    print(f"{folder}: {calibration}")


def archives(
    data: Path, plain_data: Path, index: Path, *, trained_on_quiz: bool
) -> list[tuple[list[Asking], Archive, float]]:
    """Questions to the news archive and to the plain one, who is asked, and how much each question counts."""
    settings = AskSettings()
    even, odd = halves(data)
    quiz = [Asking(q.question, (q.answer,), q.day) for q in (odd if trained_on_quiz else even + odd)]
    questions = plain(plain_data)
    return [
        (quiz, Archive.open(index, settings=settings), NEWS_COUNTS / len(quiz)),
        (questions, Archive.open(WORK / "plain", settings=settings), 1 / len(questions)),
    ]


def ask(questions: Sequence[Asking], news: Archive, weight: float) -> list[Asked]:
    """The candidates of every question; questions without any are left out."""
    asked = []
    for question in track(questions, description="asking"):
        hits = news.search(question.question, news.settings.passages_read, as_of=question.day)
        read = news.reader.read(question.question, [hit.passage for hit in hits])
        fit = of_the_kind(question.question, read, hits)  # as judging drops them
        candidates = [candidate for candidate, _ in fit]
        spans = [claim.quote.text for _, claim in fit]
        worth = [f1(span, question.golds) if question.golds else 0.0 for span in spans]
        if candidates:
            sighted = Sighted(question, tuple(hits), tuple(candidates))
            asked.append(Asked(evidence(candidates, hits), np.array(worth) >= RIGHT, weight, sighted))
    return asked


def fit(asked: Sequence[Asked]) -> Calibration:
    """Both models and the threshold."""
    worth = worth_of_agreement(asked)
    rows, right = winners(asked, worth)
    weights = weights_of(asked)
    platt = logistic().fit(rows, right, sample_weight=weights)
    return Calibration(
        ranking_agreement=worth,
        bias=float(platt.intercept_[0]),
        **dict(zip(OF_WINNER, platt.coef_[0].tolist(), strict=True)),
        threshold=best_threshold(platt.predict_proba(rows)[:, 1], right, weights),
    )


def logistic() -> LogisticRegression:
    """The confidence's model, not fitted; so few weights need no shrinking."""
    return LogisticRegression(C=1e4, max_iter=5000)


def winners(asked: Sequence[Asked], worth: float) -> tuple[np.ndarray, np.ndarray]:
    """The evidence of each question's winner ``(q, len(OF_WINNER))``, and whether it is right ``(q,)``."""
    rows, right = [], []
    for each in asked:
        winner, known = winner_of(each, worth)
        rows.append([known[name] for name in OF_WINNER])
        right.append(each.right[winner])
    return np.array(rows), np.array(right)


def winner_of(asked: Asked, worth: float) -> tuple[int, dict[str, float]]:
    """Which candidate ranks first, and its features by name, its lead among them."""
    scores = rank_scores(asked.evidence, worth)
    winner = int(np.argmax(scores))
    known = dict(zip(FEATURES, asked.evidence.features[winner].tolist(), strict=True))
    return winner, known | {"lead": float(leads(scores, asked.evidence.texts)[winner])}


def worth_of_agreement(asked: Sequence[Asked]) -> float:
    """The middle one of ``WORTHS`` under which nearly as many winners are right as under the best.

    Which is best is chance among them, and so is which is least: of two readers alike one got 2, one 8.

    A conditional logistic model (McFadden 1974) was here before. It is fitted to the chances of all
    candidates; what counts is who wins, and 3 instead of 8 cost the quiz 2 points of F1.
    """
    weights = weights_of(asked)
    shares = []
    for worth in WORTHS:
        won = [each.right[np.argmax(rank_scores(each.evidence, worth))] for each in asked]
        shares.append(np.average(won, weights=weights))
    flat = np.flatnonzero(np.array(shares) >= max(shares) - NEARLY)
    return float(WORTHS[flat[len(flat) // 2]])


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


def weights_of(asked: Sequence[Asked]) -> np.ndarray:
    """The weights of questions, 1 in the mean."""
    weights = np.array([each.weight for each in asked])
    return weights / weights.mean()


if __name__ == "__main__":
    typer.run(main)
