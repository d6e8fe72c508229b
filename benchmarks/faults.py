"""Kills, failing writes and restless readers in large numbers -> whether an index is ever lost.

python -m benchmarks.faults [--kills 200] [--rebuilds 50] [--readers 8]
"""

from __future__ import annotations

import errno
import os
import random
import signal
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

import qa
from benchmarks.injection import FailingDisk, Nursery, answers, build, opened, write_edition
from benchmarks.report import console, save, tracked
from qa.errors import ArchiveError


def main(
    kills: Annotated[int, typer.Option(help="Builds killed at random moments.")] = 200,
    rebuilds: Annotated[int, typer.Option(help="Builds while readers ask.")] = 50,
    readers: Annotated[int, typer.Option(help="Processes that ask without pause.")] = 8,
    articles: Annotated[int, typer.Option(help="Articles of an edition.")] = 200,
) -> None:
    """Stop at the first index that is lost; else say what was survived."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        editions = [write_edition(folder / f"{n}.jsonl", n, articles) for n in (1, 2)]
        expected = []
        for edition in editions:
            build(edition, folder / "alone")
            expected.append(answers(opened(folder / "alone")))
        figures: dict[str, object] = {"articles": articles}
        figures |= _kills(folder / "killed", editions, expected, kills)
        figures |= _deletions(folder / "forgotten", editions, kills)
        for code in (errno.ENOSPC, errno.EIO):
            failed = _writes(folder / errno.errorcode[code], editions, expected, code)
            figures[f"writes that failed with {errno.errorcode[code]}"] = failed
        figures |= _restless(folder / "read", readers, rebuilds, articles)
    for name, value in figures.items():
        console.print(f"{name:<50}{value:>10}")
    save("faults", {"command": "python -m benchmarks.faults", **figures})


def _kills(index: Path, editions: list[Path], expected: list[object], kills: int) -> dict[str, object]:
    chance = random.Random(1)
    killed = swapped = 0
    with Nursery() as nursery:
        began = time.monotonic()
        nursery.wait(nursery.start("build", editions[0], index))
        usual = time.monotonic() - began
        now = expected[0]
        for _ in tracked(range(kills), "killing"):
            child = nursery.start("build", editions[0 if now == expected[1] else 1], index)
            time.sleep(chance.uniform(0, usual))
            os.kill(child, signal.SIGKILL)
            killed += nursery.wait(child) == -signal.SIGKILL
            found = _whole(index, expected)
            swapped += found != now
            now = found
    build(editions[0], index)
    return {"builds killed": killed, "of which after the swap": swapped - (kills - killed)}


def _deletions(index: Path, editions: list[Path], kills: int) -> dict[str, object]:
    """Kill additions and deletions in turn: what was asked for is done or not done, and never comes back."""
    chance = random.Random(2)
    killed = 0
    build(editions[0], index)
    with Nursery() as nursery:
        began = time.monotonic()
        nursery.wait(nursery.start("add", editions[1], index))
        usual = time.monotonic() - began
        ids = {article.id for article in opened(index).listing(0, 100_000).articles}
        gone: set[str] = set()
        for turn in tracked(range(kills), "killing additions and deletions"):
            going = sorted(ids - gone)[0]
            work = (
                ("forget", index, going) if turn % 2 and len(ids - gone) > 2 else ("add", editions[1], index)
            )
            child = nursery.start(*work)
            time.sleep(chance.uniform(0, usual))
            os.kill(child, signal.SIGKILL)
            killed += nursery.wait(child) == -signal.SIGKILL
            qa.check(index)
            now = {article.id for article in opened(index).listing(0, 100_000).articles}
            vanished = ids - gone - now
            if not vanished <= ({going} if work[0] == "forget" else set()) or now & gone:
                raise RuntimeError(f"{index} lost {sorted(vanished)} or brought back {sorted(now & gone)}")
            gone |= vanished
    return {"additions and deletions killed": killed, "articles forgotten meanwhile": len(gone)}


def _writes(index: Path, editions: list[Path], expected: list[object], code: int) -> int:
    build(editions[0], index)
    fails_at = 1
    while True:
        disk = FailingDisk(fails_at, code)
        now = _whole(index, expected)
        try:
            with disk.in_place():
                build(editions[0 if now == expected[1] else 1], index)
        except ArchiveError:
            fails_at += 1
        else:
            return fails_at - 1


def _restless(index: Path, readers: int, rebuilds: int, articles: int) -> dict[str, object]:
    index.parent.joinpath("stop").unlink(missing_ok=True)
    build(write_edition(index.parent / "0.jsonl", 0, articles), index)
    logs = [index.parent / f"reader-{n}.log" for n in range(readers)]
    published = {}
    with Nursery() as nursery:
        children = [nursery.start("read", index, log) for log in logs]
        while not all(log.exists() and log.read_text() for log in logs):
            time.sleep(0.05)
        for number in tracked(range(1, rebuilds + 1), "rebuilding"):
            build(write_edition(index.parent / "next.jsonl", number, articles), index)
            published[number] = time.time()
            time.sleep(1)  # so that each can be seen
        (index.parent / "stop").touch()
        for child in children:
            nursery.wait(child)
    delays, seen = [], 0
    for log in logs:
        for line in log.read_text().splitlines():
            if not line.startswith("Edition "):
                raise RuntimeError(f"{log.name}: {line}")
            _, number, moment = line.split()
            if number != "0":
                delays.append(max(0.0, float(moment) - published[int(number)]))
                seen += 1
    return {
        "readers": readers,
        "rebuilds": rebuilds,
        "new editions seen, of readers x rebuilds": f"{seen} of {readers * rebuilds}",
        "seconds until seen, median": round(sorted(delays)[len(delays) // 2], 2),
        "seconds until seen, most": round(max(delays), 2),
    }


def _whole(index: Path, expected: list[object]) -> object:
    """What the index answers, which must be one of the editions, whole.

    :raises RuntimeError: if it is not.
    """
    qa.check(index)
    found = answers(opened(index))
    if found not in expected:
        raise RuntimeError(f"{index} answers neither as before nor as anew")
    return found


if __name__ == "__main__":
    typer.run(main)
