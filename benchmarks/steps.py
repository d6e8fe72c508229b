"""An index and questions -> where the time of a question goes, step by step.

python -m benchmarks.steps [--index benchmarks/work/archive] [--questions FILE] [--asked 100]
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

import qa
from benchmarks.quiz_questions import wordings
from benchmarks.report import QUESTIONS, WORK, console, machine, save, table, tracked
from qa.evaluate.metrics import percentile
from qa.index.local.bm25 import Bm25
from qa.index.local.engine import LocalEngine
from qa.index.local.vectors import Vectors
from qa.models.embedder import SentenceEmbedder
from qa.read import reading
from qa.read.reader import ExtractiveReader
from qa.retrieve.retriever import Retriever

Owner = Any  # a class or a module
# Outer steps first. The time of an inner step is not counted for the outer one.
STEPS: tuple[tuple[str, Owner, str], ...] = (
    ("query, follow-up, reply", qa.Archive, "reply_to"),
    ("fusion and order", Retriever, "find"),
    ("question to a vector", SentenceEmbedder, "embed_question"),
    ("filters, union", LocalEngine, "candidates"),
    ("vectors: search", Vectors, "search"),
    ("vectors: cosines of the others", Vectors, "cosines"),
    ("BM25: search", Bm25, "search"),
    ("BM25: scores of the others", Bm25, "scores_of"),
    ("passages and articles from the disk", LocalEngine, "found"),
    ("reading", ExtractiveReader, "read"),
    ("judging: agreement, standing, confidence", reading, "judge"),
)


class Stopwatch:
    """Adds up what each step takes of a question, what steps inside it take left out."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []  # for each running step, the time of the steps inside it

    def start(self) -> None:
        """Begin a question."""
        self.seconds.clear()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        began = time.perf_counter()
        self._inside.append(0.0)
        try:
            yield
        finally:
            took = time.perf_counter() - began
            self.seconds[name] += took - self._inside.pop()
            if self._inside:
                self._inside[-1] += took

    @contextmanager
    def watching(self, name: str, owner: Owner, function: str) -> Iterator[None]:
        """Time each call of a function while the context lasts."""
        plain = getattr(owner, function)

        @wraps(plain)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.step(name):
                return plain(*arguments, **named)

        setattr(owner, function, timed)
        try:
            yield
        finally:
            setattr(owner, function, plain)


def main(
    index: Annotated[Path, typer.Option(help="A built index.")] = WORK / "archive",
    questions: Annotated[Path, typer.Option(help='JSONL with "question".')] = QUESTIONS,
    asked: Annotated[int, typer.Option(help="Questions, evenly spaced.")] = 100,
) -> None:
    """Print the time of each step, p50 and in the mean, and its share of a question."""
    chosen = wordings(questions, asked)
    news = qa.open(index)
    watch = Stopwatch()
    times: dict[str, list[float]] = {name: [] for name, _, _ in STEPS}
    with ExitStack() as watched:
        for name, owner, function in STEPS:
            watched.enter_context(watch.watching(name, owner, function))
        for question in chosen[:3]:  # so that first calls are not measured
            news.ask(question, as_of=qa.NO_DAY)
        for question in tracked(chosen, "asking"):
            watch.start()
            news.ask(question, as_of=qa.NO_DAY)
            for name, seconds in times.items():
                seconds.append(watch.seconds[name])
    whole = sum(sum(seconds) for seconds in times.values())
    overview = news.overview()
    rows = [
        (
            name,
            f"{1000 * percentile(seconds, 0.5):.2f}",
            f"{1000 * sum(seconds) / len(seconds):.2f}",
            f"{100 * sum(seconds) / whole:.2f} %",
        )
        for name, seconds in times.items()
    ]
    console.print(f"{machine()}; {overview.passages:,} passages, {len(chosen)} questions")
    table("Where the time of a question goes", ("step", "p50, ms", "mean, ms", "share"), rows)
    figures = {
        "command": "python -m benchmarks.steps",
        "passages": overview.passages,
        "questions": len(chosen),
        "mean_ms": {name: 1000 * sum(seconds) / len(seconds) for name, seconds in times.items()},
        "share": {name: sum(seconds) / whole for name, seconds in times.items()},
    }
    console.print(f"kept in {save('steps', figures)}")


if __name__ == "__main__":
    typer.run(main)
