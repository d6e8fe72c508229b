"""Pairs of questions -> how many second ones are taken for follow-ups, wrongly and rightly.

    python -m benchmarks.follow_ups [SET ...] [--form]

The sets of ``SETS``, asked of the sample archive; all of them where none is named. Each was written by
people who had not seen the rule, and is counted by itself: the rule was changed with the earlier ones in
view. ``--form`` looks at the form alone and takes no minute: what surely leans back, what may, and what
stands alone.
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
SETS = {  # name -> its files, by whether their pairs are related
    "first": (("followup-unrelated", False), ("followup-related", True)),
    "later": (("followup-later-unrelated", False),),
    # Each question holds a pronoun: what it stands for is in the question itself, or in the one before.
    "pronouns": (("followup-pronouns-unrelated", False), ("followup-pronouns-related", True)),
    "nouns": (("followup-nouns-unrelated", False),),  # many without a name: "Who stole the painting?"
    "last": (("followup-last-unrelated", False),),
    "final": (("followup-final-unrelated", False),),  # asked once, after the rule was done
    "unseen": (("followup-unseen-unrelated", False),),  # likewise, after the rule of "final" was changed
    # As people type: lower case, "it" and "they" that stand for nothing. "after": once "typed" was mended.
    "typed": (("followup-typed-unrelated", False),),
    "after": (("followup-after-unrelated", False),),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, and the one asked after it."""

    before: str
    question: str
    related: bool


def main(
    names: Annotated[list[str] | None, typer.Argument(metavar="[SET]...")] = None,
    form: Annotated[bool, typer.Option("--form", help="Look at the form alone; ask nothing.")] = False,
) -> None:
    """Count what is taken for a follow-up."""
    if unknown := [name for name in names or () if name not in SETS]:
        raise typer.BadParameter(f"{unknown[0]!r} is no set; the sets are {', '.join(SETS)}.")
    sets = {name: load(name) for name in names or SETS}
    kinds = ("surely", "perhaps", "if known", None)
    rows = [
        (f"{name}, {word}", *(str(counted[kind]) for kind in kinds))
        for name, pairs in sets.items()
        for word, related in (("unrelated", False), ("related", True))
        if (counted := Counter(leaning(pair.question) for pair in pairs if pair.related == related))
    ]
    table("By their form", ("", "surely", "perhaps", "if known", "stands alone"), rows)
    if form:
        return
    qa.build([ARTICLES], INDEX)
    archive = qa.open(INDEX)
    figures: dict[str, object] = {}
    for name, pairs in sets.items():
        taken = [pair for pair in tracked(pairs, name) if is_taken(archive, pair)]
        for pair in pairs:
            if (pair in taken) != pair.related:
                console.print(
                    f"{'missed' if pair.related else 'taken'}: {pair.before} | {pair.question}", markup=False
                )
        wrong = sum(not pair.related for pair in taken) / sum(not pair.related for pair in pairs)
        asked = [Goal("unrelated left alone", 1 - wrong, 0.99)]
        figures[name] = {"wrongly taken": round(wrong, 4)}
        if related := sum(pair.related for pair in pairs):
            right = sum(pair.related for pair in taken) / related
            asked.append(Goal("related seen", right, 0.5))
            figures[name] = {"wrongly taken": round(wrong, 4), "related seen": round(right, 3)}
        goals(f"Follow-ups: {name}, {len(pairs)} pairs", asked)
    if names is None:
        save("follow-ups", figures)


def is_taken(archive: qa.Archive, pair: Pair) -> bool:
    """Return whether the second question was completed from the first; ask nothing where the form says no."""
    if leaning(pair.question) is None:
        return False
    before = archive.ask(pair.before, as_of=qa.NO_DAY)
    return archive.ask(pair.question, as_of=qa.NO_DAY, after=before).follow_up is not None


def load(name: str) -> Sequence[Pair]:
    """Read the files of a set."""
    return [
        Pair(row["before"], row["question"], related)
        for file, related in SETS[name]
        for line in (FOLDER / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
        for row in (json.loads(line),)
    ]


if __name__ == "__main__":
    typer.run(main)
