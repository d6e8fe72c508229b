"""The sample archive in a folder and in Milvus Lite -> how far their first ten passages agree.

python -m benchmarks.milvus
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import typer

import qa
from benchmarks.report import QUESTIONS, ROOT, WORK, console, save, table, tracked
from qa.evaluate.questions import load_questions
from qa.index.shards import Shard

ARTICLES = ROOT / "articles"
FOLDER, WHOLE, SHARDED = WORK / "archive", WORK / "whole.db", WORK / "sharded.db"
SHARDS = 4
DEPTH = 10


def main() -> None:
    """Build the archive in a folder and twice in Milvus, at once and in shards; ask each its questions."""
    for file in (WHOLE, SHARDED):
        shutil.rmtree(file, ignore_errors=True)
    for index in (FOLDER, WHOLE):
        qa.build([ARTICLES], index)
    for number in range(1, SHARDS + 1):
        qa.build([ARTICLES], SHARDED, shard=Shard(number, SHARDS))
    questions = [q.question for q in load_questions(QUESTIONS)]
    expected = _ask(FOLDER, questions)
    figures = {
        "built at once": _agreement(expected, _ask(WHOLE, questions)),
        f"built in {SHARDS} shards": _agreement(expected, _ask(SHARDED, questions)),
    }
    rows = [
        (name, facts["same ten in order"], facts["same ten"], facts["same first"], f"{facts['scores']:.1e}")
        for name, facts in figures.items()
    ]
    columns = ("in Milvus Lite", f"same {DEPTH}, in order", f"same {DEPTH}", "same first", "scores differ by")
    table(f"{len(questions)} questions, beside a folder", columns, rows)
    console.print(f"kept in {save('milvus', {'questions': len(questions), **figures})}")


def _ask(index: Path, questions: Sequence[str]) -> list[list[qa.Hit]]:
    retriever = qa.Retriever.open(index)
    return [
        retriever.search(question, DEPTH, as_of=qa.NO_DAY)
        for question in tracked(questions, f"asking {index.name}")
    ]


def _agreement(expected: Sequence[list[qa.Hit]], found: Sequence[list[qa.Hit]]) -> dict[str, float]:
    """Return the shares of questions whose passages agree, and the largest difference of their scores."""
    pairs = [
        ([hit.passage for hit in one], [hit.passage for hit in other])
        for one, other in zip(expected, found, strict=True)
    ]
    differences = [
        abs(one.score - other.score)
        for ones, others in zip(expected, found, strict=True)
        for one in ones
        for other in others
        if one.passage == other.passage
    ]
    return {
        "same ten in order": sum(one == other for one, other in pairs) / len(pairs),
        "same ten": sum(set(one) == set(other) for one, other in pairs) / len(pairs),
        "same first": sum(one[0] == other[0] for one, other in pairs) / len(pairs),
        "scores": max(differences),
    }


if __name__ == "__main__":
    typer.run(main)
