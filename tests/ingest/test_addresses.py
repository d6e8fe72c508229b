"""A feed that somebody names on a page must lie on the public internet."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from qa.errors import InputError
from qa.ingest import addresses, read_articles
from qa.ingest.addresses import is_public, why_private
from qa.ingest.sources import public_source
from qa.ingest.web import FeedFault, fetch


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::93.184.215.14"])
def test_public_addresses(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b:1::1", "64:ff9b::10.0.0.1",
    ],
)  # fmt: skip
def test_private_addresses_in_every_dress(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1"])
def test_names_of_this_machine_are_private_however_they_are_written(host: str):
    assert "127.0.0.1" in why_private(host, 80) or "::1" in why_private(host, 80)


@pytest.fixture
def server():
    """Counts what is asked of it on this machine."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret")

    running = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/feed", asked
    running.shutdown()


def test_feed_on_this_machine_is_refused_before_anything_is_asked_of_it(server):
    address, asked = server
    with pytest.raises(FeedFault, match=r"is refused: 127\.0\.0\.1 is a private address"):
        fetch(address, public_only=True)
    assert asked == []
    assert fetch(address).read() == b"secret"


def test_name_that_points_elsewhere_the_second_time_gives_nothing_away(server, monkeypatch):
    address, _ = server
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 80))]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        addresses.socket, "getaddrinfo", lambda *_, **__: answers.pop() if answers else real(*_, **__)
    )
    answers = [public]
    with pytest.raises(FeedFault, match="it led to a private address"):
        fetch(address, public_only=True)


def test_source_of_the_page_is_refused_as_an_input(server):
    address, asked = server
    with pytest.raises(InputError, match=r"The feed is refused: 127\.0\.0\.1 is a private address"):
        list(read_articles([public_source(address)]))
    assert asked == []


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://example.org/x", "javascript:alert(1)", "https://", "http://[", "a"],
)
def test_only_web_addresses_are_taken(address: str):
    with pytest.raises(InputError, match="This is no web address"):
        public_source(address)
