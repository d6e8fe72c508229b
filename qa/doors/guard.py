"""Guard: what stands before a server's application; it admits, bounds and times requests, and ends them.

It speaks ASGI with both sides, so that it fits any application and knows no framework.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from qa.doors.access import Access
from qa.doors.refusals import PROBLEM, UNFORESEEN, Refusal, log_unforeseen
from qa.settings import DoorSettings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_DRAINED = 32 * 1024 * 1024  # bytes of a body too large that are read and dropped, so that a client listens
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


class _Gone(Exception):
    """The client has closed the connection."""


class Guard:
    """Lets through what may be asked, whole and in time; whoever closes the connection cancels."""

    def __init__(
        self,
        application: Application,
        access: Access,
        limits: DoorSettings,
        *,
        large: frozenset[str] = frozenset(),
    ) -> None:
        """``large``: the paths whose bodies may have ``limits.add_bytes``; others have ``ask_bytes``."""
        self._application = application
        self._access = access
        self._limits = limits
        self._large = large
        self._inside = 0  # requests that are read or worked on

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
        elif scope["type"] == "http":
            self._inside += 1
            try:
                await self._answer(scope, receive, _Sender(send, self._limits.send_seconds))
            finally:
                self._inside -= 1

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive, sender: _Sender) -> None:
        try:
            refusal = self._access.refusal(scope["path"], scope["headers"])
            if refusal is None and self._inside > self._limits.connections:
                refusal = self._full
            if refusal is not None:
                raise _Refused(refusal)
            body = await self._body(scope, receive)
            await self._run(scope, body, receive, sender)
        except _Refused as refused:
            await sender.refuse(refused.refusal)
        except (_Gone, _NotTaken):
            pass  # nobody is left to answer

    @property
    def _full(self) -> Refusal:
        # The server below would say 503 without a reason, and count connections that ask nothing, too.
        line = f"{self._limits.connections} requests are under way, as many as may be. Ask again soon."
        return Refusal(503, line, {"Retry-After": "1", "Connection": "close"})

    async def _body(self, scope: MutableMapping[str, Any], receive: Receive) -> bytes:
        """Read the whole body within its limits."""
        headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
        most = self._limits.add_bytes if scope["path"] in self._large else self._limits.ask_bytes
        too_large = Refusal(413, f"The body is larger than {most // 1024:,} kB.", {"Connection": "close"})
        length = next((int(value) for name, value in headers if name == b"content-length"), 0)
        asks_first = any(name == b"expect" for name, _ in headers)
        if length > most and (asks_first or length > _DRAINED):
            raise _Refused(too_large)
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                body = await _read(receive, most)
        except TimeoutError:
            slow = f"The body did not come within {self._limits.body_seconds:g} s."
            raise _Refused(Refusal(408, slow, {"Connection": "close"})) from None
        if body is None:
            raise _Refused(too_large)
        kind = next((value for name, value in headers if name == b"content-type"), b"")
        if scope["method"] not in _BODILESS and body and not _is_json(kind):
            raise _Refused(Refusal(415, "The body must be JSON: Content-Type: application/json."))
        return body

    async def _run(
        self, scope: MutableMapping[str, Any], body: bytes, receive: Receive, sender: _Sender
    ) -> None:
        """Run the application on a request that is there whole, until it is ready or the client has gone."""
        gone = asyncio.create_task(_until_gone(receive))
        answer = asyncio.create_task(self._apply(scope, _replayed(body, gone), sender))
        try:
            await asyncio.wait([answer, gone], return_when=asyncio.FIRST_COMPLETED)
            if sender.ended:  # a server also says that the client has gone once it has the whole reply
                await asyncio.wait([answer])
        finally:
            for task in (answer, gone):
                task.cancel()
            ended = await asyncio.gather(answer, gone, return_exceptions=True)
        if isinstance(ended[0], _NotTaken):
            raise ended[0]

    async def _apply(self, scope: MutableMapping[str, Any], receive: Receive, sender: _Sender) -> None:
        try:
            await self._application(scope, receive, sender)
        except _NotTaken:
            raise
        except Exception as fault:
            log_unforeseen(fault)
            if not sender.began:
                await sender.refuse(UNFORESEEN)


class _NotTaken(Exception):
    """The client does not take its reply."""


class _Sender:
    """Sends within a time limit, and knows whether a reply has begun and ended."""

    def __init__(self, send: Send, seconds: float) -> None:
        self.began = False
        self.ended = False
        self._send = send
        self._seconds = seconds

    async def __call__(self, message: Message) -> None:
        self.began = True
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(message)
        except TimeoutError:
            raise _NotTaken from None
        self.ended = message["type"] == "http.response.body" and not message.get("more_body", False)

    async def refuse(self, refusal: Refusal) -> None:
        body = refusal.body()
        headers = {"Content-Type": PROBLEM, "Content-Length": str(len(body)), **refusal.headers}
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self({"type": "http.response.start", "status": refusal.status, "headers": raw})
        await self({"type": "http.response.body", "body": body})


async def _read(receive: Receive, most: int) -> bytes | None:
    """Return the body; None if it is larger than ``most`` bytes, of which no more are kept."""
    body = bytearray()
    dropped = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        piece = message.get("body", b"")
        if dropped or len(body) + len(piece) > most:
            dropped += len(body) + len(piece)
            body.clear()
        else:
            body += piece
        if dropped > _DRAINED:
            return None
        if not message.get("more_body", False):
            return None if dropped else bytes(body)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _replayed(body: bytes, gone: asyncio.Task[None]) -> Receive:
    """Return what gives the application the body once, then nothing until the client has gone."""
    rest: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if rest:
            return rest.pop()
        await asyncio.wait([gone])
        return {"type": "http.disconnect"}

    return receive


def _is_json(kind: bytes) -> bool:
    essence = kind.split(b";")[0].strip().lower()
    return essence == b"application/json" or (
        essence.startswith(b"application/") and essence.endswith(b"+json")
    )
