"""Commands on Milvus Lite that die at each thing that they do with a file -> what is left of the index.

What :mod:`benchmarks.faults` runs beside kills at random moments, which seldom meet the moment in which a
file is there and empty. After each death the index must be the one before or the one after, or in place,
article by article, either; and the same command must go on to its end and leave nothing behind.
"""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.damage import Outcome
from benchmarks.injection import Nursery, Seen, write_edition
from benchmarks.report import tracked
from qa.errors import ArchiveError

Look = Callable[[Path, bool], Seen]
GOING = "Article 3 of"  # how the text that is to be forgotten begins


def at_each_file(
    folder: Path, works: tuple[str, ...], nursery: Nursery, look: Look, *, every: int = 1
) -> Outcome:
    """Die at each thing, or every n-th, that pieces of work ("build", "shard", "forget") do with a file."""
    first, second = (write_edition(folder / f"lite-{n}.jsonl", n, 8) for n in (1, 2))
    whole, index, log = folder / "whole.db", folder / "dying.db", folder / "dying.log"
    nursery.run("build", first, whole)
    before = look(whole, True).articles
    tried = wrong = 0
    notes = []
    for work in works:
        arguments = (index, "3") if work == "forget" else (second, index)
        _copy(whole, index)
        nursery.run("die in lite", 0, log, work, *arguments)
        steps, after = int(log.read_text()), look(index, True).articles
        died, places = 0, range(1, steps + 1, every)
        for at in tracked(places, f"dying in a {work}"):
            _copy(whole, index)
            died += nursery.wait(nursery.start("die in lite", at, log, work, *arguments)) == -signal.SIGKILL
            try:
                found = look(index, work != "shard").articles
                nursery.run(work, *arguments)
                right = look(index, True).articles == after
            except (RuntimeError, ArchiveError):  # the reason is on standard error
                right, found = False, {}
            either = all(found.get(one) in (before.get(one), after.get(one)) for one in before | after)
            states = found in (before, after) or work == "shard"
            wrong += not (right and either and states and _is_clean(index, work))
        tried += len(places)
        notes.append(f"{died} of {len(places)} in a {work}")
    return Outcome("Milvus Lite: death at each file", tried, ", ".join(notes), wrong)


def _copy(whole: Path, index: Path) -> None:
    shutil.rmtree(index, ignore_errors=True)
    shutil.copytree(whole, index)


def _is_clean(index: Path, work: str) -> bool:
    """Return whether nothing is left that no state needs and, after a deletion, no file holds the text."""
    kept = {"build": 2, "shard": 1, "forget": 1}[work]  # a build keeps the previous state for its readers
    if len(list(index.glob("collections/*"))) != 2 * kept:
        return False
    texts = (json.dumps(pq.read_table(path).to_pylist(), default=str) for path in index.rglob("*.parquet"))
    return work != "forget" or not any(GOING in text for text in texts)
