"""What every benchmark shows and keeps: progress, tables, targets, JSON files, the machine."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from qa.evaluate.table import percent, table_of

T = TypeVar("T")
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = HERE / "work"  # indexes and long lists; git ignores it
RESULTS = HERE / "results"  # figures; committed
QUESTIONS = HERE / "questions" / "sample.jsonl"  # about the sample archive
console = Console()


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure beside what it should be."""

    name: str
    value: float
    least: float

    @property
    def met(self) -> bool:
        return self.value >= self.least


@dataclass(frozen=True, slots=True)
class Judged:
    """A goal in any unit, and what was reached."""

    name: str
    value: float
    goal: float
    at_most: bool = False  # True: the value may be at most the goal; False: at least

    @property
    def met(self) -> bool:
        return self.value <= self.goal if self.at_most else self.value >= self.goal


GOAL_HEAD = ("", "measured", "goal", "")


def goal_row(one: Judged) -> tuple[str, ...]:
    """Return a goal as a row below :data:`GOAL_HEAD`."""
    sign = "<=" if one.at_most else ">="
    return (one.name, f"{one.value:.2f}", f"{sign} {one.goal:g}", "ok" if one.met else "MISSED")


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.1f}/s" if speed else "")


def tracked(items: Sequence[T], doing: str) -> Iterable[T]:
    """Yield the items, while a bar shows how far they have been taken."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        yield from bar.track(items, total=len(items), description=doing)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> None:
    """Print a table; all columns but the first are numbers."""
    console.print(table_of(title, columns, rows))


def goals(title: str, figures: Sequence[Goal]) -> None:
    """Print figures beside what they should be."""
    rows = [(g.name, g.value, f">= {percent(g.least)}", "ok" if g.met else "MISSED") for g in figures]
    table(title, ("figure", "measured", "goal", ""), rows)


def save(name: str, figures: dict[str, object]) -> Path:
    """Keep figures as JSON in results/, with the machine and the moment."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    stamped = {"measured": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), **figures}
    path.write_text(json.dumps(stamped, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def machine() -> str:
    """Return the processor, its cores and what matters for speed, in one line."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    known = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    name = known.get("model name") or platform.processor() or platform.machine()
    bf16 = ", AVX512-BF16" if "avx512_bf16" in known.get("flags", "").split() else ""
    return f"{name}, {os.cpu_count()} cores{bf16}, Python {platform.python_version()}"
