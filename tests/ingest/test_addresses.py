"""A feed that somebody names on a page must lie on the public internet."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpcore
import pytest

from qa.errors import InputError
from qa.ingest import addresses
from qa.ingest.addresses import NotPublic, is_public, resolved
from qa.ingest.articles import read_articles
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
        "192.0.0.192", "192.0.0.8", "192.88.99.1",
        "fec0::1", "::7f00:1", "::10.0.0.1", "::93.184.215.14", "::ffff:0:127.0.0.1", "::ffff:0:5db8:d70e",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b:1::1", "64:ff9b::10.0.0.1",
        "3fff::1", "5f00::1",
    ],
)  # fmt: skip
def test_private_addresses_in_every_dress(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1"])
def test_names_of_this_machine_are_private_however_they_are_written(host: str):
    with pytest.raises(NotPublic):
        resolved(host, 80, public_only=True)
    assert set(resolved(host, 80, public_only=False)) <= {"127.0.0.1", "::1"}


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


REFUSED = "is refused: the address does not lie on the public internet"


def test_feed_on_this_machine_is_refused_before_anything_is_asked_of_it(server):
    address, asked = server
    with pytest.raises(FeedFault) as told:
        fetch(address, public_only=True)
    assert str(told.value) == REFUSED
    assert asked == []
    assert fetch(address).read() == b"secret"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "inside.example"])
def test_refusal_never_says_what_a_name_points_to(server, monkeypatch, name: str):
    place = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 80))]
    if name == "inside.example":
        monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: place)
    with pytest.raises(FeedFault) as told:
        fetch(f"http://{name}:9/", public_only=True)
    assert str(told.value) == REFUSED


def test_name_is_looked_up_once_and_that_address_is_connected_to(server, monkeypatch):
    address, asked = server
    port = int(address.rpartition(":")[2].partition("/")[0])
    mine = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", port))]
    answers = [public]  # from the second look-up on, an address of this machine
    connected: list[str] = []
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: answers.pop() if answers else mine)

    def connect(_, host, *rest):
        connected.append(host)
        raise httpcore.ConnectError("nobody there")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(FeedFault, match="nobody there"):
        fetch(f"http://rebinds.example:{port}/feed", public_only=True)
    assert connected == ["93.184.215.14"]
    with pytest.raises(FeedFault, match="is refused"):
        fetch(f"http://rebinds.example:{port}/feed", public_only=True)
    assert (connected, asked) == (["93.184.215.14"], [])


def test_host_with_a_private_and_a_public_address_is_refused(monkeypatch):
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.215.14", "192.168.0.1")]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(NotPublic):
        resolved("both.example", 80, public_only=True)


def test_source_of_the_page_is_refused_as_an_input(server):
    address, asked = server
    with pytest.raises(InputError, match="The feed is refused: the address does not lie on"):
        list(read_articles([public_source(address)]))
    assert asked == []


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://example.org/x", "javascript:alert(1)", "https://", "http://[", "a"],
)
def test_only_web_addresses_are_taken(address: str):
    with pytest.raises(InputError, match="This is no web address"):
        public_source(address)
