"""Flipped bits, records that raise everything, feeds whose watcher is killed -> what came of each.

What :mod:`benchmarks.faults` runs beside kills; each attack gives a row of its table.
"""

from __future__ import annotations

import builtins
import json
import os
import random
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import qa
from benchmarks.injection import Nursery, Words, opened, write_edition
from qa.ingest import guard
from qa.ingest.raw import Raw
from qa.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attack: how often it was tried, and how often it did what it must not; all else ended well."""

    attack: str
    tried: int
    note: str
    wrong: int = 0  # the state was neither old nor new, or an answer was wrong and the damage reported later
    silent: int = 0  # an answer was wrong, and the damage was never reported
    uncaught: int = 0  # an exception that the code does not expect
    deaths: int = 0  # a process crashed


def flips(folder: Path, many: int, articles: int, *, large: bool) -> Outcome:
    """Flip bits, one at a time and with all times kept, in an index that is small or taken for large."""
    size = "large" if large else "small"
    edition = write_edition(folder / "flipped.jsonl", 1, articles)
    log = folder / "flips.log"
    # In a child process, because a flipped bit may crash it. It builds a new index each time.
    return _flipped(
        f"bits flipped in a {size} index",
        many,
        log,
        lambda deaths, begun: (
            "flip", folder / f"flipped-{size}-{deaths}", edition, log, begun, many, int(large)
        ),
    )  # fmt: skip


def decayed(index: Path, folder: Path, many: int) -> Outcome:
    """Flip bits in a copy of a real index."""
    copy, log = folder / "decaying", folder / "decay.log"

    def work(deaths: int, begun: int) -> tuple[object, ...]:
        shutil.rmtree(copy, ignore_errors=True)  # a child that crashed left its bit flipped
        shutil.copytree(index, copy)
        return "decay", copy, log, begun, many

    size = sum(path.stat().st_size for path in index.rglob("*"))
    return _flipped(f"bits flipped in an index of {size >> 20:,} MB", many, log, work)


def _flipped(attack: str, many: int, log: Path, work: Callable[[int, int], tuple[object, ...]]) -> Outcome:
    deaths = begun = 0
    seen: Counter[str] = Counter()
    with Nursery() as nursery:
        while begun < many:
            log.unlink(missing_ok=True)
            name, *arguments = work(deaths, begun)
            died = nursery.wait(nursery.start(str(name), *arguments)) != 0
            lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
            begun += sum(line == "try" for line in lines)
            seen.update(line.split(" ", 1)[0] for line in lines if line != "try")
            deaths += died
            if deaths > many or (died and not lines):
                raise RuntimeError("the index to be damaged cannot be built or read")
    note = f"{seen['told']} told, {seen['same']} of bytes that no answer needs"
    return Outcome(attack, begun, note, 0, seen["wrong"], seen["uncaught"], deaths)


def records(folder: Path, each: int = 5) -> Outcome:
    """Let the reading of a record raise every exception there is; the others must all come in."""
    path = folder / "records.jsonl"
    text = "The lamp fell into the sea on Monday and nobody was hurt."
    path.write_text("".join(json.dumps({"id": f"{n}", "text": f"{text} {n}"}) + "\n" for n in range(each)))
    whole = guard.assemble
    uncaught = wrong = 0
    kinds = list(_exceptions())
    try:
        for number, kind in enumerate(kinds):

            def assemble(raw: Raw, *rest, kind=kind, bad=str(number % each)):
                if raw.fields["id"] == bad:
                    raise kind("odd \x1b[31m text")
                return whole(raw, *rest)

            guard.assemble = assemble
            try:
                report = qa.build(
                    [path], folder / "guarded", settings=IndexSettings("words"), embedder=Words()
                )
            except Exception:
                uncaught += 1
            else:
                wrong += report.articles != each - 1 or len(report.skipped) != 1
    finally:
        guard.assemble = whole
    return Outcome("records that raise, of each kind", len(kinds), "one line each", wrong, 0, uncaught)


def _exceptions() -> Iterator[type[Exception]]:
    for kind in vars(builtins).values():
        if isinstance(kind, type) and issubclass(kind, Exception):
            try:
                kind("odd")
            except TypeError:
                continue
            yield kind


def watchers(folder: Path, kills: int) -> Outcome:
    """Kill a watcher in the middle of polls: what the index had stays, what the feed has comes in."""
    chance = random.Random(3)
    index = folder / "watched"
    qa.build(
        [write_edition(folder / "w.jsonl", 1, 20)], index, settings=IndexSettings("words"), embedder=Words()
    )
    killed = wrong = 0
    with growing_feed() as (address, items), Nursery() as nursery:
        items.append(item(0))
        began = time.monotonic()
        nursery.wait(nursery.start("watch", index, address))
        usual = time.monotonic() - began
        now = _ids(index)
        for turn in range(1, kills + 1):
            items.append(item(turn))
            child = nursery.start("watch", index, address)
            time.sleep(chance.uniform(0, usual))
            os.kill(child, signal.SIGKILL)
            killed += nursery.wait(child) == -signal.SIGKILL
            qa.check(index)
            before, now = now, _ids(index)
            wrong += not before <= now
        nursery.wait(nursery.start("watch", index, address))
        wrong += len(_ids(index)) != 20 + len(items)
    return Outcome("polls of a watcher killed", kills, f"{killed} in the middle; all articles came in", wrong)


def _ids(index: Path) -> set[str]:
    return {article.id for article in opened(index).listing(0, 100_000).articles}


def item(number: int) -> str:
    """Return an entry of a feed."""
    text = f"The lamp of pier {number} fell into the sea on Monday and nobody was hurt there."
    link = f"http://example.org/{number}"
    return f"<item><title>Lamp {number}</title><link>{link}</link><description>{text}</description></item>"


@contextmanager
def growing_feed() -> Iterator[tuple[str, list[str]]]:
    """Serve a feed on this machine; give its address and its items, to which may be added."""
    items: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed.xml", items
    finally:
        server.shutdown()
        server.server_close()
