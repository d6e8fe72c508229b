"""What is around the page's script: the first answer at a view's address, the browser, the server's loop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit import config
from streamlit.web.server.starlette import starlette_server

from qa.page import site
from tests.page.browsing import ROOT


def test_first_page_at_a_views_address_says_where_the_server_is_before_streamlits_script_asks():
    plain = site.FIRST_PAGE.read_text(encoding="utf-8")
    said = TestClient(Starlette(routes=site.routes(["archive"]))).get("/archive?find=sea").text
    assert said.replace(site.SERVER_IS_BESIDE, "") == plain
    assert 0 < said.index(site.SERVER_IS_BESIDE) < said.index('<script type="module"')


@pytest.mark.skipif(os.name == "nt", reason="the browser of this test is a script of the shell")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "command", [["qa", "page", "--port"], ["streamlit", "run", "app.py", "--server.port"]]
)
def test_page_opens_a_browser_where_there_is_a_screen_and_ends_quietly(
    tmp_path: Path, command: list[str], how: signal.Signals
):
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    screen = {"BROWSER": f"{browser} %s", "STREAMLIT_SERVER_HEADLESS": "false", "QA_INDEX": str(tmp_path)}
    page = subprocess.Popen(
        [sys.executable, "-m", *command, str(port)],
        cwd=ROOT,
        env=os.environ | screen,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    limit = time.monotonic() + 120
    while time.monotonic() < limit and page.poll() is None and not opened.is_file():
        time.sleep(0.1)
    page.send_signal(how)
    page.send_signal(how)  # as a terminal and a wrapper send it at once
    told = page.communicate(timeout=30)[0]
    assert opened.read_text() == f"http://localhost:{port}\n"
    assert (
        page.returncode == 0 and told.rstrip().splitlines()[-1].strip() == f"URL: http://localhost:{port}"
    ), told


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="uvloop is not made for Windows")
def test_a_small_file_of_the_page_does_not_wait_for_the_browsers_acknowledgement():
    """On asyncio's own loop it would wait: that keeps Nagle's rule for sockets like Streamlit's."""
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

    with asyncio.Runner(loop_factory=uvicorn.Config("app:app").get_loop_factory()) as loop:
        loop.run(serve())
    assert seen == [1]


def test_no_tab_waits_while_all_objects_are_looked_through_after_a_script():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"] == {"postScriptGC": False}
    # Streamlit reads over a name that it does not know, and would go on as by default.
    assert config.get_config_options()["runner.postScriptGC"].default_val is True
