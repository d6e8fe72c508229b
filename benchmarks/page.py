"""Many people at the page at once -> whether each gets the reply to their own question, and how soon.

streamlit run app.py
python -m benchmarks.page [http://localhost:8501] [--index indexes/news] [--clients 20] [--each 5]

Every client is a browser tab as far as the page can tell: a WebSocket session of its own that speaks
the protocol of Streamlit's own front end.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode, urlsplit

import typer
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

import qa
from benchmarks.report import QUESTIONS, console, save
from qa.evaluate.metrics import percentile
from qa.evaluate.questions import load_questions, spaced

ALONE = 5  # openings of the start page; the median counts
PATIENCE = 120.0  # seconds for one reply
_QUOTE = re.compile(r'<h3 class="qa-quote" dir="auto">(.*?)</h3>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one client saw after one question."""

    question: str
    quotes: tuple[str, ...]  # of the answer cards, in their order
    seconds: float  # from opening the tab until the page was complete


class Tab:
    """One session of the page, for one thread."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    @classmethod
    @contextmanager
    def open(cls, address: str) -> Iterator[Tab]:
        place = urlsplit(address)
        with connect(
            f"ws://{place.netloc}/_stcore/stream",
            origin=f"{place.scheme}://{place.netloc}",
            subprotocols=["streamlit"],
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,  # like a browser, which answers the server's pings and sends none
        ) as socket:
            yield cls(socket)

    def ask(self, question: str) -> Seen:
        """Open the address of a question, as somebody does who was sent it."""
        wish = BackMsg()
        wish.rerun_script.query_string = urlencode({"q": question})
        began = time.perf_counter()
        self._socket.send(wish.SerializeToString())
        quotes: list[str] = []
        while True:
            told = ForwardMsg()
            told.ParseFromString(self._socket.recv(timeout=PATIENCE))
            if told.WhichOneof("type") == "script_finished":
                return Seen(question, tuple(quotes), time.perf_counter() - began)
            quotes += [html.unescape(quote) for quote in _QUOTE.findall(told.delta.new_element.html.body)]


def opened(address: str, question: str) -> Seen:
    """Return what a fresh tab shows; the start of the page for an empty question."""
    began = time.perf_counter()
    with Tab.open(address) as tab:
        seen = tab.ask(question)
    return replace(seen, seconds=time.perf_counter() - began)


def together(address: str, rounds: Sequence[Sequence[str]]) -> list[Seen]:
    """Let each client ask its own questions in turn, all clients at once."""

    def client(questions: Sequence[str]) -> list[Seen]:
        return [opened(address, question) for question in questions]

    with ThreadPoolExecutor(max_workers=len(rounds)) as pool:
        return [seen for one in pool.map(client, rounds) for seen in one]


def main(
    address: Annotated[str, typer.Argument(help="The page, running.")] = "http://localhost:8501",
    index: Annotated[Path, typer.Option(help="The index that the page is about.")] = Path("indexes/news"),
    clients: Annotated[int, typer.Option(min=1, help="People at once.")] = 20,
    each: Annotated[int, typer.Option(min=1, help="Questions of each.")] = 5,
) -> None:
    """Measure the page. No question is asked twice, so that no reply comes from the page's memory."""
    questions = spaced([known.question for known in load_questions(QUESTIONS)], clients * each)
    if len(questions) < clients * each:
        raise typer.BadParameter(f"there are {len(questions)} questions, not {clients * each}")
    news = qa.open(index)
    loaded = opened(address, "Is everything loaded?")
    console.print(f"first reply, models loaded if they were not: {loaded.seconds:.1f} s")
    starts = [opened(address, "").seconds for _ in range(ALONE)]
    seen = together(address, [questions[first::clients] for first in range(clients)])
    today = datetime.now(UTC).date()  # the page always asks as of today
    own = {
        question: tuple(a.text for a in news.ask(question, as_of=today).answers[:1]) for question in questions
    }
    mixed = [one.question for one in seen if one.quotes[:1] != own[one.question]]
    seconds = sorted(one.seconds for one in seen)
    figures = {
        "clients": clients,
        "questions": len(seen),
        "other than asked alone": mixed,
        "start alone, seconds, p50": round(percentile(starts, 0.5), 2),
        "seconds": {
            "p50": round(percentile(seconds, 0.5), 2),
            "p95": round(percentile(seconds, 0.95), 2),
            "slowest": round(seconds[-1], 2),
        },
    }
    console.print(json.dumps(figures, indent=1, ensure_ascii=False))
    save("page", figures)


if __name__ == "__main__":
    typer.run(main)
