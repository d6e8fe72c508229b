"""Many clients of ``serve`` at once -> how many are answered and refused, how fast, and if memory is flat.

python -m benchmarks.serve [--index benchmarks/work/archive] [--clients 50] [--seconds 300]
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import httpx
import typer

from benchmarks.process_use import MEMORY, Look, look, slope
from benchmarks.programs import server
from benchmarks.quiz_questions import wordings
from benchmarks.report import GOAL_HEAD, QUESTIONS, WORK, Judged, console, goal_row, machine, save, table
from qa.evaluate.metrics import percentile

_DAY = "2024-12-31"  # the day of asking, fixed so that replies do not change overnight
_HANGS = 90  # seconds; a client that waits longer counts as hung
_FLAT = 2.0  # MB a minute; at this rate a server grows by 3 GB a day


@dataclass
class Seen:
    """What the clients met."""

    replies: list[float] = field(default_factory=list)  # seconds of each request that was answered
    waited: list[float] = field(default_factory=list)  # seconds from the first try to the reply
    refused: list[float] = field(default_factory=list)  # seconds of each request that got a 429
    faults: Counter[str] = field(default_factory=Counter)


def main(
    index: Annotated[Path, typer.Option(help="A built index.")] = WORK / "archive",
    questions: Annotated[Path, typer.Option(help='JSONL with "question".')] = QUESTIONS,
    clients: Annotated[int, typer.Option(help="How many ask at a time.")] = 50,
    seconds: Annotated[float, typer.Option(help="How long they ask.")] = 300,
    asked: Annotated[int, typer.Option(help="How many different questions.")] = 40,
    beside: Annotated[str, typer.Option(help="What else ran on the machine, to be kept.")] = "nothing",
) -> None:
    """Start the server as people do, and let clients ask without a pause."""
    wording = wordings(questions, asked)
    console.print(f"{machine()}\n{index}: {clients} clients for {seconds:g} s")
    looks: list[Look] = []
    over = threading.Event()
    with server(index) as (process, address):
        watcher = threading.Thread(target=_watch, args=(process.pid, looks, over))
        with httpx.Client(base_url=address, timeout=_HANGS) as one:
            expected = {question: _answer(_ask(one, question).json()) for question in wording}
        watcher.start()
        seen = asyncio.run(_load(address, expected, clients, seconds))
        over.set()
        watcher.join()
        with httpx.Client(base_url=address, timeout=_HANGS) as one:
            left = one.get("/health").json()["waiting"]
    _report(seen, looks, left, index, clients, seconds, beside)


def _ask(client: httpx.Client, question: str) -> httpx.Response:
    return client.post("/ask", json={"question": question, "as_of": _DAY})


def _answer(reply: dict[str, object]) -> tuple[object, ...]:
    """Return what must be the same whoever asks beside."""
    answers = reply["answers"]
    assert isinstance(answers, list)
    return reply["question"], reply["outcome"], *((one["text"], one["article"]["id"]) for one in answers[:1])


async def _load(address: str, expected: dict[str, tuple[object, ...]], clients: int, seconds: float) -> Seen:
    seen = Seen()
    ends = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=address, timeout=_HANGS, limits=limits) as http:
        await asyncio.gather(*(_client(http, expected, first, ends, seen) for first in range(clients)))
    return seen


async def _client(
    http: httpx.AsyncClient, expected: dict[str, tuple[object, ...]], first: int, ends: float, seen: Seen
) -> None:
    wording = list(expected)
    number = first
    tried = time.monotonic()
    while time.monotonic() < ends:
        question = wording[number % len(wording)]
        began = time.monotonic()
        try:
            got = await http.post("/ask", json={"question": question, "as_of": _DAY})
        except httpx.HTTPError as fault:
            seen.faults[type(fault).__name__] += 1
            continue
        spent = time.monotonic() - began
        if got.status_code == 429 and "retry-after" in got.headers:
            seen.refused.append(spent)
            await asyncio.sleep(float(got.headers["retry-after"]))
            continue
        if got.status_code != 200:
            seen.faults[f"status {got.status_code}"] += 1
        elif _answer(got.json()) != expected[question]:
            seen.faults["another reply than alone"] += 1
        else:
            seen.replies.append(spent)
            seen.waited.append(time.monotonic() - tried)
        number += 1
        tried = time.monotonic()


def _watch(pid: int, looks: list[Look], over: threading.Event) -> None:
    """Look at the server each second."""
    while not over.wait(1):
        looks.append(look(pid))


def _report(
    seen: Seen, looks: Sequence[Look], left: int, index: Path, clients: int, seconds: float, beside: str
) -> None:
    warm = looks[len(looks) // 3 :]  # by then every input shape has occurred
    memory = [round(one.held[MEMORY]) for one in looks]
    grows = slope(warm, MEMORY)
    figures = {
        "replies": len(seen.replies),
        "replies/s": round(len(seen.replies) / seconds, 1),
        "429 with Retry-After": len(seen.refused),
        "reply p50, s": round(percentile(seen.replies, 0.5), 2) if seen.replies else 0.0,
        "reply p95, s": round(percentile(seen.replies, 0.95), 2) if seen.replies else 0.0,
        "reply slowest, s": round(max(seen.replies, default=0.0), 2),
        "with all tries p95, s": round(percentile(seen.waited, 0.95), 2) if seen.waited else 0.0,
        "429 slowest, s": round(max(seen.refused, default=0.0), 2),
        "neither, or mixed": sum(seen.faults.values()),
        "left waiting": left,
        "memory after a third, MB": memory[len(looks) // 3],
        "memory at the end, MB": memory[-1],
        "memory, most, MB": max(memory),
        "memory, MB a minute from there on": round(grows, 2),
    }
    for name, value in figures.items():
        console.print(f"{name:<30}{value:>10,}")
    for what, number in seen.faults.items():
        console.print(f"{what:<30}{number:>10,}")
    slowest = max(*seen.replies, *seen.refused, 0.0, 0.0)
    goals = (
        Judged("requests without their reply or a 429", sum(seen.faults.values()), 0, at_most=True),
        Judged("questions left waiting", left, 0, at_most=True),
        Judged("slowest reply or 429, s", slowest, _HANGS, at_most=True),
        Judged("memory, MB a minute", grows, _FLAT, at_most=True),
    )
    table("Goals", GOAL_HEAD, map(goal_row, goals))
    about = {"clients": clients, "seconds": seconds, "index": index.name, "beside": beside}
    save("serve", {"command": "python -m benchmarks.serve", **about, **figures, "faults": dict(seen.faults)})


if __name__ == "__main__":
    typer.run(main)
