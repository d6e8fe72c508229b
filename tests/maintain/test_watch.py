"""Feeds of a server on this machine, polled again and again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import qa
from qa.errors import InputError
from qa.index.local.generation import MANIFEST, read_manifest, writing
from qa.ingest import web
from qa.maintain.watch import MEMORY, Watcher
from qa.reports import Poll, Skipped

ROOT = Path(__file__).resolve().parent.parent.parent


def feed(*stories: str) -> bytes:
    items = "".join(
        f"<item><guid>{story}</guid><title>{story}</title>"
        f"<description>A report of five words and more about the {story}.</description></item>"
        for story in stories
    )
    return f"<rss><channel><title>The Post</title>{items}</channel></rss>".encode()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    + b"".join(b'<!ENTITY %c "%s">' % (99 + n, b"&%c;" % (98 + n) * 8) for n in range(12))
    + b"]><rss><channel><item><title>&n;</title><description>&n;</description></item></channel></rss>"
)


class Press:
    """What a server on this machine tells, and what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, str]] = []  # path, If-None-Match, If-Modified-Since
        self.dated = False  # send Last-Modified instead of an ETag
        press = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                press.asked.append(
                    (self.path, *(self.headers.get(n, "") for n in ("If-None-Match", "If-Modified-Since")))
                )
                press.serve(self)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.strip("/")
        if path == "busy":
            handler.send_response(503)
            handler.send_header("Retry-After", "600")
            handler.end_headers()
        elif path == "round":
            handler.send_response(302)
            handler.send_header("Location", "/round")
            handler.end_headers()
        elif path == "silent":
            time.sleep(3)
        elif path == "endless":
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b"<rss>" * 10_000)
            except OSError:  # the client has hung up
                pass
        elif path == "accents":
            handler.send_response(200)
            handler.wfile.write(b"".join(handler._headers_buffer) + b'ETag: "caf\xc3\xa9"\r\n')
            handler.wfile.write(b"Last-Modified: \xb5\r\n\r\n" + feed("lamp"))
        elif path in self.pages:
            page = self.pages[path]
            told = ("Last-Modified", formatdate(len(page))) if self.dated else ("ETag", f'"{hash(page)}"')
            same = told[1] in (handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since"))
            handler.send_response(304 if same else 200)
            handler.send_header(*told)
            handler.end_headers()
            if not same:
                handler.wfile.write(page)
        else:
            handler.send_error(404)


@pytest.fixture
def press():
    running = Press()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def watcher(tmp_path: Path, press: Press, embedder):
    """Make a watcher of paths, with the stand-in embedder."""

    def make(*paths: str) -> Watcher:
        made = Watcher.open([f"{press.url}/{path}" for path in paths], tmp_path / "index", allow_private=True)
        made._load_embedder = lambda: embedder
        return made

    return make


def titles(tmp_path: Path, embedder) -> set[str]:
    hits = qa.Retriever.open(tmp_path / "index", embedder=embedder).search("report", 100)
    return {hit.passage.article.title for hit in hits}


@pytest.mark.parametrize("dated", [False, True])
def test_new_articles_are_added_and_unchanged_feeds_are_not_sent_again(
    tmp_path: Path, press: Press, watcher, embedder, dated: bool
):
    press.dated = dated
    press.pages = {"a": feed("lamp", "ship"), "b": feed("pier")}
    watching = watcher("a", "b")
    assert watching.poll() == Poll(feeds=2, answered=2, unchanged=0, added=3, faults=())
    generation = read_manifest(tmp_path / "index").generation
    assert watching.poll() == Poll(feeds=2, answered=2, unchanged=2, added=0, faults=())
    assert read_manifest(tmp_path / "index").generation == generation
    press.pages["a"] = feed("ship", "storm and rain")
    embedder.embedded.clear()
    assert watching.poll() == Poll(feeds=2, answered=2, unchanged=1, added=1, faults=())
    assert [text.split("\n")[0] for text in embedder.embedded] == ["storm and rain"]
    # The article has left the feed, but stays in the archive.
    assert titles(tmp_path, embedder) == {"lamp", "ship", "pier", "storm and rain"}
    assert all(etag == "" for _, etag, _ in press.asked) is dated
    assert all(since == "" for _, _, since in press.asked) is not dated


def test_next_process_asks_as_politely(tmp_path: Path, press: Press, watcher):
    press.pages = {"a": feed("lamp")}
    assert watcher("a").poll().added == 1
    assert watcher("a").poll() == Poll(feeds=1, answered=1, unchanged=1, added=0, faults=())
    (tmp_path / "index" / MEMORY).write_text("{")
    generation = read_manifest(tmp_path / "index").generation
    assert watcher("a").poll() == Poll(feeds=1, answered=1, unchanged=0, added=0, faults=())
    # Nothing was new, so nothing was written.
    assert read_manifest(tmp_path / "index").generation == generation


def test_what_is_kept_of_feeds_lies_beside_a_milvus_lite_file_and_not_in_it(
    lite: Path, press: Press, embedder
):
    press.pages = {"a": feed("lamp")}
    watching = Watcher.open([f"{press.url}/a"], lite, allow_private=True)
    watching._load_embedder = lambda: embedder
    assert watching.poll().added == 1
    again = Watcher.open([f"{press.url}/a"], lite, allow_private=True)
    assert again.poll() == Poll(feeds=1, answered=1, unchanged=1, added=0, faults=())
    kept = lite.with_name(f"{lite.name}.{MEMORY}")
    assert kept.is_file()
    assert not (lite / MEMORY).exists()
    kept.rename(lite / MEMORY)
    assert Watcher.open([f"{press.url}/a"], lite, allow_private=True).poll().unchanged == 1


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nowhere", "The feed was refused: the server answered 404 Not Found."),
        ("round", "The feed redirects more than 5 times."),
        ("endless", "The feed is larger than 1 MB."),
        ("silent", "The feed did not come within 0.5 seconds."),
        ("bomb", "The feed is refused: it declares entities of its own, as XML bombs do."),
    ],
)
def test_bad_feed_is_reported_and_stops_no_other(press: Press, watcher, monkeypatch, path: str, why: str):
    press.pages = {"bomb": BOMB, "good": feed("lamp")}
    seconds = 0.5 if path == "silent" else 20.0
    bounded = partial(web.fetch_changed, most_bytes=2**20, most_seconds=seconds)
    monkeypatch.setattr("qa.maintain.watch.fetch_changed", bounded)
    poll = watcher(path, "good").poll()
    assert poll.added == 1
    assert [fault.why for fault in poll.faults] == [why]
    assert poll.faults[0].where.startswith(f"{press.url}/{path}")


def test_feed_that_is_back_is_taken_in(press: Press, watcher):
    watching = watcher("a")
    assert watching.poll().answered == 0
    press.pages = {"a": feed("lamp")}
    assert watching.poll() == Poll(feeds=1, answered=1, unchanged=0, added=1, faults=())


def test_server_that_asks_to_be_left_alone_is_left_alone(press: Press, watcher):
    watching = watcher("busy")
    now = [1000.0]
    watching._clock = lambda: now[0]
    assert (
        watching.poll().faults[0].why == "The feed was refused: the server answered 503 Service Unavailable."
    )
    assert watching.poll().faults == (
        Skipped(f"{press.url}/busy", "The server asked to be left alone for a while."),
    )
    assert len(press.asked) == 1
    now[0] += 600
    watching.poll()
    assert len(press.asked) == 2


def test_feed_that_could_not_be_taken_in_is_fetched_again(tmp_path: Path, press: Press, watcher):
    press.pages = {"a": feed("lamp"), "b": feed("ship")}
    watcher("a").poll()
    watching = watcher("b")
    with writing(tmp_path / "index"):
        (fault,) = watching.poll().faults
    assert "another build is writing this index" in fault.why
    assert watching.poll().added == 1


def test_private_addresses_are_refused_unless_allowed(tmp_path: Path, press: Press):
    press.pages = {"a": feed("lamp")}
    poll = Watcher.open([f"{press.url}/a"], tmp_path / "index").poll()
    assert poll.faults[0].why == "The feed is refused: the address does not lie on the public internet."
    with pytest.raises(InputError) as told:
        qa.build([f"{press.url}/a"], tmp_path / "index")
    assert str(told.value) == (
        f"{press.url}/a: The feed is refused: the address does not lie on the public internet. "
        "Save the feed to a file; on the command line --allow-private lets it through."
    )
    assert press.asked == []


def test_server_whose_headers_are_not_ascii_is_asked_again_and_again(
    tmp_path: Path, press: Press, watcher, monkeypatch
):
    watching = watcher("accents")
    assert watching.poll() == Poll(feeds=1, answered=1, unchanged=0, added=1, faults=())
    assert watching.poll() == Poll(feeds=1, answered=1, unchanged=0, added=0, faults=())
    assert watcher("accents").poll().answered == 1
    assert {asked[1:] for asked in press.asked} == {("", "")}


@pytest.mark.parametrize(
    "kept",
    [
        '{"etag": "caf\u00e9", "last_modified": "\\r\\nX: y"}', '{"etag": "\\n", "last_modified": "\u0660"}',
        '{"etag": 1}', "[]", "null", "NaN", "1e999", "9" * 5000,
        "[" * 100_000, '{"etag":' * 100_000, '"\\ud800"',
    ],
)  # fmt: skip
def test_what_is_kept_of_feeds_may_be_broken_in_any_way(tmp_path: Path, press: Press, watcher, kept: str):
    press.pages = {"a": feed("lamp")}
    watcher("a").poll()
    (tmp_path / "index" / MEMORY).write_text(f'{{"{press.url}/a": {kept}}}')
    assert watcher("a").poll() == Poll(feeds=1, answered=1, unchanged=0, added=0, faults=())
    assert press.asked[-1][1:] == ("", "")


@pytest.mark.parametrize("address", ["ftp://example.org/feed", "articles/", "file:///etc/passwd"])
def test_only_web_addresses_are_watched(tmp_path: Path, address: str):
    with pytest.raises(InputError, match="This is no web address"):
        Watcher.open([address], tmp_path / "index")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_watching_is_stopped_cleanly(tmp_path: Path, press: Press, how: signal.Signals):
    command = [sys.executable, "-m", "qa", "watch", f"{press.url}/nowhere", "--allow-private", "--json"]
    running = subprocess.Popen(
        [*command, "--index", str(tmp_path / "index")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # Background jobs of a shell ignore Ctrl-C; this process must receive it wherever the test runs.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert json.loads(running.stdout.readline())["faults"][0]["why"].startswith("The feed was refused")
    running.send_signal(how)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (0, "", "Stopped; what was taken in is in the index.\n")
    assert not (tmp_path / "index" / MANIFEST).exists()
