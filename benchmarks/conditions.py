"""Questions whose condition the archive does not meet -> how often the tempting answer is given all the same.

    python -m benchmarks.conditions [--index INDEX] [--show]

"Who won the Nobel Peace Prize in 2008?" is not answered by the winner of 2022. 40 such questions over real
articles and 20 whose condition is met (``questions/conditions.jsonl``), asked of the archive of
``python -m benchmarks.quiz``. A refusal of all of them would be no merit, so the 20 stand beside them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

import qa
from benchmarks.quiz import INDEX
from benchmarks.report import ROOT, console, save, table, tracked
from qa.evaluate.asking import Outcome, ask_all
from qa.evaluate.metrics import RIGHT, f1

FILE = ROOT / "benchmarks" / "questions" / "conditions.jsonl"
FATES = ("right", "wrong", "tempting", "guessed rightly", "guessed wrongly", "refused")


@dataclass(frozen=True, slots=True)
class Conditional:
    """A question with a year, a place, a rank ... which an article on the same thing meets or does not."""

    question: str
    golds: tuple[str, ...]  # empty: the archive does not meet the condition
    tempting: str


def main(
    index: Annotated[Path, typer.Option(help="Index of the news archive.")] = INDEX,
    show: Annotated[bool, typer.Option("--show", help="Print every question and what it got.")] = False,
) -> None:
    """Count answers, guesses and refusals."""
    archive = qa.open(index)
    outcomes = ask_all(tracked(load(), "asking"), lambda q: archive.ask(q.question, as_of=qa.NO_DAY))
    unmet = [outcome for outcome in outcomes if not outcome.gold.golds]
    met = [outcome for outcome in outcomes if outcome.gold.golds]
    if show:
        for outcome in outcomes:
            given = outcome.forced.text if outcome.forced else "nothing"
            sure = f"{outcome.forced.confidence:.0%}" if outcome.forced else ""
            console.print(f"{fate(outcome):15} {sure:4} {outcome.gold.question} | {given}", markup=False)
    counted = {name: Counter(map(fate, some)) for name, some in (("condition met", met), ("not met", unmet))}
    rows = [(name, *(str(counts[each]) for each in FATES)) for name, counts in counted.items()]
    table(f"{len(outcomes)} questions with a condition", ("", *FATES), rows)
    kept = {row[0]: dict(zip(FATES, row[1:], strict=True)) for row in rows}
    save("conditions", {"command": "python -m benchmarks.conditions", **kept})


def load() -> Sequence[Conditional]:
    """Read the questions in the file's order."""
    rows = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    return [
        Conditional(row["question"], (row["answer"],) if row["met"] else (), row["tempting"]) for row in rows
    ]


def fate(outcome: Outcome[Conditional]) -> str:
    """Return what became of a question; "tempting": the wrong answer that the question was written for."""
    given = outcome.forced
    if not outcome.shown and outcome.reply.guess is None:
        return "refused"
    right = outcome.worth.right
    if not outcome.shown:
        return "guessed rightly" if right else "guessed wrongly"
    if right:
        return "right"
    is_tempting = given is not None and f1(given.text, [outcome.gold.tempting]) >= RIGHT
    return "tempting" if is_tempting else "wrong"


if __name__ == "__main__":
    typer.run(main)
