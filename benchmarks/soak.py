"""Page, server and watcher for a long time, asked and rebuilt -> whether memory and descriptors stay flat.

python -m benchmarks.soak [--minutes 30] [--askers 8]

One half of the askers opens tabs of the page, the other half asks the server. A feed on this machine grows,
which the watcher takes in, and every now and then an addition changes an article.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import httpx
import typer

import qa
from benchmarks import programs
from benchmarks.damage import growing_feed, item
from benchmarks.page import opened
from benchmarks.process_use import DESCRIPTORS, MEMORY, Look, grown, look, middle, share, slope
from benchmarks.report import QUESTIONS, ROOT, console, save
from qa.errors import IndexBusy
from qa.evaluate.questions import load_questions, spaced
from qa.evaluate.table import table_of
from qa.ingest.articles import read_articles
from qa.records import Article

ARTICLES = 60  # how many of the sample's articles; embedding them takes seconds
WARM_UP = 1 / 3  # share of the time in which models load and caches fill
PATIENCE = 180.0  # seconds for the first reply
LOOK_EVERY = 2.0  # seconds


@dataclass(slots=True)
class Counted:
    """What askers met; each number is written by threads under a lock."""

    replies: int = 0
    refusals: Counter[int] = field(default_factory=Counter)  # by status; asked again when told to
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as fault:
            with self.lock:
                self.faults.append(f"{type(fault).__name__}: {fault}"[:200])
        else:
            with self.lock:
                self.replies += 1

    def refuse(self, status: int) -> None:
        with self.lock:
            self.refusals[status] += 1


@dataclass(frozen=True, slots=True)
class Slope:
    """How one process changed once it was warm."""

    process: str
    megabytes: float  # resident, the median
    megabytes_a_minute: float
    descriptors: float
    descriptors_a_minute: float
    cores: float  # mean processor cores used; on a busy machine fewer than it could use
    grew: tuple[str, ...]  # what grew after the warm-up, in each quarter of the time


@dataclass(frozen=True, slots=True)
class Setting:
    """What was run."""

    minutes: float
    askers: int
    additions: int


def main(
    minutes: Annotated[float, typer.Option(min=0.5, help="How long.")] = 30,
    askers: Annotated[int, typer.Option(min=2, help="How many ask at once, half of them on the page.")] = 8,
    rebuild_every: Annotated[float, typer.Option(help="Seconds between additions.")] = 30,
) -> None:
    """Exit code 1 if a process ended by itself or a question was not answered."""
    counted, over, rebuilds = Counted(), threading.Event(), 0
    samples: dict[str, list[Look]] = {}
    waited = 0.0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        index, news = folder / "index", _sample(folder / "news.jsonl")
        qa.build([news], index)
        feed, items = stack.enter_context(growing_feed())
        page, server, watcher = (
            stack.enter_context(process)
            for process in (
                programs.page(os.environ | {"QA_INDEX": str(index)}),
                programs.server(index),
                _watcher(index, feed),
            )
        )
        asked = spaced([known.question for known in load_questions(QUESTIONS)], 200)
        _until(lambda: opened(page[1], asked[0]))
        processes = {"page": page[0], "server": server[0], "watcher": watcher}
        threads = [
            threading.Thread(
                target=_ask, args=(_way(page[1], server[1], number, counted), asked[number:], counted, over)
            )
            for number in range(askers)
        ]
        for thread in threads:
            thread.start()
        ends, next_build = time.monotonic() + 60 * minutes, time.monotonic() + rebuild_every
        while time.monotonic() < ends:
            slept = time.monotonic()
            time.sleep(LOOK_EVERY)
            waited = max(waited, time.monotonic() - slept - LOOK_EVERY)
            for name, process in processes.items():
                if process.poll() is not None:
                    counted.faults.append(f"the {name} ended with {process.returncode}")
                    ends = 0.0
                else:
                    samples.setdefault(name, []).append(look(process.pid))
            if time.monotonic() > next_build:
                rebuilds += _change(folder / "more.jsonl", index, rebuilds)
                items.append(item(rebuilds))
                next_build = time.monotonic() + rebuild_every
        over.set()
        for thread in threads:
            thread.join()
    slopes = [_slope(name, seen) for name, seen in samples.items()]
    _report(slopes, counted, Setting(minutes, askers, rebuilds), round(waited, 1))


def _sample(path: Path) -> Path:
    articles = (one for one in read_articles([ROOT / "articles"]) if isinstance(one, Article))
    lines = [
        {"id": a.id, "title": a.title, "text": a.text, "source": a.source} for a in islice(articles, ARTICLES)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def _change(path: Path, index: Path, number: int) -> int:
    """Add an article in a new wording; 1 if the watcher was not at it."""
    text = f"The lamp of the pier fell {number} times into the sea, and nobody was hurt, the master said."
    path.write_text(json.dumps({"id": "lamp", "title": f"Lamp {number}", "text": text}))
    try:
        qa.build([path], index, add=True)
    except IndexBusy:
        return 0
    return 1


def _way(page: str, server: str, number: int, counted: Counted) -> Callable[[str], object]:
    if number % 2:
        return lambda question: opened(page, question)
    return lambda question: _served(server, question, counted)


def _served(server: str, question: str, counted: Counted) -> None:
    """Ask the server, again if it is too busy or too slow now and says when to come back."""
    until = time.monotonic() + PATIENCE
    while True:
        got = httpx.post(f"{server}/ask", json={"question": question}, timeout=PATIENCE)
        if got.status_code == 200:
            return
        told = got.status_code in (429, 503) and "retry-after" in got.headers
        if not told or time.monotonic() > until:
            raise RuntimeError(f"{got.status_code}: {got.text[:150]}")  # the text names the limit
        counted.refuse(got.status_code)
        time.sleep(float(got.headers["retry-after"]))


def _ask(ask: Callable[[str], object], questions: list[str], counted: Counted, over: threading.Event) -> None:
    number = 0
    while not over.is_set():
        counted.add(partial(ask, questions[number % len(questions)]))
        number += 1


def _until(ask: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            ask()
        except Exception:
            if time.monotonic() > ends:
                raise
            time.sleep(1)
        else:
            return


def _watcher(index: Path, feed: str) -> AbstractContextManager[programs.Process]:
    command = [
        sys.executable,
        "-m",
        "qa",
        "watch",
        feed,
        "--every",
        "1m",
        "--allow-private",
        "--index",
        str(index),
    ]
    return programs.running(command)


def _slope(name: str, looks: list[Look]) -> Slope:
    warm = looks[int(len(looks) * WARM_UP) :]
    measures = [measure(warm, kind) for kind in (MEMORY, DESCRIPTORS) for measure in (middle, slope)]
    figures = (round(one, 2) for one in (*measures, share(warm)))
    return Slope(name, *figures, grew=tuple(map(str, grown(warm))))


def _report(slopes: list[Slope], counted: Counted, setting: Setting, waited: float) -> None:
    columns = ("process", "MB", "MB a minute", "descriptors", "a minute", "cores had")
    rows = [tuple(str(value) for value in asdict(one).values())[: len(columns)] for one in slopes]
    title = f"{setting.minutes:g} minutes, {setting.askers} askers, {setting.additions} additions"
    console.print(table_of(title, columns, rows))
    for one in slopes:
        grew = "; ".join(one.grew) if one.grew else "nothing"
        console.print(f"{one.process}, what grew, by quarters of the time after the first third: {grew}")
    refused = ", ".join(f"{many:,} with status {status}" for status, many in sorted(counted.refusals.items()))
    console.print(
        f"{counted.replies:,} replies, told to ask again later: {refused or 'never'}; "
        f"{len(counted.faults)} faults; this process itself waited {waited:.1f} s at most for its turn"
    )
    for fault in counted.faults[:10]:
        console.print(fault, markup=False)
    figures = {
        "replies": counted.replies,
        "told to ask later": dict(counted.refusals),
        "longest wait": waited,
    }
    kept = {"faults": counted.faults[:10], "processes": list(map(asdict, slopes))}
    save("soak", {**asdict(setting), **figures, **kept})
    raise typer.Exit(1 if counted.faults else 0)


if __name__ == "__main__":
    typer.run(main)
