"""Quiz questions of 2022, asked end to end -> ``models/reader/calibration.json``.

    python -m training.calibrate ../shared/data/news-2022-2023 --index benchmarks/work/quiz

Every question of 2022 is asked of the whole archive. The best candidates of each passage become
examples: reader margin and retrieval scores as features, right or wrong as the label. A first
logistic regression over all of them learns to rank; a second over the winner of each question
(Platt 1999) turns its score into the probability that the winner is right. Both are linear in the
features, so they fold into one set of weights.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import track
from sklearn.linear_model import LogisticRegression

from qa.metrics import exact_match, f1
from qa.models import prepare
from qa.pipeline import NewsQA
from qa.read.calibration import Calibration
from qa.settings import AskSettings

YEAR = "2022"  # later years only measure
RIGHT = 0.6  # F1 from which a candidate counts as right: "Liz Truss" for "Truss", not "British"
PER_PASSAGE = 2  # candidates kept of each passage; the rest are near-repeats of them


def main(
    data: Annotated[Path, typer.Argument(help="Folder with questions.jsonl.")],
    index: Annotated[Path, typer.Option(help="Index of the archive.")] = Path("benchmarks/work/quiz"),
) -> None:
    """Fit and write the calibration of the reader that QA_READER names, by default ours."""
    settings = AskSettings()
    lines = (data / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [question for line in lines if (question := json.loads(line))["id"].startswith(YEAR)]
    features, labels, groups = _examples(questions, NewsQA.open(index, settings=settings))
    calibration = fit(features, labels, groups)
    folder = prepare(settings.reader, "reader").source
    calibration.save(folder)
    print(f"{len(questions)} questions, {len(labels)} candidates, {labels.mean():.1%} right")
    print(f"{folder}: {calibration}")


def fit(features: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> Calibration:
    """Weights from features ``(n, 3)`` (margin, similarity, score), labels and question numbers ``(n,)``."""
    ranking = LogisticRegression(C=1e4, max_iter=1000).fit(features, labels)
    ranks = features @ ranking.coef_[0]
    winners = np.array(
        [np.flatnonzero(groups == g)[np.argmax(ranks[groups == g])] for g in np.unique(groups)]
    )
    platt = LogisticRegression(C=1e4, max_iter=1000).fit(ranks[winners, None], labels[winners])
    margin, similarity, score = (float(w) for w in platt.coef_[0, 0] * ranking.coef_[0])
    threshold = best_threshold(platt.predict_proba(ranks[winners, None])[:, 1], labels[winners])
    return Calibration(float(platt.intercept_[0]), margin, similarity, score, threshold)


def best_threshold(confidences: np.ndarray, right: np.ndarray) -> float:
    """The least confidence to show, in whole hundredths, at which right answers are shown with the best F1.

    F1 balances the share of shown answers that are right with the share of right answers shown.
    """
    steps = np.arange(99, 0, -1) / 100  # of equally good ones the highest
    shown = confidences[None, :] >= steps[:, None]
    f1s = 2 * (shown & right).sum(axis=1) / np.maximum(1, shown.sum(axis=1) + right.sum())
    return float(steps[np.argmax(f1s)])


def _examples(questions: list[dict], news: NewsQA) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    features, labels, groups = [], [], []
    passages_read = news.settings.passages_read
    for number, question in enumerate(track(questions, description="asking")):
        hits = news.search(question["question"], passages_read)
        taken = [0] * len(hits)
        for candidate in news.reader.read(question["question"], [hit.passage for hit in hits]):
            if taken[candidate.passage] == PER_PASSAGE:
                continue
            taken[candidate.passage] += 1
            hit = hits[candidate.passage]
            span = replace(hit.passage, start=candidate.start, end=candidate.end).text
            answer = question["answer"]
            features.append([candidate.margin, hit.similarity, hit.score])
            labels.append(exact_match(span, [answer]) or f1(span, [answer]) >= RIGHT)
            groups.append(number)
    return np.array(features), np.array(labels, dtype=bool), np.array(groups)


if __name__ == "__main__":
    typer.run(main)
