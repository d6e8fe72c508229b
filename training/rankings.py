"""What ranks the candidates -> how often the first is right, and its F1, by kind of question.

    python -m training.rankings FOLDER --limit 200

The questions that calibrate, the held-out ones that measure, and the sample archive's: a weight is worth
having if it helps where it was not chosen. Each question is searched and read once for all rankings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

import qa
from benchmarks.quiz_questions import askings
from benchmarks.report import QUESTIONS
from qa.calibrate.fit import Asked
from qa.evaluate.metrics import f1
from qa.read.calibration import Ranking, rank_scores
from training.calibrate import NEWS_INDEX, Data, Kind, NewsIndex, ReadQuestion, ask, kinds
from training.features import SAMPLE
from training.pack import WORK

TRIED = tuple(Ranking(agreement, depth) for depth, agreement in product((0, 0.5, 1, 1.5, 2), (0, 2, 4, 8)))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One answerable question: its candidates, and how much of a gold answer each has."""

    asked: Asked
    worth: np.ndarray  # (n,) F1, 0 to 1


def main(data: Data, index: NewsIndex = NEWS_INDEX, limit: int = 200) -> None:
    """Print a row for each ranking, a column for each kind of questions: F1 of what ranks first, in %."""
    of_kind = {name: list(_ranked(kind, limit)) for name, kind in _kinds(data, index)}
    table = Table("agreement", "depth", *(f"{name}, {len(asked)}" for name, asked in of_kind.items()), "mean")
    for ranking in TRIED:
        figures = [100 * first(asked, ranking) for asked in of_kind.values()]
        cells = (f"{figure:.1f}" for figure in (*figures, float(np.mean(figures))))
        table.add_row(f"{ranking.agreement:g}", f"{ranking.depth:g}", *cells)
    Console(width=160).print(table)


def first(asked: Sequence[Ranked], ranking: Ranking) -> float:
    """Return the mean F1 of the candidates that rank first."""
    return float(
        np.mean([each.worth[np.argmax(rank_scores(each.asked.evidence, ranking))] for each in asked])
    )


def _kinds(data: Path, index: Path) -> Iterator[tuple[str, Kind]]:
    qa.build([SAMPLE], WORK / "sample")
    yield "sample", Kind("plain", tuple(askings(QUESTIONS)), WORK / "sample")
    for kind in kinds(data, index, measures=True):
        yield f"{kind.name}, held out", kind
    for kind in kinds(data, index, measures=False):
        yield kind.name, kind


def _ranked(kind: Kind, limit: int) -> Iterator[Ranked]:
    answerable = tuple(question for question in kind.questions if question.golds)[:limit]
    for asked, read in ask(Kind(kind.name, answerable, kind.index)):
        yield Ranked(asked, np.array([_worth(read, at) for at in range(len(read.candidates))]))


def _worth(read: ReadQuestion, at: int) -> float:
    candidate = read.candidates[at]
    article = read.hits[candidate.passage].passage.article
    return f1(article.field(candidate.where)[candidate.start : candidate.end], read.asking.golds)


if __name__ == "__main__":
    typer.run(main)
