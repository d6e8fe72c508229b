"""The server of the page: how what it sends leaves the machine."""

from __future__ import annotations

import asyncio
import socket

import pytest
from streamlit.web import bootstrap
from streamlit.web.server.starlette import starlette_server


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="uvloop is not made for Windows")
def test_a_small_file_of_the_page_does_not_wait_for_the_browsers_acknowledgement():
    """On asyncio's own loop it does: it leaves Nagle's rule to sockets of protocol 0, as Streamlit's is."""
    seen: list[int] = []

    class Sender(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            end = transport.get_extra_info("socket")
            seen.append(end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def serve() -> None:
        listening = starlette_server._bind_socket("127.0.0.1", 0, 8)
        server = await asyncio.get_running_loop().create_server(Sender, sock=listening)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        await reader.read()
        writer.close()
        server.close()

    bootstrap._run_server_loop(serve())
    assert seen == [1]
