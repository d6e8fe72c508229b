"""Indexes of one archive by several embedders -> how often a passage with the answer is among the first ten.

    python -m training.recall FOLDER INDEX [INDEX ...]

By vectors alone and as the retrieval ships, of questions that trained no embedder: the written ones on
articles that choose between runs, as of the day of their article, and the quiz of 2022's odd weeks. The
quiz of 2023 is counted by ``--last`` alone, once something is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.quiz_questions import Asking, questions
from benchmarks.ranking import DEPTHS, Asked, Scorer, recalls, shipped
from benchmarks.report import table, tracked
from training import store
from training.pack import ARCHIVE
from training.quiz import halves
from training.reserved import LAST_YEAR
from training.written import NEWS, chooses

TEN = DEPTHS.index(10)  # as many passages as the reader reads


def main(
    data: Annotated[Path, typer.Argument(help="Folder of the data sets.")],
    indexes: Annotated[list[Path], typer.Argument(help="Indexes of the news archive.")],
    last: Annotated[bool, typer.Option("--last", help=f"Ask the quiz of {LAST_YEAR + 1}, too.")] = False,
) -> None:
    """Print two rows for each index and each kind of questions."""
    sets = kinds(data, last=last)
    ways = {"vectors alone": replace(shipped(), lexical_weight=0.0), "as shipped": shipped()}
    rows = []
    for index in indexes:
        scorer = Scorer.open(index)
        for name, asked in sets.items():
            scored = [scorer.candidates(one) for one in tracked(asked, f"{index.name}, {name}")]
            for way, weighing in ways.items():
                whole, parts = (recalls(scored, weighing, whole_words=words)[TEN] for words in (True, False))
                rows.append((f"{index.name}: {name}, {len(asked):,} questions, {way}", whole, parts))
    table("Among the first ten passages one has the answer", ("", "whole words", "parts too"), rows)


def kinds(data: Path, *, last: bool) -> dict[str, Sequence[Asked]]:
    """Return the answerable questions of each kind."""
    news = data / "news-2022-2023"
    _, odd = halves(news)
    quizzes = {f"quiz {LAST_YEAR}, odd weeks": odd}
    if last:
        quizzes[f"quiz {LAST_YEAR + 1}"] = [q for q in questions(news) if q.year == str(LAST_YEAR + 1)]
    return {
        "written": list(_written(news)),
        **{name: [q for q in asked if q.answerable] for name, asked in quizzes.items()},
    }


def _written(news: Path) -> Iterator[Asking]:
    for article in store.read(NEWS, news / ARCHIVE):
        if chooses(article, NEWS):
            day = date.fromisoformat(article.date)
            for question in article.questions:
                if golds := article.golds(question):
                    yield Asking(question.text, golds, day)


if __name__ == "__main__":
    typer.run(main)
