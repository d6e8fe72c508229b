"""The page and the server, as people start them -> processes that end with their context."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.report import ROOT

Process = subprocess.Popen[str]


@contextmanager
def running(
    command: list[str],
    environment: Mapping[str, str] | None = None,
    *,
    folder: Path = ROOT,
    log: int = subprocess.DEVNULL,
) -> Iterator[Process]:
    """Run a command in a folder until the context ends; by default with this process's environment."""
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=log, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def page(environment: Mapping[str, str], *, folder: Path = ROOT) -> Iterator[tuple[Process, str]]:
    """Start the page of a clone at a port that is free; give its process and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    with running(command, environment, folder=folder) as process:
        yield process, f"http://localhost:{port}"


def await_page(process: Process, address: str) -> None:
    """Wait until the page serves.

    :raises RuntimeError: if it ends before it serves anybody.
    """
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the page ended with exit code {process.returncode}")


@contextmanager
def server(index: Path) -> Iterator[tuple[Process, str]]:
    """Start ``serve`` over an index at a port that is free; give its process and its address.

    :raises RuntimeError: if it ends before it serves anybody.
    """
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--index", str(index)]
    with running(command, log=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Serving "):
                # Its later output must be read, or the program would block on a full pipe.
                threading.Thread(target=process.stderr.read, daemon=True).start()
                yield process, line.split(" at ")[-1].split(" until ")[0]
                return
        raise RuntimeError("the server did not start; run python -m qa serve to see why")
