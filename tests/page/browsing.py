"""The real page in a process of its own, over an index on disk, and a real Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "articles"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_CHROMIUM = "no Chromium was found; install it (apt-get install chromium) or name it in QA_CHROMIUM"
START_LIMIT = 120.0  # seconds; a busy machine may need many


def find_chromium() -> str:
    """Path of a Chromium. Without one the test is skipped, except on CI, where it fails."""
    candidates = (os.environ.get("QA_CHROMIUM"), *map(shutil.which, CHROMIUM_NAMES), MAC_CHROME)
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return candidate
    if os.environ.get("CI"):
        pytest.fail(NO_CHROMIUM)
    pytest.skip(NO_CHROMIUM)


@contextmanager
def serve(index: Path, *, named: bool = True, app: Path = ROOT / "app.py") -> Iterator[str]:
    """Address of the page over this index while the block runs.

    ``named``: by QA_INDEX; else the page is started where its default path, indexes/news, is this index.
    ``app``: what is started.
    """
    port = _free_port()
    address = f"http://localhost:{port}"
    index.parent.mkdir(parents=True, exist_ok=True)
    log_path = index.parent / f"page-{port}.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                str(app),
                "--server.port",
                str(port),
                "--server.headless",
                "true",
            ],
            cwd=ROOT if named else index.parent.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | ({"QA_INDEX": str(index)} if named else {}),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_up(address, process, log_path)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def asking(question: str) -> str:
    return f"/?q={quote(question)}"


def cards(page: Page) -> Locator:
    """Return the answer cards, once the page is complete: until then a click may land beside its button."""
    answers = page.locator("[class*=st-key-answer-]")
    expect(answers.first).to_be_visible(timeout=60_000)
    complete(page)
    return answers


def at_rest(page: Page) -> None:
    """Wait until the page has drawn what it is about to draw."""
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=60_000)


def complete(page: Page) -> None:
    expect(page.get_by_role("button", name="Download Markdown")).to_be_visible(timeout=60_000)
    at_rest(page)


def look_at(page: Page, upload: Path) -> None:
    """Upload a file in the Build view and look how it is understood."""
    page.locator("input[type=file]").set_input_files(upload)
    expect(page.get_by_test_id("stFileChip")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Look at them").click()
    expect(page.get_by_text("How they are understood")).to_be_visible(timeout=60_000)
    at_rest(page)


def open_list(page: Page, field: str) -> Locator:
    """Open a field's list of choices, as a person would: again, if the page moved under the first click."""
    box, options = page.get_by_role("combobox", name=field), page.get_by_role("option")
    for _ in range(10):
        box.click()
        try:
            options.first.wait_for(timeout=5_000)
            break
        except TimeoutError:
            continue
    return options


def add_to_this_archive(page: Page) -> None:
    """Choose what is not proposed where the open archive is the sample."""
    page.get_by_text("Add to this archive", exact=True).click()
    at_rest(page)


def build(page: Page) -> Locator:
    """Press Build and wait for what it tells at its end."""
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.locator(".qa-report")).to_be_visible(timeout=120_000)
    return page.locator(".qa-report")


def fits_its_width(page: Page) -> bool:
    """Return whether nothing needs a sideways scroll, once charts and texts have settled."""
    page.wait_for_function(
        "() => [document.documentElement, ...document.querySelectorAll('.stMain, [role=dialog]')]"
        ".every(element => element.scrollWidth <= element.clientWidth)"
    )
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def _wait_until_up(address: str, process: subprocess.Popen[bytes], log_path: Path) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the page did not start:\n{log_path.read_text(errors='replace')}")
