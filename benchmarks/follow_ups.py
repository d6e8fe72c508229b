"""Pairs of questions -> how many second ones are taken for follow-ups, wrongly and rightly.

    python -m benchmarks.follow_ups [--form]

320 unrelated and 60 related pairs (``questions/followup-*.jsonl``), written by people who had not seen the
rule, asked of the sample archive. ``--form`` looks at the form alone and takes no minute: what surely leans
back, what may, and what stands alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

import qa
from benchmarks.archive import ARTICLES, INDEX
from benchmarks.report import ROOT, Goal, console, goals, save, table, tracked
from qa.retrieve.follow_up import leaning

FOLDER = ROOT / "benchmarks" / "questions"


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, and the one asked after it."""

    before: str
    question: str
    related: bool


def main(
    form: Annotated[bool, typer.Option("--form", help="Look at the form alone; ask nothing.")] = False,
) -> None:
    """Count what is taken for a follow-up."""
    pairs = load()
    counted = Counter((pair.related, leaning(pair.question)) for pair in pairs)
    rows = [
        (name, *(str(counted[related, kind]) for kind in ("surely", "perhaps", None)))
        for name, related in (("unrelated", False), ("related", True))
    ]
    table("By their form", ("", "surely", "perhaps", "stands alone"), rows)
    if form:
        return
    qa.build([ARTICLES], INDEX)
    archive = qa.open(INDEX)
    taken = [pair for pair in tracked(pairs, "asking") if is_taken(archive, pair)]
    wrong = [pair for pair in taken if not pair.related]
    for pair in wrong:
        console.print(f"taken: {pair.before} | {pair.question}", markup=False)
    share = len(wrong) / sum(not pair.related for pair in pairs)
    right = (len(taken) - len(wrong)) / sum(pair.related for pair in pairs)
    save("follow-ups", {"wrongly taken": round(share, 4), "related seen": round(right, 3)})
    goals("Follow-ups", [Goal("unrelated left alone", 1 - share, 0.99), Goal("related seen", right, 0.5)])


def is_taken(archive: qa.Archive, pair: Pair) -> bool:
    """Return whether the second question was completed from the first; ask nothing where the form says no."""
    if leaning(pair.question) is None:
        return False
    before = archive.ask(pair.before, as_of=qa.NO_DAY)
    return archive.ask(pair.question, as_of=qa.NO_DAY, after=before).follow_up is not None


def load() -> Sequence[Pair]:
    """Read both files."""
    return [
        Pair(row["before"], row["question"], related)
        for name, related in (("unrelated", False), ("related", True))
        for line in (FOLDER / f"followup-{name}.jsonl").read_text(encoding="utf-8").splitlines()
        for row in (json.loads(line),)
    ]


if __name__ == "__main__":
    typer.run(main)
