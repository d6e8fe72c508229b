"""Sentences that give an answer, or deny, end or only plan it -> how many the rule sorts rightly.

    python -m benchmarks.agreement [--misses]

100 questions with two or three sentences each (``questions/agreement.jsonl``), written by someone who had not
seen the rule of ``qa.news.support``. The rule was written with every second question in view, so the others
are the measure: "unseen".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.report import ROOT, console, save, table
from qa.news.support import doubt_of

PAIRS = ROOT / "benchmarks" / "questions" / "agreement.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with an answer to a question, and whether it gives it."""

    question: str
    sentence: str
    start: int
    end: int
    supports: bool
    kind: str
    unseen: bool

    @property
    def taken_back(self) -> bool:
        """What the rule says: the sentence does not give the answer."""
        return doubt_of(self.question, self.sentence, self.start, self.end) is not None


def main(
    misses: Annotated[
        bool, typer.Option("--misses", help="Also list the sentences that went wrong.")
    ] = False,
) -> None:
    """Sort every sentence, and show precision and recall of what is taken back."""
    pairs = load(PAIRS)
    rows, kept = [], {}
    for name, chosen in (
        ("seen", [p for p in pairs if not p.unseen]),
        ("unseen", [p for p in pairs if p.unseen]),
    ):
        precision, recall = measured(chosen)
        kept[name] = {"sentences": len(chosen), "precision": round(precision, 3), "recall": round(recall, 3)}
        rows.append((name, str(len(chosen)), f"{100 * precision:.1f} %", f"{100 * recall:.1f} %"))
    table("Sentences that do not give the answer", ("", "sentences", "precision", "recall"), rows)
    save("agreement", kept)
    if misses:
        for pair in pairs:
            if pair.taken_back == pair.supports:
                console.print(f"{pair.kind}: {pair.question} | {pair.sentence}", markup=False)


def load(path: Path) -> list[Pair]:
    """Read the pairs, in the order of the file."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        for sentence, supports in zip(row["sentences"], row["supports"], strict=True):
            start = sentence.casefold().index(row["string"].casefold())
            end = start + len(row["string"])
            pairs.append(Pair(row["question"], sentence, start, end, supports, row["kind"], number % 2 == 1))
    return pairs


def measured(pairs: list[Pair]) -> tuple[float, float]:
    """Return precision and recall of "does not give the answer", 0 to 1."""
    found = [pair for pair in pairs if pair.taken_back]
    wanted = [pair for pair in pairs if not pair.supports]
    right = sum(not pair.supports for pair in found)
    return right / len(found), right / len(wanted)


if __name__ == "__main__":
    typer.run(main)
