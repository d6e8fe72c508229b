"""The page in a real browser -> how soon it shows something, and the field to ask in.

streamlit run app.py
python -m benchmarks.paint [http://localhost:8501] [--times 10] [--chromium /usr/bin/chromium]
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

import typer
from playwright.sync_api import Browser

from benchmarks.browsers import Chromium, launched
from benchmarks.report import console, save
from qa.evaluate.metrics import percentile

GOAL = 1.5  # seconds to the first paint, by a process that has served the page before
PATIENCE = 120_000  # milliseconds for one opening
_FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
# Runs on every frame; times count from the start of the navigation.
_FIELD = """() => {
    const field = document.querySelector('.stApp input[aria-label^="Question" i], .stApp textarea');
    return field && field.checkVisibility() && performance.now();
}"""


@dataclass(frozen=True, slots=True)
class Painted:
    """One opening of the page, in seconds from the start of the navigation."""

    first: float  # first contentful paint
    field: float  # the question field is visible


def opened(browser: Browser, address: str) -> Painted:
    """Open the page as somebody does who was never there: nothing of it in the browser's memory."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(address, wait_until="commit")
        field = page.wait_for_function(_FIELD, polling="raf", timeout=PATIENCE).json_value()
        first = page.wait_for_function(_FIRST_PAINT, polling="raf", timeout=PATIENCE).json_value()
        return Painted(first / 1000, field / 1000)
    finally:
        context.close()


def main(
    address: Annotated[str, typer.Argument(help="The page, running.")] = "http://localhost:8501",
    times: Annotated[int, typer.Option(min=1, help="Openings that count.")] = 10,
    chromium: Chromium = "",
) -> None:
    """Measure the page's first paint; the first opening warms the process and does not count."""
    with launched(chromium) as browser:
        opened(browser, address)
        seen = [opened(browser, address) for _ in range(times)]
    figures: dict[str, object] = {"openings": times}
    for name, seconds in (
        ("first contentful paint", [one.first for one in seen]),
        ("question field visible", [one.field for one in seen]),
    ):
        ordered = sorted(seconds)
        told = {"p50": percentile(ordered, 0.5), "p95": percentile(ordered, 0.95)}
        figures[f"{name}, seconds"] = {key: round(value, 2) for key, value in told.items()}
    console.print(json.dumps(figures, indent=1))
    console.print(f"goal: the first paint within {GOAL} s")
    save("paint", figures)


if __name__ == "__main__":
    typer.run(main)
