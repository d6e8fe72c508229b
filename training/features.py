"""What a feature does for the confidence: how far it is off, and how well it parts, with it and without.

    python -m training.features FOLDER

Features that ship are left out in turn, and those that do not are put in. The questions are those of
``training.calibrate``, and those of the sample archive, which fit nothing. Within: a fifth of all is asked in
turn and the others fit. Across: the questions of a kind, where the other kinds alone have fitted; that shows
most of archives which nobody has seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import typer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

import qa
from benchmarks.quiz_questions import askings
from benchmarks.report import QUESTIONS
from qa.calibrate.fit import OF_WINNER, Asked, logistic, ranking_of, weights_of, winner_of
from qa.evaluate.calibration_measures import expected_calibration_error
from qa.read.calibration import Ranking
from qa.text.normalization import folded
from training.calibrate import NEWS_INDEX, Data, Kind, NewsIndex, ReadQuestion, ask, kinds
from training.pack import WORK

PARTS = 5
SEED = 7
SAMPLE = Path("articles")
MOST_WORDS = 40  # words of a question; hardly any question has more
_WORD = re.compile(r"\w+")


def main(data: Data, index: NewsIndex = NEWS_INDEX) -> None:
    """Print a line of JSON for each set of features and keep them in training/work/features.jsonl."""
    asked = {kind.name: list(ask(kind)) for kind in kinds(data, index, measures=False)}
    qa.build([SAMPLE], WORK / "sample")
    questions = tuple(askings(QUESTIONS))
    sample = list(ask(Kind("plain", questions, WORK / "sample")))
    fitted = [each for of_kind in asked.values() for each, _ in of_kind]
    ranking = ranking_of(fitted)
    known = {name: [known_of(*each, ranking) for each in of_kind] for name, of_kind in asked.items()}
    of_sample = [known_of(*each, ranking) for each in sample]
    others = [name for name in of_sample[0] if name not in (*OF_WINNER, "right")]
    sets = {"as shipped": OF_WINNER}
    sets |= {f"without {name}": tuple(n for n in OF_WINNER if n != name) for name in OF_WINNER}
    sets |= {f"with {name}": (*OF_WINNER, name) for name in others}
    sets["with all"] = (*OF_WINNER, *others)
    weights = weights_of(fitted)
    for name, features in sets.items():
        line = json.dumps({"features": name, **figures(known, of_sample, features, weights)})
        print(line, flush=True)
        with (WORK / "features.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")


def known_of(asked: Asked, read: ReadQuestion, ranking: Ranking) -> dict[str, float]:
    """Return all features of a question's winner by name, shipped or not, and whether it is ``right``."""
    winner, known = winner_of(asked, ranking)
    return known | _not_shipped(read, winner) | {"right": float(asked.right[winner])}


def _not_shipped(read: ReadQuestion, winner: int) -> dict[str, float]:
    question = read.asking.question
    candidate = read.candidates[winner]
    hit = read.hits[candidate.passage]
    article = hit.passage.article
    quote = article.field(candidate.where)[candidate.start : candidate.end]
    similarities = [each.similarity for each in read.hits]
    asked_for = _words(question)
    # The first word always has a capital.
    names = _words(" ".join(word for word in question.split()[1:] if word[0].isupper()))
    return {
        "similarity": hit.similarity,
        "contrast": max(similarities) - sum(similarities) / len(similarities),
        "bm25 beside the best": hit.bm25 / max(1e-9, *(each.bm25 for each in read.hits)),
        "words of the question": float(min(len(question.split()), MOST_WORDS)),
        "its words in the passage": _share(asked_for, _words(f"{article.title} {hit.passage.text}")),
        "its names in the article": _share(names, _words(f"{article.title} {article.text}")),
        "words of the answer": float(len(quote.split())),
        "passages with an answer": len({c.passage for c in read.candidates if c.margin > 0}) / len(read.hits),
    }


def _words(text: str) -> set[str]:
    return set(_WORD.findall(folded(text)))


def _share(some: set[str], of: set[str]) -> float:
    return len(some & of) / len(some) if some else 1.0


def figures(
    known: Mapping[str, Sequence[dict[str, float]]],
    sample: Sequence[dict[str, float]],
    features: Sequence[str],
    weights: np.ndarray,
) -> dict[str, list[float]]:
    """Return the calibration error and the area under the ROC curve, by what was asked.

    The area is the chance that a right answer is surer than a wrong one. ``weights`` are of all questions of
    ``known``, in order.
    """

    def table(of_kind: Sequence[dict[str, float]]) -> tuple[np.ndarray, np.ndarray]:
        rows = np.array([[each[name] for name in features] for each in of_kind])
        return rows, np.array([each["right"] for each in of_kind])

    rows, right = table([each for of_kind in known.values() for each in of_kind])
    kind = np.repeat(np.arange(len(known)), [len(of_kind) for of_kind in known.values()])
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=SEED).split(rows, 2 * kind + right)
    within = cross_val_predict(
        logistic(), rows, right, cv=list(parts), params={"sample_weight": weights}, method="predict_proba"
    )[:, 1]

    def asked(of_kind: Sequence[dict[str, float]], fitted_on: np.ndarray) -> list[float]:
        fitted = logistic().fit(rows[fitted_on], right[fitted_on], sample_weight=weights[fitted_on])
        own, truth = table(of_kind)
        return _off_and_parted(fitted.predict_proba(own)[:, 1], truth)

    found = {name: _off_and_parted(within[kind == at], right[kind == at]) for at, name in enumerate(known)}
    found |= {
        f"{name}, fitted on the others": asked(of_kind, kind != at)
        for at, (name, of_kind) in enumerate(known.items())
    }
    return found | {"sample": asked(sample, np.full(len(rows), True))}


def _off_and_parted(sure: np.ndarray, right: np.ndarray) -> list[float]:
    return [
        round(float(expected_calibration_error(sure, right)), 3),
        round(float(roc_auc_score(right, sure)), 3),
    ]


if __name__ == "__main__":
    typer.run(main)
