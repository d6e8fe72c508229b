"""A SQuAD-format file -> exact match, F1, HasAns and NoAns of the reader, by the official rules.

    python -m benchmarks.reader FOLDER/squad2-dev-half.json [--limit 500] [--reader FOLDER]

Every question is put to its own whole context, cut into windows as a long passage is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.report import console, save, table, tracked
from qa.evaluate.metrics import Figures, Scored, best_threshold, figures, scored
from qa.evaluate.questions import spaced
from qa.evaluate.squad import SquadQuestion, load_squad
from qa.read.candidate import Candidate
from qa.read.reader import ExtractiveReader, Reader
from qa.records import Article, Passage
from qa.settings import AskSettings

FORCED = float("-inf")


@dataclass(frozen=True, slots=True)
class Measured:
    """A question, the reader's best span for it, and what that is worth."""

    question: SquadQuestion
    best: Candidate | None  # None if there was no span
    worth: Scored


def measure(reader: Reader, questions: Sequence[SquadQuestion], *, with_title: bool) -> list[Measured]:
    """Return what the reader's best span is worth on each question."""
    results = []
    for question in tracked(questions, "reading"):
        title = question.title if with_title else ""
        article = Article(id=question.id, title=title, text=question.context)
        candidates = reader.read(question.question, [Passage(article, 0, len(article.text))])
        if candidates:
            best = candidates[0]
            given = article.field(best.where)[best.start : best.end]
            results.append(Measured(question, best, scored(given, question.golds, margin=best.margin)))
        else:
            results.append(Measured(question, None, scored(None, question.golds, margin=FORCED)))
    return results


def main(
    file: Annotated[Path, typer.Argument(help="SQuAD 1 or 2 format, .json or .json.gz.")],
    limit: Annotated[int | None, typer.Option(help="At most so many questions, evenly spaced.")] = None,
    reader: Annotated[str | None, typer.Option(help="Folder or hub name; default: the shipped one.")] = None,
    with_title: Annotated[bool, typer.Option("--with-title", help="Show the file's titles too.")] = False,
    worst: Annotated[int, typer.Option(help="Print so many of the surest answers where there is none.")] = 0,
) -> None:
    """Measure the reader alone."""
    settings = AskSettings() if reader is None else replace(AskSettings(), reader=reader)
    questions = spaced(load_squad(file), limit)
    measured = measure(ExtractiveReader.load(settings), questions, with_title=with_title)
    results = [found.worth for found in measured]
    rows = {
        "best threshold": figures(results, best_threshold(results)),
        "margin over 0": figures(results, 0.0),
        "forced": figures(results, FORCED),
    }
    console.print(f"{file.name}: {len(results)} questions, {rows['forced'].answerable} answerable")
    titles = ("", "EM", "F1", "HasAns EM", "HasAns F1", "NoAns")
    table("Reader", titles, [(name, *_cells(found)) for name, found in rows.items()])
    console.print(f"best threshold: a margin of {rows['best threshold'].threshold:.2f}")
    if worst:
        _show_worst(measured, worst)
    if limit is None and reader is None and not with_title:
        kept = {name: asdict(found) | {"threshold": _plain(found.threshold)} for name, found in rows.items()}
        name = file.name.partition(".")[0]
        save(f"reader-{name}", {"command": f"python -m benchmarks.reader {file.name}", **kept})


def _show_worst(measured: Sequence[Measured], many: int) -> None:
    """Show questions whose premise the context does not bear out, with what the reader was surest of."""
    fooled = sorted((m for m in measured if not m.worth.answerable), key=lambda m: -m.worth.margin)
    for found in fooled[:many]:
        best = found.best
        if best is None:
            continue
        context = found.question.context if best.where == "text" else found.question.title
        around = context[max(0, best.start - 100) : best.start], context[best.end : best.end + 60]
        given = context[best.start : best.end]
        console.print(f"{found.worth.margin:5.1f}  {found.question.question}", markup=False, highlight=False)
        console.print(f"       …{around[0]}[[{given}]]{around[1]}…", markup=False, highlight=False)


def _cells(found: Figures) -> tuple[float | None, ...]:
    return found.exact, found.f1, found.has_exact, found.has_f1, found.no_answer


def _plain(threshold: float) -> float | str:
    """Return a value as JSON has it, which knows no infinity."""
    return threshold if abs(threshold) != float("inf") else str(threshold)


if __name__ == "__main__":
    typer.run(main)
