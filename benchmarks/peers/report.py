"""The figures of all systems -> tables on a terminal, and one for the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.peers.figures import Answers, Measured
from benchmarks.report import GOAL_HEAD, Judged, goal_row, table
from qa.evaluate.table import percent

Row = tuple[str, ...]
ANSWER_HEAD = ("", "EM", "F1", "EM answerable", "F1 answerable", "unanswerable refused", "F1 forced")


def speed_rows(systems: Mapping[str, Measured]) -> list[Row]:
    """Return a row for each figure, a column for each system."""
    every = list(systems.values())

    def row(name: str, cells: Sequence[str]) -> Row:
        return (name, *cells)

    return [
        row("build, words/s", [f"{m.words_a_second:,.0f}" for m in every]),
        row("build, passages/s", [f"{m.passages_a_second:.1f}" for m in every]),
        row("build, articles/s", [f"{m.articles_a_second:.2f}" for m in every]),
        row("passages", [f"{m.passages:,}" for m in every]),
        row("ask p50 / p95, ms", [f"{1000 * m.ask_p50:.0f} / {1000 * m.ask_p95:.0f}" for m in every]),
        row(
            "questions/s",
            [f"{m.questions_a_second:.1f}{' (at once)' if m.at_once else ''}" for m in every],
        ),
        row("cold start, s", [f"{m.cold_start:.1f}" for m in every]),
        row(
            "peak memory, build / ask, MB",
            [f"{m.build_megabytes:,.0f} / {m.ask_megabytes:,.0f}" for m in every],
        ),
        row("answer in the first 5 passages", [percent(m.recall_at_5) for m in every]),
    ]


def answer_rows(systems: Mapping[str, Measured]) -> list[Row]:
    """Return a row for each system, and one for each other way it was set up."""
    rows = []
    for name, system in systems.items():
        rows.append((name, *_answers(system.answers)))
        rows += [(variant, *_answers(answers)) for variant, answers in system.variants.items()]
    return rows


def markdown(head: Sequence[str], rows: Sequence[Row]) -> str:
    """Return a table as the README has it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_markdown(
    systems: Mapping[str, Measured], reached: Sequence[Judged], rates: Mapping[str, Mapping[str, float]]
) -> str:
    """Return all tables, one below the other."""
    parts = [
        markdown(("", *systems), speed_rows(systems)),
        markdown(ANSWER_HEAD, answer_rows(systems)),
        markdown(("", "measured"), rate_rows(rates)),
        markdown(GOAL_HEAD, [goal_row(one) for one in reached]),
    ]
    return "\n\n".join(parts) + "\n"


def show(
    systems: Mapping[str, Measured], reached: Sequence[Judged], rates: Mapping[str, Mapping[str, float]]
) -> None:
    """Print everything."""
    table("In the same run, one after the other", ("", *systems), speed_rows(systems))
    table("Answers", ANSWER_HEAD, answer_rows(systems))
    table("The libraries alone", ("", "measured"), rate_rows(rates))
    table("Goals, beside the better peer", GOAL_HEAD, [goal_row(one) for one in reached])


def rate_rows(rates: Mapping[str, Mapping[str, float]]) -> list[Row]:
    return [
        (f"{side}: {name}", f"{rate:,.1f}") for side, many in rates.items() for name, rate in many.items()
    ]


def _answers(answers: Answers) -> Row:
    shares = (
        answers.exact,
        answers.f1,
        answers.has_exact,
        answers.has_f1,
        answers.refused,
        answers.forced_f1,
    )
    return tuple(percent(share) for share in shares)
