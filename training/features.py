"""What each feature does for the confidence: how far it is off without it, within a domain and across.

    python -m training.features ../shared/data/news-2022-2023 ../shared/data/reader --trained-on-quiz

The questions are those of ``training.calibrate``, and those of the sample archive, which fit nothing.
Within: a fifth of all is asked in turn and the others fit. Across: plain questions asked where the quiz
alone has fitted, and the other way round; what a feature is worth on archives like neither shows there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

import qa
from benchmarks.quiz_questions import Asking
from qa.evaluate.calibration_measures import expected_calibration_error
from qa.evaluate.questions import load_questions
from qa.read.evidence import SETTING
from qa.retrieve.query import day_of
from training.calibrate import OF_WINNER, Asked, ask, both, weights_of, winners, worth_of_agreement
from training.judging import tell
from training.prepare import WORK

PARTS = 5
SEED = 7
MODEL = LogisticRegression(C=1e4, max_iter=5000)
SAMPLE = Path("articles")


def main(
    data: Annotated[Path, typer.Argument(help="Folder with questions.jsonl.")],
    plain_data: Annotated[Path, typer.Argument(help="Folder of the data sets.")],
    index: Annotated[Path, typer.Option(help="Index of the news archive.")] = Path("benchmarks/work/quiz"),
    trained_on_quiz: Annotated[
        bool, typer.Option("--trained-on-quiz", help="Leave out the weeks that trained the reader.")
    ] = False,
) -> None:
    """Print a line of JSON for each set of features and keep them in training/work/features.jsonl."""
    quiz, plain = both(data, plain_data, index, trained_on_quiz=trained_on_quiz)
    qa.build([SAMPLE], WORK / "sample")
    questions = load_questions(SAMPLE / "questions.jsonl")
    askings = [Asking(q.question, q.golds, day_of(q.as_of)) for q in questions]
    sample = ask(askings, qa.open(WORK / "sample"), weight=1.0)
    for left_out in [(), *((name,) for name in OF_WINNER), SETTING[-2:]]:
        line = {"without": ", ".join(left_out) or "nothing", **errors(quiz, plain, sample, left_out)}
        tell(line, WORK / "features.jsonl")


def errors(
    quiz: Sequence[Asked], plain: Sequence[Asked], sample: Sequence[Asked], left_out: Sequence[str]
) -> dict[str, float]:
    """The expected calibration error by what was asked; the ranking stays as all features have it."""
    together = [*quiz, *plain]
    worth = worth_of_agreement(together)
    kept = [at for at, name in enumerate(OF_WINNER) if name not in left_out]

    def known(asked: Sequence[Asked]) -> tuple[np.ndarray, np.ndarray]:
        rows, right = winners(asked, worth)
        return rows[:, kept], right

    def asked_of(one: Sequence[Asked], fitted_on: Sequence[Asked]) -> float:
        rows, right = known(one)
        fitted = MODEL.fit(*known(fitted_on), sample_weight=weights_of(fitted_on))
        return expected_calibration_error(fitted.predict_proba(rows)[:, 1], right)

    rows, right = known(together)
    domain = np.arange(len(together)) < len(quiz)
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=SEED).split(rows, 2 * domain + right)
    sure = cross_val_predict(
        MODEL,
        rows,
        right,
        cv=list(parts),
        params={"sample_weight": weights_of(together)},
        method="predict_proba",
    )[:, 1]
    found = {
        "quiz": expected_calibration_error(sure[domain], right[domain]),
        "plain": expected_calibration_error(sure[~domain], right[~domain]),
        "plain, across": asked_of(plain, quiz),
        "quiz, across": asked_of(quiz, plain),
        "sample": asked_of(sample, together),
    }
    return {name: round(float(error), 3) for name, error in found.items()}


if __name__ == "__main__":
    typer.run(main)
