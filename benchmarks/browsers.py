"""A browser by name -> one that runs until its context ends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from playwright.sync_api import Browser, sync_playwright

Chromium = Annotated[str, typer.Option(help="The browser.", envvar="QA_CHROMIUM")]


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """Launch the browser of this name or path; an empty one is looked for."""
    named = chromium if chromium else shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
