"""Questions over an index -> how many a second get their reply one by one, and in batches of ``ask_many``.

python -m benchmarks.many [--index benchmarks/work/archive] [--questions FILE] [--asked 64]
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

import qa
from benchmarks.report import QUESTIONS, WORK, console, machine, save, table
from qa.evaluate.questions import load_questions, spaced
from qa.records import Answered

RUNS = 3  # runs of each way, in turn; the median counts


def main(
    index: Annotated[Path, typer.Option(help="A built index.")] = WORK / "archive",
    questions: Annotated[Path, typer.Option(help="A question file.")] = QUESTIONS,
    asked: Annotated[int, typer.Option(help="Questions, evenly spaced over the file.")] = 64,
) -> None:
    """Measure on this machine; nothing else should run on it."""
    news = qa.open(index)
    wording = [one.question for one in spaced(load_questions(questions), asked)]
    news.ask_many(
        wording[:16], as_of=qa.NO_DAY
    )  # what the libraries prepare for each new input shape is counted for neither way

    def one_by_one() -> list[Answered]:
        return [Answered(question, news.ask(question, as_of=qa.NO_DAY)) for question in wording]

    def together() -> list[Answered]:
        return news.ask_many(wording, as_of=qa.NO_DAY)

    seconds: dict[str, list[float]] = {"one by one": [], "ask_many": []}
    for _ in range(RUNS):
        alone, took = _timed(one_by_one)
        seconds["one by one"].append(took)
        batched, took = _timed(together)
        seconds["ask_many"].append(took)
    rates = {name: len(wording) / median(took) for name, took in seconds.items()}
    same = sum(_first(a) == _first(b) for a, b in zip(alone, batched, strict=True)) / len(wording)
    rows = [(name, f"{rate:.2f}") for name, rate in rates.items()]
    table(f"{len(wording)} questions, {machine()}", ("", "questions a second"), rows)
    console.print(f"the same first answer: {same:.1%}")
    command = f"python -m benchmarks.many --index {index.name} --asked {len(wording)}"
    save("many", {"command": command, "questions": len(wording), "rates": rates, "same_first_answer": same})


def _timed(run: Callable[[], Sequence[Answered]]) -> tuple[Sequence[Answered], float]:
    began = time.perf_counter()
    answered = run()
    return answered, time.perf_counter() - began


def _first(answered: Answered) -> tuple[str, str] | None:
    """Return the article and the words of the first answer or the guess."""
    reply = answered.reply
    if reply is None:
        return None
    shown = reply.answers[0] if reply.answers else reply.guess
    return None if shown is None else (shown.article.id, shown.text)


if __name__ == "__main__":
    typer.run(main)
