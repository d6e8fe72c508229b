"""A fresh clone after installation -> seconds to the page, the sample archive, and the first answer in it.

python -m benchmarks.first_start [--chromium /usr/bin/chromium]

What is not committed is not in the clone. The models are converted anew: the clone has a cache of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Page, sync_playwright

from benchmarks.report import ROOT, console, machine, save

GOAL = 60.0  # seconds to the first answer, on two cores
PATIENCE = 600.0  # seconds for any step
QUESTION = "Which canal did the Ever Given block?"
FIELD = ".stApp input[aria-label^='Question' i]"


def main(
    chromium: Annotated[str, typer.Option(help="The browser.", envvar="QA_CHROMIUM")] = "",
) -> None:
    """Start the page in a clone that has no index and no converted model, build the sample, and ask it."""
    named = chromium if chromium else shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory(prefix="first-start-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT.as_uri(), str(clone)], check=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=named, args=["--no-sandbox", "--disable-gpu"]
            )
            began = time.perf_counter()
            with _page_of(clone) as address:
                reached = _reached(browser.new_page(), address, began)
            browser.close()
    figures = {"command": "python -m benchmarks.first_start", **reached}
    console.print(machine())
    console.print(json.dumps(figures, indent=1))
    console.print(f"goal: the first answer within {GOAL:.0f} s")
    save("first-start", figures)


def _reached(page: Page, address: str, began: float) -> dict[str, float]:
    """Return the seconds from the start of the process to each step."""
    page.set_default_timeout(1000 * PATIENCE)
    reached: dict[str, float] = {}

    def note(step: str) -> None:
        reached[step] = round(time.perf_counter() - began, 1)

    page.goto(address)
    build = page.get_by_role("button", name="Build the sample archive")
    build.wait_for()
    note("page offers the sample archive")
    build.click()
    field = page.locator(FIELD)
    field.wait_for()
    note("sample archive built, question field there")
    field.fill(QUESTION)
    field.press("Enter")
    page.locator(".qa-quote").first.wait_for()
    note("first answer")
    return reached


@contextmanager
def _page_of(clone: Path) -> Iterator[str]:
    """Serve the page of a clone until the context ends; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"--server.port": str(port), "--server.headless": "true"}
    own = {name: value for name, value in os.environ.items() if name not in ("QA_INDEX", "PYTHONPATH")}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            *(f"{key}={value}" for key, value in settings.items()),
        ],
        cwd=clone,
        env={**own, "QA_CACHE": str(clone.parent / "cache")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the page serves.

    :raises RuntimeError: if the page ends before it serves anybody.
    """
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the page ended with exit code {process.returncode}")


if __name__ == "__main__":
    typer.run(main)
