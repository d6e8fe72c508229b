"""A request to MCP by HTTP -> the SDK's application, if it is a POST of one JSON-RPC message; else one line.

The SDK would answer a GET with a stream that never ends and never says anything, since no session is kept:
each held a connection for ever. The specification lets a server refuse it.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from typing import Any

from qa.doors.guard import Application, Receive, Send
from qa.doors.refusals import PROBLEM, Refusal
from qa.small_json import BrokenJson, parse

_INVALID, _BROKEN = -32600, -32700  # JSON-RPC's codes


class OneMessage:
    """Stands between the Guard, which gives bodies whole, and the SDK."""

    def __init__(self, application: Application, path: str) -> None:
        self._application = application
        self._path = path

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif scope["path"] != self._path:
            await _answer(send, Refusal(404, f"There is nothing at this address but {self._path}."))
        elif scope["method"] != "POST":
            refusal = Refusal(405, "This address takes POST alone; no session is kept.", {"Allow": "POST"})
            await _answer(send, refusal)
        else:
            first = await receive()
            if fault := _fault(first.get("body", b"")):
                await _answer_in_kind(send, *fault)
                return
            given = [first]

            async def again() -> MutableMapping[str, Any]:
                return given.pop() if given else await receive()

            await self._application(scope, again, send)


def _fault(body: bytes) -> tuple[int, str] | None:
    """Return the code and the line for what is no message; None if it may be one."""
    try:
        message = parse(body)
    except BrokenJson as fault:
        return _BROKEN, f"The message cannot be read: {fault}."
    if not isinstance(message, dict):
        return _INVALID, "The body must be one JSON-RPC message, an object."
    number = message.get("id")
    # The SDK takes a message of any other id for a notification, to which nothing is ever said.
    if "id" in message and (isinstance(number, bool) or not isinstance(number, (str, int))):
        return _INVALID, "The id of a message must be a text or a whole number."
    # The SDK would say of each of these, in ten lines, what every kind of message has.
    if message.get("jsonrpc") != "2.0":
        return _INVALID, 'A message says "jsonrpc": "2.0".'
    if "method" in message and not isinstance(message["method"], str):
        return _INVALID, "The method of a message must be a text."
    if not message.keys() & {"method", "result", "error"}:
        return _INVALID, "A message names a method."
    if not isinstance(message.get("params", {}), dict | None):
        return _INVALID, "The params of a message must be an object."
    return None


async def _answer_in_kind(send: Send, code: int, line: str) -> None:
    error = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": line}}
    await _send(send, 400, "application/json", json.dumps(error).encode(), {})


async def _answer(send: Send, refusal: Refusal) -> None:
    await _send(send, refusal.status, PROBLEM, refusal.body(), dict(refusal.headers))


async def _send(send: Send, status: int, kind: str, body: bytes, more: dict[str, str]) -> None:
    headers = {"Content-Type": kind, "Content-Length": str(len(body)), **more}
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
