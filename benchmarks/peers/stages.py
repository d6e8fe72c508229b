"""One system and a stage -> its JSON: the command line of every system's process.

python -m benchmarks.peers.SYSTEM build|ask|first|curve FOLDER NAME [PASSAGES READ]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from benchmarks.peers.exchange import (
    READ,
    Asked,
    Built,
    Given,
    Replied,
    Task,
    peak_megabytes,
    write_built,
    write_replied,
)

ANSWERED = "answered:"  # at this line the parent stops the clock


CURVE = "curve"  # the stage that asks with so many passages read, and measures nothing else


def result_file(name: str, stage: str, read: int = READ) -> str:
    """Return where a stage leaves its figures, in the task's folder."""
    return f"{name}-{stage}-{read}.json" if stage == CURVE else f"{name}-{stage}.json"


class System(Protocol):
    """An opened index that answers."""

    def ask(self, asked: Asked) -> Given:
        """Return the answer alone; the passages are asked for when nothing is timed."""

    def passages(self, asked: Asked) -> list[str]:
        """Return the first passages found, best first."""

    def ask_all(self, asked: Sequence[Asked]) -> bool:
        """Ask all at once; False if the system has no such call."""

    def variants(self, asked: Sequence[Asked]) -> dict[str, list[Given]]:
        """Return the answers of other ways to set it up."""


def main(
    build: Callable[[Task], Mapping[str, Built]], opened: Mapping[str, Callable[[Task, int], System]]
) -> None:
    """Run the stage that the command line names.

    ``build`` makes the indexes of all systems of a module; ``opened`` opens one by its name, to read so many
    passages of a question.
    """
    stage, folder, name = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    read = int(sys.argv[4]) if len(sys.argv) > 4 else READ
    task = Task.load(folder)
    if stage == "build":
        write_built(folder / result_file(name, stage), dict(build(task)))
        return
    asked = task.questions()
    system = opened[name](task, read)
    if stage == "first":
        print(ANSWERED, system.ask(asked[0]).text, flush=True)
        return
    replied = _point(system, asked) if stage == CURVE else _ask(system, asked)
    write_replied(folder / result_file(name, stage, read), replied)


def _point(system: System, asked: Sequence[Asked]) -> Replied:
    given, seconds = _one_by_one(system, asked)
    return Replied(given, seconds, None, peak_megabytes(), system.variants(asked))


def _one_by_one(system: System, asked: Sequence[Asked]) -> tuple[list[Given], list[float]]:
    for question in asked[:3]:  # so that first calls are not measured
        system.ask(question)
    given, seconds = [], []
    for question in asked:
        began = time.perf_counter()
        given.append(system.ask(question))
        seconds.append(time.perf_counter() - began)
    return given, seconds


def _ask(system: System, asked: Sequence[Asked]) -> Replied:
    given, seconds = _one_by_one(system, asked)
    began = time.perf_counter()
    at_once = system.ask_all(asked)
    batch_seconds = time.perf_counter() - began if at_once else None
    megabytes = peak_megabytes()
    found = [
        Given(one.text, one.forced, system.passages(question))
        for one, question in zip(given, asked, strict=True)
    ]
    return Replied(found, seconds, batch_seconds, megabytes, system.variants(asked))
