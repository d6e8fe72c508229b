"""A reader -> what it is worth on questions of SQuAD's format, as a line of an experiment's log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import typer

from benchmarks.reader import FORCED
from benchmarks.reader import measure as read_all
from qa.evaluate.metrics import Scored, best_threshold, figures
from qa.evaluate.squad import SquadQuestion
from qa.read.reader import Reader

Run = TypeVar("Run")


def chosen(runs: dict[str, Run], only: Sequence[str] | None) -> dict[str, Run]:
    """The runs that ``--only`` names, in their own order; all if it names none.

    :raises typer.BadParameter: if there is no run of a name.
    """
    unknown = sorted(set(only or ()) - set(runs))
    if unknown:
        raise typer.BadParameter(f"there is no run {unknown[0]!r}; the runs are {', '.join(map(repr, runs))}")
    return {name: run for name, run in runs.items() if not only or name in only}


def judged(reader: Reader, questions: Sequence[SquadQuestion]) -> dict[str, float]:
    """:func:`summary` of what the reader finds, in percent."""
    results = [found.worth for found in read_all(reader, questions, with_title=False)]
    return {name: round(100 * value, 1) for name, value in summary(results).items()}


def summary(results: Sequence[Scored]) -> dict[str, float]:
    """F1 forced on the answerable; at the best threshold, with what is refused there, if there is any."""
    best = figures(results, best_threshold(results))
    found = {
        "forced_f1": figures(results, FORCED).has_f1,
        "best_f1": best.f1,
        "has_f1": best.has_f1,
        "refused": best.no_answer,
    }
    return {name: value for name, value in found.items() if value is not None}


def tell(line: dict[str, object], log: Path) -> None:
    """Print the line as JSON and put it at the end of the log."""
    print(json.dumps(line), flush=True)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")
