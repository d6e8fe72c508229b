"""``python -m tests.page.screenshots [NAME ...]`` draws the pictures in docs/, all or those named."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

import qa
from tests.page.browsing import (
    CHROMIUM_ARGUMENTS,
    ROOT,
    SAMPLE,
    asking,
    at_rest,
    complete,
    find_chromium,
    look_at,
    serve,
)

DOCS = ROOT / "docs"
SPAIN = "Who scored the goal that won Spain the Women's World Cup?"
CHATGPT = "When did ChatGPT go online as a free preview?"
TITAN = "How much did OceanGate charge for a place on the Titan?"
CHESS = "Who won the chess world championship in 1972?"
QUAKE = "How many people died in Turkey?"


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    address: str
    theme: str = "light"
    width: int = 1200
    height: int = 900
    wait: Callable[[Page], None] = complete  # waits until everything in the picture is drawn


def examples_are_there(page: Page) -> None:
    expect(page.locator(".st-key-examples").get_by_role("button").last).to_be_visible(timeout=60_000)


def open_article(page: Page) -> None:
    complete(page)
    page.get_by_role("button", name="Read in article").first.click()
    expect(page.locator(".qa-article mark").first).to_be_in_viewport()


def ask_on(page: Page) -> None:
    complete(page)
    page.get_by_label("Question", exact=True).fill("And where did he meet him?")
    page.get_by_label("Question", exact=True).press("Enter")
    expect(page.get_by_role("button", name="from the question before")).to_be_visible(timeout=60_000)
    page.get_by_label("Question", exact=True).blur()


def open_reasons(page: Page) -> None:
    complete(page)
    page.get_by_text("Why this answer").click()
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.last.locator("svg")).to_be_visible(timeout=60_000)
    page.mouse.wheel(0, 5000)


def days_are_there(page: Page) -> None:
    expect(page.locator(".qa-day").first).to_be_visible(timeout=60_000)
    at_rest(page)


def charts_are_there(page: Page) -> None:
    expect(page.get_by_test_id("stVegaLiteChart").locator("svg").first).to_be_visible(timeout=60_000)


def look_at_table(page: Page) -> None:
    look_at(page, SAMPLE / "northern-ledger.csv")
    page.get_by_text("How they are understood").scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)


def settings_are_there(page: Page) -> None:
    expect(page.get_by_role("button", name="Save")).to_be_visible(timeout=60_000)


def build_is_running(page: Page) -> None:
    page.get_by_role("button", name="Build the sample archive").click(timeout=60_000)
    expect(page.get_by_text("Embedding passages")).to_be_visible(timeout=60_000)


PICTURES = (
    Picture("page-start", "/", height=700, wait=examples_are_there),
    Picture("page-light", asking(CHATGPT)),
    Picture("page-answers", asking(QUAKE), height=1200),
    Picture("page-dark", asking(SPAIN), theme="dark"),
    Picture("page-article", asking(TITAN), wait=open_article),
    Picture("page-phone", asking(CHATGPT), width=390, height=844),
    Picture("page-follow-up", asking("When did Kim Jong Un meet Putin?"), height=700, wait=ask_on),
    Picture("page-why", asking(CHATGPT), wait=open_reasons),
    Picture("page-not-found", asking(CHESS)),
    Picture("page-brief", "/brief?topic=Titan%20submersible", height=1000, wait=days_are_there),
    Picture("page-archive", "/archive", height=1100, wait=charts_are_there),
    Picture("page-build", "/build", height=1100, wait=look_at_table),
    Picture("page-settings", "/settings", height=750, wait=settings_are_there),
)


FIRST_START = Picture("page-first-start", "/", height=500, wait=build_is_running)


def main() -> None:
    named = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        index = Path(folder) / "news"
        qa.build([SAMPLE], index)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        with serve(index) as site:
            for picture in PICTURES:
                if not named or picture.name in named:
                    draw(browser, site, picture)
        if not named or FIRST_START.name in named:
            with serve(Path(folder) / "none" / "indexes" / "news", named=False) as site:
                draw(browser, site, FIRST_START)
        browser.close()


def draw(browser: Browser, site: str, picture: Picture) -> None:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.theme
    )
    page = context.new_page()
    page.goto(site + picture.address)
    picture.wait(page)
    # Until fading and scrolling have ended.
    page.wait_for_timeout(0 if picture.wait is build_is_running else 800)
    page.screenshot(path=DOCS / f"{picture.name}.png")
    context.close()


if __name__ == "__main__":
    main()
