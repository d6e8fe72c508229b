"""A process that runs on -> what it holds by kind, looked at again and again, and which kinds grew."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

MEMORY, DESCRIPTORS = "MB", "descriptors"
QUARTERS = 4  # parts of the observed time; a cache that fills grows less in each
LEAST_GROWTH = {MEMORY: 1.0, "MB private": 1.0, "MB of files": 1.0}  # a smaller increase is no growth
LEAST_OTHERWISE = 2.0  # the same for descriptors and threads
_GENERATION = re.compile(r"/(generation-[^/]+)/")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a process."""

    at: float  # seconds of a monotonic clock
    held: dict[str, float]  # by kind: megabytes, descriptors, threads
    processor: float  # seconds of processor time so far


@dataclass(frozen=True, slots=True)
class Growth:
    """How much of one kind a process held, quarter by quarter."""

    kind: str
    quarters: tuple[float, ...]  # the mean of each

    def __str__(self) -> str:
        return f"{self.kind} {', '.join(f'{mean:,.1f}' for mean in self.quarters)}"


def look(pid: int) -> Look:
    """Look at a process of this machine, by what Linux tells of it.

    :raises OSError: if there is none.
    """
    folder = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    megabytes = {
        kind: int(status[name].split()[0]) / 1024
        for kind, name in ((MEMORY, "VmRSS"), ("MB private", "RssAnon"), ("MB of files", "RssFile"))
    }
    opened = Counter(_kind(name) for name in map(_named, (folder / "fd").iterdir()) if name)
    generations = {found[1] for found in _GENERATION.finditer((folder / "maps").read_text())}
    held = megabytes | {kind: float(many) for kind, many in opened.items()}
    held |= {"threads": float(status["Threads"]), "generations mapped": float(len(generations))}
    held[DESCRIPTORS] = float(opened.total())
    fields = (folder / "stat").read_text().rpartition(")")[2].split()  # a name may hold blanks
    ticks = int(fields[11]) + int(fields[12])
    return Look(time.monotonic(), held, ticks / os.sysconf("SC_CLK_TCK"))


def slope(looks: Sequence[Look], kind: str) -> float:
    """Return how much of a kind came a minute: the straight line nearest to all looks."""
    minutes = np.array([one.at - looks[0].at for one in looks]) / 60
    return float(np.polyfit(minutes, [one.held.get(kind, 0.0) for one in looks], 1)[0])


def middle(looks: Sequence[Look], kind: str) -> float:
    """Return the median of a kind."""
    return float(np.median([one.held.get(kind, 0.0) for one in looks]))


def share(looks: Sequence[Look]) -> float:
    """Return how much of one core the process had."""
    return (looks[-1].processor - looks[0].processor) / max(1e-9, looks[-1].at - looks[0].at)


def grown(looks: Sequence[Look]) -> list[Growth]:
    """Return the kinds of which the last quarter held more than the first, by how many times as much."""
    kinds = sorted({kind for one in looks for kind in one.held})
    all_ = [Growth(kind, _quarters(looks, kind)) for kind in kinds]
    more = [
        one
        for one in all_
        if one.quarters[-1] - one.quarters[0] >= LEAST_GROWTH.get(one.kind, LEAST_OTHERWISE)
    ]
    return sorted(more, key=lambda one: -one.quarters[-1] / max(1.0, one.quarters[0]))


def _quarters(looks: Sequence[Look], kind: str) -> tuple[float, ...]:
    borders = np.linspace(0, len(looks), QUARTERS + 1).astype(int).tolist()
    held = [one.held.get(kind, 0.0) for one in looks]
    return tuple(float(np.mean(held[first : max(stop, first + 1)])) for first, stop in pairwise(borders))


def _named(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""  # it was closed in the meantime


def _kind(name: str) -> str:
    if name.startswith("socket:"):
        return "sockets"
    if name.startswith("anon_inode:"):
        return "event loops" if "eventpoll" in name else "other descriptors"
    if _GENERATION.search(name):
        return "files of the index"
    return "pipes" if name.startswith("pipe:") else "other files"
