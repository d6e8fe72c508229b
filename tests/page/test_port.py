"""A port that is taken: the page moves on by itself, or says plainly that it cannot start there."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8501
COMMAND = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]


@contextlib.contextmanager
def taken(port: int) -> Iterator[int]:
    """Listens on a port of this machine, any free one for 0, while the block runs."""
    with socket.socket() as listener:
        with contextlib.suppress(OSError):  # another program has the port, which is as good for the test
            listener.bind(("localhost", port))
            listener.listen()
        yield port if port else listener.getsockname()[1]


def test_page_takes_the_next_port_when_its_own_is_taken():
    with (
        taken(DEFAULT_PORT),
        subprocess.Popen(
            COMMAND, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as page,
    ):
        try:
            address = next(found for line in page.stdout if (found := re.search(r"localhost:(\d+)", line)))
        finally:
            page.kill()
    assert int(address[1]) > DEFAULT_PORT


def test_page_reports_that_the_named_port_is_taken():
    with taken(0) as port:
        command = [*COMMAND, "--server.port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    told = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"Port {port} is not available" in told
    assert "Traceback" not in told
