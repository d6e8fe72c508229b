"""An application -> a server on a socket, until Ctrl-C or SIGTERM. Alone knows uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.doors.guard import Application
from qa.errors import InputError
from qa.settings import DoorSettings

_FAREWELL = 5  # seconds that requests have left when the server must end


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; port 0 takes one that is free.

    :raises InputError: if the port is taken, or there is no such host.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=256)
    except OSError as fault:
        why = str(fault.strerror).split(" (")[0]
        raise InputError(
            f"port {port} of {host} cannot be had ({why})",
            cure="Choose another: --port 0 takes any.",
        ) from None
    # Connections inherit it. asyncio sets it on sockets of protocol TCP only, and this one is of protocol 0:
    # the body of a reply would wait up to 40 ms, until the client has acknowledged its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address_of(listening: socket.socket) -> str:
    """Return an address such as "http://127.0.0.1:8765"."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    application: Application, listening: socket.socket, limits: DoorSettings, *, ready: Callable[[], None]
) -> None:
    """Serve until Ctrl-C or SIGTERM; ``ready`` is called when the first request can come."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as services are stopped
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server_of(application, limits, ready=ready).serve(sockets=[listening]))


def server_of(application: Application, limits: DoorSettings, *, ready: Callable[[], None]) -> uvicorn.Server:
    """Return the server, to be run in an event loop; it ends when its ``should_exit`` is set."""
    config = uvicorn.Config(
        application,
        http=patient(limits.head_seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_FAREWELL,
    )
    return _Server(config, ready)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def patient(seconds: float) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol with a time limit for the head of a request.

    Without it a client that sends its headers letter by letter keeps a connection for ever.
    """

    class Patient(H11Protocol):
        _impatient: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._look()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._look()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _look(self) -> None:
            """Count while a head is on its way, and while a body comes that was refused already."""
            refused = self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY
            if self.conn.their_state is not h11.IDLE and not refused:
                self._stop()
            elif self._impatient is None:
                self._impatient = self.loop.call_later(seconds, self.transport.abort)

        def _stop(self) -> None:
            if self._impatient is not None:
                self._impatient.cancel()
                self._impatient = None

    return Patient
