"""A Milvus server that goes away, does not answer or is not there; between it and us stands a line we cut."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from milvus_lite.adapter.grpc.server import start_server_in_thread

import qa
from qa.errors import ArchiveError
from qa.index.engine import BuildJob, ignore_progress
from qa.index.milvus.address import MilvusAddress
from qa.index.milvus.backend import MilvusBackend
from qa.index.milvus.client import Milvus
from qa.index.milvus.collection import CollectionPair, current_state
from qa.maintain.build import gather
from qa.settings import AskSettings, IndexSettings, MilvusSettings

QUICK = MilvusSettings(connect_seconds=1, request_seconds=1, building_seconds=20, asking_seconds=20)


class Line:
    """A TCP line to a port, which can be cut, and on which nothing may come through."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._open = threading.Event()
        self._flowing = threading.Event()
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.mend()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections; whoever connects anew is broken off at once."""
        self._open.clear()
        self._flowing.set()
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def stall(self) -> None:
        """Let connections stand, but nothing through."""
        self._flowing.clear()

    def mend(self) -> None:
        self._open.set()
        self._flowing.set()

    def close(self) -> None:
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self._listening.accept()
                if not self._open.is_set():
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self._flowing.wait()
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """Start a Milvus server of the test's own, and return its port."""
    server, database, port = start_server_in_thread(str(tmp_path / "served"))
    yield port
    server.stop(grace=0)
    database.close()


@pytest.fixture
def line(server: int) -> Iterator[Line]:
    line = Line(server)
    yield line
    line.close()


def place(port: int, settings: MilvusSettings = QUICK) -> MilvusBackend:
    return MilvusBackend(MilvusAddress.parse(f"milvus://127.0.0.1:{port}/news"), settings)


def build(where: MilvusBackend, articles: Path, embedder, *, add: bool = False) -> qa.BuildReport:
    where.prepare(None)
    gathered = gather([articles], None, None, ignore_progress)
    settings = IndexSettings(embedder="words", passage_tokens=20, overlap_tokens=0)
    return where.build(BuildJob(gathered, add, None, settings, embedder, ignore_progress, time.monotonic()))


def rows(port: int) -> list[dict[str, object]]:
    milvus = Milvus.connect(place(port).address, QUICK, patience=5)
    articles, passages = CollectionPair.open(milvus, current_state(milvus)).every_row()
    return [*articles, *passages]


@pytest.fixture
def articles(tmp_path: Path, news) -> Path:
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in news), encoding="utf-8")
    return path


class Meddling:
    """An embedder during whose work something happens to the connection."""

    def __init__(self, embedder, happen) -> None:
        self.name, self.weights_sha256 = embedder.name, embedder.weights_sha256
        self.embed_question, self.token_offsets = embedder.embed_question, embedder.token_offsets
        self._embed, self._happen = embedder.embed_passages, happen

    def embed_passages(self, texts, *, done=None):
        self._happen()
        return self._embed(texts, done=done)


def later(what) -> None:
    threading.Timer(0.7, what).start()


@pytest.mark.parametrize("trouble", ["cut", "stall"])
@pytest.mark.parametrize("add", [False, True], ids=["whole", "add"])
def test_build_waits_for_a_server_that_goes_away_and_goes_on(
    line: Line, server: int, articles: Path, embedder, trouble: str, add: bool
):
    def happen() -> None:
        getattr(line, trouble)()
        later(line.mend)

    report = build(place(line.port), articles, Meddling(embedder, happen), add=add)
    assert (report.articles, report.embedded) == (4, 4)
    broken = rows(server)
    build(place(server), articles, embedder)
    assert broken == rows(server)


def test_server_is_searched_as_a_folder_is(
    server: int, articles: Path, embedder, build_small, open_small, news
):
    build(place(server), articles, embedder)
    build_small(news)
    retriever = qa.Retriever(place(server).open(), embedder, AskSettings())
    for question in ("Who visited North Korea?", "ships in the canal", "people who died"):
        expected = {hit.passage: (hit.score, hit.bm25) for hit in open_small().search(question)}
        found = retriever.search(question)
        assert {hit.passage for hit in found} == expected.keys()
        for hit in found:
            assert (hit.score, hit.bm25) == pytest.approx(expected[hit.passage], abs=1e-5)
    assert retriever.overview().bytes_on_disk is None


def test_question_waits_for_a_line_that_is_mended(line: Line, articles: Path, embedder):
    build(place(line.port), articles, embedder)
    retriever = qa.Retriever(place(line.port).open(), embedder, AskSettings())
    expected = retriever.search("people")
    line.cut()
    later(line.mend)
    assert retriever.search("people") == expected


def test_build_that_waited_in_vain_says_so_loses_nothing_and_can_be_run_again(
    line: Line, server: int, articles: Path, embedder, news
):
    build(place(server), articles, embedder)
    before = rows(server)
    hurried = MilvusSettings(connect_seconds=1, request_seconds=1, building_seconds=0.5, asking_seconds=0.5)
    where = place(line.port, hurried)
    embedder.weights_sha256 = "2" * 64  # so that all is embedded anew
    with pytest.raises(ArchiveError) as told:
        build(where, articles, Meddling(embedder, line.cut))
    assert str(told.value) == (
        f"milvus://127.0.0.1:{line.port}/news: the Milvus server cannot be reached; what is in it is "
        "untouched. Start it or check the address, then run the same command again; it goes on."
    )
    assert rows(server) == before
    line.mend()
    assert build(where, articles, embedder).articles == 4


class Listener(grpc.GenericRpcHandler):
    """Knows no request, and remembers with what each came."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []

    def service(self, call: grpc.HandlerCallDetails) -> None:
        self.heard.append(dict(call.invocation_metadata))


def test_token_goes_to_the_server_and_nowhere_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QA_MILVUS_TOKEN", "reader:secret")
    server, listener = grpc.server(ThreadPoolExecutor(1)), Listener()
    server.add_generic_rpc_handlers([listener])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    where = MilvusBackend(MilvusAddress.parse(f"milvus://127.0.0.1:{port}/news"))
    with pytest.raises(ArchiveError) as told:
        where.open()
    server.stop(grace=0)
    assert told.value.what.startswith("Milvus refused a request: ")
    assert told.value.cure == "See the server's log; name and password go into QA_MILVUS_TOKEN=name:password"
    assert "secret" not in str(told.value)
    expected = base64.b64encode(b"reader:secret").decode()
    assert [headers["authorization"] for headers in listener.heard] == [expected]


@pytest.mark.parametrize("answering", ["nobody listens", "never answers", "speaks another language"])
def test_server_that_cannot_be_reached_is_reported_in_bounded_time(answering: str):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        if answering == "nobody listens":
            listening.close()
        elif answering == "speaks another language":
            threading.Thread(target=_greet, args=(listening,), daemon=True).start()
        for attempt in (lambda: place(port).prepare(None), place(port).open):
            with pytest.raises(ArchiveError, match="the Milvus server cannot be reached; what is in it"):
                attempt()


def _greet(listening: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed
        while True:
            listening.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
