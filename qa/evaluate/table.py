"""An Evaluation -> rich tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from qa.evaluate.report import ACCURACY, Case, Evaluation, Trust


def percent(share: float | None) -> str:
    """Return a share as people read it: 0.6123 -> "61.2 %"."""
    return "-" if share is None else f"{100 * share:.1f} %"


def table_of(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> Table:
    """Return a table whose columns but the first are numbers; shares become percents."""
    drawn = Table(title=title, title_justify="left")
    for position, column in enumerate(columns):
        drawn.add_column(column, justify="left" if position == 0 else "right")
    for row in rows:
        drawn.add_row(*(Text(cell) if isinstance(cell, str) else percent(cell) for cell in row))
    return drawn


def evaluation_of(result: Evaluation) -> RenderableType:
    """Return every figure, then the questions to look at."""
    shipped, forced = result.shipped, result.forced
    unanswerable = result.questions - result.answerable
    guessed = result.guesses
    return Group(
        Text(
            f"{result.questions:,} questions: {result.answerable:,} answerable, {unanswerable:,} not",
            style="bold",
        ),
        table_of(
            "Retrieval: among the first passages there is",
            ("", *(f"top {found.depth}" for found in result.recall)),
            [
                ("one with a gold answer", *(found.answer for found in result.recall)),
                ("one of a gold article", *(found.article for found in result.recall)),
            ],
        ),
        table_of(
            "Answers",
            ("", "as shipped", "always answered"),
            [
                ("exact match, answerable", shipped.has_exact, forced.has_exact),
                ("F1, answerable", shipped.has_f1, forced.has_f1),
                ("exact match, all", shipped.exact, forced.exact),
                ("F1, all", shipped.f1, forced.f1),
                ("unanswerable refused", result.refused_unanswerable, "-"),
                ("answerable refused", result.refused_answerable, "-"),
            ],
        ),
        table_of(
            "Guesses: shown as unsure where no answer was sure",
            ("", "right", "wrong"),
            [
                ("answerable", guessed.right, guessed.wrong),
                ("unanswerable", "-", guessed.wrong_unanswerable),
            ],
        ),
        *trust_of(result.trust),
        Text(f"A question takes {result.latency.p50:.3f} s (p50), {result.latency.p95:.3f} s (p95)."),
        *_cases("The slowest:", result.slowest),
        *_cases("Wrong, the surest first:", result.worst),
    )


def trust_of(trust: Trust | None) -> list[RenderableType]:
    """Return mean confidences beside the shares that were right."""
    if trust is None:
        return [Text("The reader is uncalibrated: its margins are no probabilities, so nothing to compare.")]
    drawn = table_of(
        "Confidence, always answered",
        ("promised", "kept", "questions"),
        [
            (
                f"{percent(part.confidence)} ({percent(part.lowest)} to {percent(part.highest)})",
                part.accuracy,
                f"{part.questions:,}",
            )
            for part in trust.bins
        ],
    )
    line = (
        f"Calibration error {percent(trust.error)}; {percent(ACCURACY)} of the answers are right "
        f"if the surest {percent(trust.coverage)} of the questions are answered."
    )
    return [drawn, Text(line)]


def _cases(title: str, cases: Sequence[Case]) -> list[Text]:
    if not cases:
        return []
    lines = [Text(f"\n{title}", style="bold")]
    for case in cases:
        golds = " | ".join(case.golds) if case.golds else "no answer in the archive"
        lines.append(Text(f"{case.where}  {case.question}", style="cyan"))
        lines.append(Text(f"  wanted {golds}"))
        if case.given is None:
            lines.append(Text(f"  no answer, {case.seconds:.3f} s"))
            continue
        sure = f"margin {case.margin:.1f}" if case.confidence is None else percent(case.confidence)
        kept_back = "" if case.shown else " kept back,"
        lines.append(
            Text(f"  given  {case.given} ({sure},{kept_back} F1 {percent(case.f1)}, {case.seconds:.3f} s)")
        )
        lines.append(Text(f"         in {case.title}", style="dim"))
    return lines
