"""A fresh clone after installation -> seconds to the page, the sample archive, and the first answer in it.

python -m benchmarks.first_start [--chromium /usr/bin/chromium]

What is not committed is not in the clone. The models are converted anew: the clone has a cache of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import typer
from playwright.sync_api import Page

from benchmarks.browsers import Chromium, launched
from benchmarks.programs import await_page, page
from benchmarks.report import ROOT, console, machine, save

GOAL = 60.0  # seconds to the first answer, on two cores
PATIENCE = 600.0  # seconds for any step
QUESTION = "Which canal did the Ever Given block?"
FIELD = ".stApp input[aria-label^='Question' i]"


def main(chromium: Chromium = "") -> None:
    """Start the page in a clone that has no index and no converted model, build the sample, and ask it."""
    with tempfile.TemporaryDirectory(prefix="first-start-") as folder, launched(chromium) as browser:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT.as_uri(), str(clone)], check=True)
        own = {name: value for name, value in os.environ.items() if name not in ("QA_INDEX", "PYTHONPATH")}
        began = time.perf_counter()
        with page(own | {"QA_CACHE": str(Path(folder) / "cache")}, folder=clone) as (process, address):
            await_page(process, address)
            reached = _reached(browser.new_page(), address, began)
    figures = {"command": "python -m benchmarks.first_start", **reached}
    console.print(machine())
    console.print(json.dumps(figures, indent=1))
    console.print(f"goal: the first answer within {GOAL:.0f} s")
    save("first-start", figures)


def _reached(tab: Page, address: str, began: float) -> dict[str, float]:
    """Return the seconds from the start of the process to each step."""
    tab.set_default_timeout(1000 * PATIENCE)
    reached: dict[str, float] = {}

    def note(step: str) -> None:
        reached[step] = round(time.perf_counter() - began, 1)

    tab.goto(address)
    build = tab.get_by_role("button", name="Build the sample archive")
    build.wait_for()
    note("page offers the sample archive")
    build.click()
    field = tab.locator(FIELD)
    field.wait_for()
    note("sample archive built, question field there")
    field.fill(QUESTION)
    field.press("Enter")
    tab.locator(".qa-quote").first.wait_for()
    note("first answer")
    return reached


if __name__ == "__main__":
    typer.run(main)
