"""Kills, failing writes, flipped bits and restless readers in large numbers -> whether an index is ever lost.

python -m benchmarks.faults [--kills 100] [--rebuilds 20] [--readers 4] [--bits 450] [--lite-kills 100]
"""

from __future__ import annotations

import errno
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

import qa
from benchmarks.damage import Outcome, decayed, flips, records, watchers
from benchmarks.injection import FailingDisk, Nursery, answers, build, opened, seen_in, write_edition
from benchmarks.kills import additions, after_the_swap, builds, deletions, milvus_lite
from benchmarks.report import console, save, tracked
from qa.errors import ArchiveError
from qa.evaluate.table import table_of


def main(
    kills: Annotated[int, typer.Option(help="Builds killed at random moments, and as many polls.")] = 100,
    rebuilds: Annotated[int, typer.Option(help="Builds while readers ask.")] = 20,
    readers: Annotated[int, typer.Option(help="Processes that ask without pause.")] = 4,
    bits: Annotated[
        int, typer.Option(help="Bits flipped in a large index, and half as many in a small one.")
    ] = 450,
    articles: Annotated[int, typer.Option(help="Articles of an edition.")] = 30,
    large: Annotated[
        Path | None, typer.Option(help="An index above 64 MB, in a copy of which bits are flipped.")
    ] = None,
    lite_kills: Annotated[int, typer.Option(help="Commands on Milvus Lite killed at random moments.")] = 100,
) -> None:
    """Print one table of what was tried and what came of it. Exit code 1 if anything was not survived."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        editions = [write_edition(folder / f"{n}.jsonl", n, articles) for n in (1, 2)]
        expected = []
        for edition in editions:
            build(edition, folder / "alone")
            expected.append(answers(opened(folder / "alone")))
        rows = [
            *_killed(folder, editions, kills),
            *milvus_lite(folder, editions, lite_kills),
            watchers(folder, kills),
            *(_writes(folder / errno.errorcode[c], editions, expected, c) for c in (errno.ENOSPC, errno.EIO)),
            flips(folder, bits // 2, articles, large=False),
            flips(folder, bits, articles, large=True),
            *([decayed(large, folder, bits)] if large is not None else []),
            records(folder),
            _restless(folder / "read", readers, rebuilds, articles),
        ]
    columns = ("attack", "tried", "wrong", "silent", "uncaught", "deaths", "")
    shown = [(r.attack, f"{r.tried:,}", r.wrong, r.silent, r.uncaught, r.deaths, r.note) for r in rows]
    console.print(table_of("Faults", columns, [tuple(map(str, row)) for row in shown]))
    save(
        "faults",
        {"command": "python -m benchmarks.faults", "articles": articles, "rows": list(map(asdict, rows))},
    )
    bad = sum(r.wrong + r.silent + r.uncaught + r.deaths for r in rows)
    raise typer.Exit(1 if bad else 0)


def _killed(folder: Path, editions: list[Path], kills: int) -> list[Outcome]:
    with Nursery() as nursery:
        return [
            builds(folder / "killed", editions, kills, nursery, seen_in),
            additions(folder / "added", folder, kills // 2, nursery, seen_in),
            deletions(folder / "forgotten", folder, kills // 2, nursery, seen_in),
            after_the_swap(folder, kills // 4, nursery),
        ]


def _writes(index: Path, editions: list[Path], expected: list[object], code: int) -> Outcome:
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
            what = f"writes that failed with {errno.errorcode[code]}"
            return Outcome(what, fails_at - 1, "each write of a build once")


def _restless(index: Path, readers: int, rebuilds: int, articles: int) -> Outcome:
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
            time.sleep(1)  # gives the readers time to see each edition
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
    middle, most = sorted(delays)[len(delays) // 2], max(delays)
    note = f"{readers} readers saw {seen} of {readers * rebuilds} after {middle:.2f} s, at most {most:.2f}"
    return Outcome("rebuilds under restless readers", rebuilds, note)


def _whole(index: Path, expected: list[object]) -> object:
    """Return what the index answers, which must be one of the editions, whole.

    :raises RuntimeError: if it is not.
    """
    qa.check(index)
    found = answers(opened(index))
    if found not in expected:
        raise RuntimeError(f"{index} answers neither as before nor as anew")
    return found


if __name__ == "__main__":
    typer.run(main)
