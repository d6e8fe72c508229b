"""What is around the page's script: the first answer at a view's address, the browser that opens, the end.

Streamlit's script in the browser looks for its server below the address that it was loaded at, and one
level up only when nothing is there: a page that is loaded at /archive would leave two lines of "404" in the
console. At these addresses the server therefore says in the page itself where it is.
"""

from __future__ import annotations

import asyncio
import signal
import time
import webbrowser
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.resources import files
from types import FrameType
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

FIRST_PAGE = files(st.__name__) / "static" / "index.html"
HEAD = "<head>"
# Relative to the address, so that it holds below the path of a proxy, too.
SERVER_IS_BESIDE = "<script>window.__streamlit={BACKEND_BASE_URL:new URL('./',location.href).href}</script>"
UNTIL_SERVED = 0.3  # seconds between the end of the preparation and the browser's start
PRESSED_AGAIN = 1.0  # seconds after the first Ctrl-C from which another ends the server at once


def routes(views: Iterable[str]) -> list[Route]:
    """Return a route for each view that has an address of its own below the root, such as "archive"."""
    text = FIRST_PAGE.read_text(encoding="utf-8").replace(HEAD, HEAD + SERVER_IS_BESIDE, 1)

    async def first_page(request: Request) -> HTMLResponse:
        return HTMLResponse(text, headers={"Cache-Control": "no-cache"})  # as Streamlit sends it

    return [Route(f"/{view}", first_page) for view in views]


@asynccontextmanager
async def around(app: st.App) -> AsyncIterator[dict[str, object]]:
    """Open the page in a browser where there is a screen, as Streamlit does for a script alone.

    Ctrl-C and SIGTERM end the server in good order from now on.
    """
    for stop in (signal.SIGINT, signal.SIGTERM):
        _end_quietly(stop)
    if not st.get_option("server.headless"):
        address = f"http://{st.get_option('browser.serverAddress')}:{st.get_option('server.port')}"
        asyncio.get_running_loop().call_later(UNTIL_SERVED, webbrowser.open, address)
    yield {}


def _end_quietly(stop: signal.Signals) -> None:
    """Let a signal end the server and no more.

    Uvicorn raises it again once the server has ended, which Streamlit shows as a traceback and "Aborted!".
    """
    server: Any = getattr(signal.getsignal(stop), "__self__", None)  # uvicorn's, whose method is the handler
    if not hasattr(server, "should_exit"):
        return  # another server: whatever it does is its own
    first: float | None = None

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal first
        # A wrapper such as timeout(1) passes on what the terminal has sent already; who presses again waited.
        server.force_exit = first is not None and time.monotonic() - first > PRESSED_AGAIN
        first = time.monotonic() if first is None else first
        server.should_exit = True

    signal.signal(stop, end)
