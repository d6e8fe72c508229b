"""A reader and the held-out questions that did not calibrate it -> how far its confidence is right.

python -m training.trust FOLDER
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import typer

from qa.archive import Archive
from qa.evaluate.asking import Outcome, as_shipped, ask_all, forced, guesses
from qa.evaluate.calibration_measures import risk_coverage
from qa.evaluate.report import ACCURACY, trust
from training.calibrate import NEWS_INDEX, Data, NewsIndex, kinds


def main(data: Data, index: NewsIndex = NEWS_INDEX, limit: int = 10_000) -> None:
    """Print a line of JSON for each kind of questions."""
    for kind in kinds(data, index, measures=True):
        archive = Archive.open(kind.index)
        asked = kind.questions[:limit]
        outcomes = ask_all(asked, lambda q, of=archive: of.ask(q.question, as_of=q.day))
        sure = np.array([0.0 if o.forced is None else o.forced.confidence for o in outcomes])
        right = np.array([o.worth.right for o in outcomes])
        known, shipped, always, unsure = (
            trust(sure, right), as_shipped(outcomes), forced(outcomes), guesses(outcomes)
        )  # fmt: skip
        print(
            json.dumps(
                {
                    "kind": kind.name,
                    "questions": len(outcomes),
                    "error": round(known.error, 3),
                    "answerable ones answered at 80 % accuracy": round(_answered(sure, right, outcomes), 3),
                    "F1 of the answerable, as shipped": round(shipped.has_f1, 3),
                    "F1 of the answerable, always answered": round(always.has_f1, 3),
                    "refused of the unanswerable": round(shipped.no_answer, 3),
                    "guessed rightly": round(unsure.right, 3),
                    "guessed wrongly": round(unsure.wrong, 3),
                }
            ),
            flush=True,
        )


def _answered(sure: np.ndarray, right: np.ndarray, outcomes: Sequence[Outcome]) -> float:
    """Return the share of answerable questions that are answered where ACCURACY of all answers are right."""
    curve = risk_coverage(sure, right)
    reached = curve.thresholds[1 - curve.risk >= ACCURACY]
    answerable = np.array([o.worth.answerable for o in outcomes])
    return float((sure[answerable] >= reached.min()).mean()) if len(reached) else 0.0


if __name__ == "__main__":
    typer.run(main)
