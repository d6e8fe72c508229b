"""A server of the small archive in a thread, asked over real sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

import qa
from qa.doors import server
from qa.doors.access import Access
from qa.doors.desk import Desk
from qa.doors.guard import Guard
from qa.doors.http_app import LARGE_PATHS, OPEN_PATHS, http_app
from qa.settings import AskSettings, DoorSettings, IndexSettings
from tests.doors.models import LanguageModel, running

TOKEN = "a-token-of-the-tests-only"
QUESTION = "How many people died, officials said?"


@dataclass
class Slow:
    """A reader that waits for a signal, and counts."""

    reader: object
    go: threading.Event = field(default_factory=threading.Event)
    began: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    read_: list[str] = field(default_factory=list)
    calibration = None
    weights_sha256 = "1" * 64

    def read(self, question: str, passages):
        self.read_.append(question)
        self.began.release()
        assert self.go.wait(30)
        return self.reader.read(question, passages)


@pytest.fixture
def small(news, build_small, open_small, number_reader) -> qa.Archive:
    """Four articles, read by the stand-in that answers with numbers."""
    build_small(news)
    return qa.Archive(open_small(), number_reader, AskSettings(answers=2))


@pytest.fixture
def slow(small: qa.Archive) -> Iterator[Slow]:
    """Make the reader of the small archive wait for ``slow.go`` from now on."""
    waiting = Slow(small.reader)
    small.reader = waiting
    yield waiting
    waiting.go.set()


@dataclass(frozen=True)
class Served:
    """Where a server is."""

    port: int
    client: httpx.Client
    desk: Desk

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def raw(self, sent: bytes) -> bytes:
        """Return all that comes back when this is sent and the connection stays open."""
        with self.connect() as connection:
            connection.sendall(sent)
            return everything(connection)


def everything(connection: socket.socket) -> bytes:
    got = bytearray()
    while piece := connection.recv(65536):
        got += piece
    return bytes(got)


@pytest.fixture
def run_server() -> Iterator[Callable[..., tuple[int, server.uvicorn.Server]]]:
    """Runs an application in a thread; each ends with the test."""
    running = []

    def run(application, limits: DoorSettings) -> int:
        ready = threading.Event()
        listening = server.bound("127.0.0.1", 0)
        made = server.server_of(application, limits, ready=ready.set)
        thread = threading.Thread(target=lambda: asyncio.run(made.serve(sockets=[listening])))
        thread.start()
        running.append((made, thread, listening))
        assert ready.wait(20)
        return listening.getsockname()[1]

    yield run
    for made, thread, listening in running:
        made.should_exit = True
        thread.join(30)
        listening.close()
        assert not thread.is_alive()


@pytest.fixture
def serve(small: qa.Archive, run_server) -> Iterator[Callable[..., Served]]:
    """Serves the small archive by HTTP."""
    clients = []

    def start(
        limits: DoorSettings | None = None, *, token: str | None = None, writable: bool = False
    ) -> Served:
        chosen = limits if limits is not None else DoorSettings()
        making = IndexSettings(embedder="words", passage_tokens=20, overlap_tokens=0)
        desk = Desk(small, chosen, making=making)
        app = http_app(desk, writable=writable, token=token is not None)
        access = Access(token=token, open_paths=OPEN_PATHS)
        port = run_server(Guard(app, access, chosen, large=LARGE_PATHS), chosen)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30)
        clients.append(client)
        return Served(port, client, desk)

    yield start
    for client in clients:
        client.close()


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    """Return a language model that behaves well or badly."""
    with running() as language_model:
        yield language_model


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the line of a refusal, after checking that it has the form of RFC 9457."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told.keys() == {"type", "title", "status", "detail"}
    assert told["status"] == answer.status_code and "\n" not in told["detail"]
    return answer.status_code, told["detail"]


def until(true) -> None:
    for _ in range(2000):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it did not come true in 20 s")
