"""MCP over streamable HTTP, attacked as POST /ask is: a status and one line, and the server goes on."""

from __future__ import annotations

import json
import socket

import httpx
import pytest

import qa
from qa.doors.access import Access
from qa.doors.desk import Desk
from qa.doors.guard import Guard
from qa.doors.mcp_server import PATH, mcp_app, mcp_server
from qa.settings import DoorSettings
from tests.doors.conftest import QUESTION, TOKEN

HEAD = {
    "Authorization": f"Bearer {TOKEN}",
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-06-18",
}


def message(method: str = "tools/list", **params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


CALL = message("tools/call", name="ask_archive", arguments={"question": QUESTION})


@pytest.fixture
def served(small: qa.Archive, run_server) -> int:
    limits = DoorSettings(head_seconds=0.5, body_seconds=0.5)
    desk = Desk(small, limits)
    return run_server(Guard(mcp_app(mcp_server(desk), desk), Access(token=TOKEN), limits), limits)


@pytest.fixture
def ask(served: int):
    """Sends a request, checks that the server goes on, and gives its status and text."""
    with httpx.Client(base_url=f"http://127.0.0.1:{served}", timeout=20) as client:

        def send(method: str = "POST", path: str = PATH, *, content: bytes | None = None, **headers: str):
            body = json.dumps(CALL).encode() if content is None else content
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            answer = client.request(method, path, content=body, headers=HEAD | named)
            again = client.post(PATH, json=CALL, headers=HEAD)
            assert again.json()["result"]["structuredContent"]["answers"][0]["quote"] == "3,400"
            return answer.status_code, answer.text

        yield send


DEEP = (
    b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001
)


@pytest.mark.parametrize(
    ("attack", "status", "line"),
    [
        ({"Authorization": "Bearer wrong"}, 401, "This is not the token."),
        ({"Host": "evil.example"}, 421, "This server does not answer under that name; who runs"),
        ({"Origin": "http://evil.example"}, 403, "This server does not answer the pages of other sites."),
        ({"content": b"x" * 10_000_000}, 413, "The body is larger than 64 kB."),
        ({"Content_Type": "text/plain"}, 415, "The body must be JSON"),
        ({"method": "GET", "content": b""}, 405, "This address takes POST alone; no session is kept."),
        ({"method": "DELETE", "content": b""}, 405, "This address takes POST alone"),
        ({"method": "PUT"}, 405, "This address takes POST alone"),
        ({"method": "OPTIONS", "content": b""}, 405, "This address takes POST alone"),
        ({"path": "/"}, 404, "There is nothing at this address but /mcp."),
        ({"path": "/mcp/"}, 404, "There is nothing at this address"),
        ({"path": "/mcp/%2e%2e/%2e%2e/etc/passwd"}, 404, "There is nothing at this address"),
    ],
    ids=str,
)
def test_refused_requests_get_a_status_and_one_line(ask, attack: dict, status: int, line: str):
    got, told = ask(**attack)
    assert got == status
    assert json.loads(told)["detail"][: len(line)] == line


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        (b"", -32700, "The message cannot be read: it is no JSON"),
        (b"{broken", -32700, "The message cannot be read: it is no JSON"),
        (b"\xff\xfe", -32700, "The message cannot be read: byte 0 is not UTF-8"),
        (b"[" * 60_000, -32700, "The message cannot be read: it is nested deeper than 32 levels."),
        (DEEP, -32700, "The message cannot be read: it is nested deeper than 32 levels."),
        (b"[]", -32600, "The body must be one JSON-RPC message, an object."),
        (b"null", -32600, "The body must be one JSON-RPC message, an object."),
        (json.dumps([CALL] * 50).encode(), -32600, "The body must be one JSON-RPC message, an object."),
        (json.dumps(CALL | {"id": {"a": 1}}).encode(), -32600, "The id of a message must be a text"),
        (json.dumps(CALL | {"id": 1.5}).encode(), -32600, "The id of a message must be a text"),
        (json.dumps(CALL | {"id": None}).encode(), -32600, "The id of a message must be a text"),
        (json.dumps(CALL | {"params": []}).encode(), -32600, "The params of a message must be an object."),
        (json.dumps(CALL | {"method": 5}).encode(), -32600, "The method of a message must be a text."),
        (json.dumps(CALL | {"jsonrpc": "1.0"}).encode(), -32600, 'A message says "jsonrpc": "2.0".'),
        (b'{"jsonrpc": "2.0", "id": 1}', -32600, "A message names a method."),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_is_not_a_message_gets_the_error_of_the_protocol(ask, body: bytes, code: int, line: str):
    status, told = ask(content=body)
    error = json.loads(told)["error"]
    assert (status, error["code"], error["message"][: len(line)]) == (400, code, line)
    assert "\n" not in error["message"]


@pytest.mark.parametrize("session", ["0" * 32, "../x", "x" * 3000])
def test_an_unknown_session_does_not_matter_to_a_server_without_sessions(ask, session: str):
    assert ask(Mcp_Session_Id=session)[0] == 200


def test_unknown_method_and_version_are_errors_of_the_protocol(ask):
    status, told = ask(content=json.dumps(message("tools/nope")).encode())
    assert (status, json.loads(told)["error"]["code"]) == (200, -32601)
    assert ask(MCP_Protocol_Version="1999-01-01")[0] == 400


def test_slow_head_and_slow_body_are_given_up(served: int):
    head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\n".encode()
    with socket.create_connection(("127.0.0.1", served), timeout=20) as slow:
        slow.sendall(head)  # and no more of it
        assert slow.recv(100) == b""
    rest = f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{{"
    with socket.create_connection(("127.0.0.1", served), timeout=20) as slow:
        slow.sendall(head + rest.encode())
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")
