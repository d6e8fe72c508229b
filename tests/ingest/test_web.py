"""Feeds over http, from a server on this machine that behaves badly in every way."""

import contextlib
import gzip
import threading
import time
import tracemalloc
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa.errors import InputError
from qa.ingest.articles import read_articles
from qa.ingest.unpacking import unpacked
from qa.ingest.web import FeedFault, fetch
from qa.reports import Skipped

TEXT = "The lamp fell into the sea on Monday and nobody was hurt."
FEED = (
    f"<rss><channel><title>The Post</title><item><title>one</title><description>{TEXT}</description></item>"
)
FEED += "</channel></rss>"


BOMB = gzip.compress(b"x" * 200_000_000, 1)
BARE = zlib.compressobj(wbits=-15)
PACKED = {
    "gzip": (["gzip"], gzip.compress(FEED.encode())),
    "members": (["x-gzip"], gzip.compress(FEED[:50].encode()) + gzip.compress(FEED[50:].encode())),
    "deflate": (["Deflate"], zlib.compress(FEED.encode())),
    "bare": (["deflate"], BARE.compress(FEED.encode()) + BARE.flush()),
    "identity": (["identity"], FEED.encode()),
    "twice": (["gzip, gzip"], gzip.compress(gzip.compress(FEED.encode()))),
    "lines": (["gzip", "deflate"], gzip.compress(zlib.compress(FEED.encode()))),
    "brotli": (["br"], FEED.encode()),
    "wrong": (["gzip"], FEED.encode()),
    "cut": (["gzip"], gzip.compress(FEED.encode())[:-20]),
    "bomb": (["gzip"], BOMB),
    "nothing": (["gzip"], gzip.compress(b"") * 100_000),
}


class Server(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        kind, _, number = self.path.strip("/").partition("-")
        if kind == "feed":
            self.answer(body=FEED.encode())
        elif kind == "hop" and number != "0":
            self.answer(302, Location=f"/hop-{int(number) - 1}")
        elif kind == "hop":
            self.answer(302, Location="/feed")
        elif kind == "file":
            self.answer(302, Location="file:///etc/passwd")
        elif kind == "large":
            self.answer(body=b"x" * 3_000_000)
        elif kind == "packed":
            self.packed(number)
        elif kind == "drip":
            self.send_response(200)
            self.end_headers()
            self.drip(b"x")
        elif kind == "headers":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n")
            self.drip(b"X-Slow: 1\r\n")
        else:
            self.answer(404)

    def packed(self, how: str) -> None:
        body = PACKED[how][1]
        self.send_response(200)
        for encoding in PACKED[how][0]:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        with contextlib.suppress(OSError):  # the client has hung up
            self.wfile.write(body)

    def drip(self, piece: bytes) -> None:
        until = time.monotonic() + 5
        try:
            while time.monotonic() < until:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:  # the client has hung up
            pass


@pytest.fixture(scope="module")
def server():
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_feed_is_read_through_up_to_five_redirects(server):
    for path in ("feed", "hop-4"):
        (article,) = read_articles([f"{server}/{path}"], allow_private=True)
        assert (article.title, article.text, article.source) == ("one", TEXT, "The Post")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("hop-5", "redirects more than 5 times"),
        ("hop-99", "redirects more than 5 times"),
        ("file", "redirects to an address that is not http or https"),
        ("nowhere", "was refused: the server answered 404 Not Found"),
    ],
)
def test_faulty_feed_says_why(server, path, why):
    with pytest.raises(FeedFault) as caught:
        fetch(f"{server}/{path}")
    assert str(caught.value) == why


def test_feed_that_is_too_large_is_stopped(server):
    with pytest.raises(FeedFault, match="^is larger than 1 MB$"):
        fetch(f"{server}/large", most_bytes=2**20)
    assert len(fetch(f"{server}/large", most_bytes=3_000_000).read()) == 3_000_000


@pytest.mark.parametrize("path", ["drip", "headers"])
def test_feed_that_drips_is_given_up_in_time(server, path):
    with pytest.raises(FeedFault, match="^did not come within 0.5 seconds$"):
        fetch(f"{server}/{path}", most_seconds=0.5)


def test_only_feed_that_cannot_be_fetched_is_the_users_to_mend(server):
    with pytest.raises(InputError) as caught:
        list(read_articles([f"{server}/nowhere"], allow_private=True))
    assert str(caught.value) == (
        f"{server}/nowhere: The feed was refused: the server answered 404 Not Found. "
        "Check the address, or save the feed to a file."
    )


def test_feed_that_cannot_be_fetched_does_not_stop_other_inputs(server, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    missing, article = read_articles([f"{server}/nowhere", tmp_path], allow_private=True)
    assert missing == Skipped(f"{server}/nowhere", "The feed was refused: the server answered 404 Not Found.")
    assert article.text == TEXT


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/feed", "http://", "http://[bad", "https://127.0.0.1:9/"])
def test_address_that_leads_nowhere_is_a_fault_and_no_crash(url):
    with pytest.raises(InputError) as caught:
        list(read_articles([url], allow_private=True))
    assert str(caught.value).startswith(f"{url}: ")


@pytest.mark.parametrize("how", ["gzip", "members", "deflate", "bare", "identity"])
def test_packed_feed_is_unpacked(server, how):
    assert fetch(f"{server}/packed-{how}").read() == FEED.encode()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("twice", "is packed 2 times over"),
        ("lines", "is packed 2 times over"),
        ("brotli", "is packed in a way that was not asked for"),
        ("wrong", "is packed wrongly"),
        ("cut", "ends before it is complete"),
        ("bomb", "is larger than 1 MB"),
        ("nothing", "is larger than 1 MB"),
    ],
)
def test_feed_that_is_packed_badly_says_why_and_takes_no_memory(server, how, why):
    tracemalloc.start()
    try:
        with pytest.raises(FeedFault) as caught:
            fetch(f"{server}/packed-{how}", most_bytes=2**20)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(caught.value) == why
    assert most < 16 * 2**20


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_packed_pieces_come_in_any_size(size):
    for how in ("gzip", "members", "deflate", "bare"):
        encodings, body = PACKED[how]
        pieces = [body[first : first + size] for first in range(0, len(body), size)]
        assert b"".join(unpacked(pieces, encodings)) == FEED.encode()


@pytest.mark.parametrize("path", ["drip", "headers"])
def test_thread_of_a_feed_that_drips_ends_with_its_limit(server, path):
    with pytest.raises(FeedFault):
        fetch(f"{server}/{path}", most_seconds=0.5)
    until = time.monotonic() + 2  # without the limit the server would go on for five seconds
    while any(thread.name == "fetch" for thread in threading.enumerate()):
        assert time.monotonic() < until
        time.sleep(0.02)
