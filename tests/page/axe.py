"""``python -m tests.page.axe PATH/axe.min.js`` has axe look at every view: light, dark and on a phone.

axe-core is not part of this project (MPL-2.0, 640 kB): ``npm install axe-core`` in any other folder brings
it. It is put into the page and sends nothing. Exit code 1 says that it found something.
"""

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
    SAMPLE,
    asking,
    at_rest,
    complete,
    find_chromium,
    look_at,
    serve,
)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 180_000  # milliseconds; a busy machine may need many
# Streamlit gives its box for files a role that its label contradicts; axe calls it minor.
STREAMLITS = ("presentation-role-conflict", 'data-testid="stFileUploaderDropzone"')
LONGEST = 160  # characters of an element that are shown
CHATGPT = "When did ChatGPT go online as a free preview?"


@dataclass(frozen=True, slots=True)
class Screen:
    """A view at an address, and what is done there before it is looked at."""

    name: str
    address: str
    reach: Callable[[Page], None] = at_rest


@dataclass(frozen=True, slots=True)
class Finding:
    """What axe has against a screen: a rule, how bad, and the elements."""

    rule: str
    impact: str
    places: tuple[str, ...]  # their HTML

    def line(self) -> str:
        return f"{self.impact} {self.rule}: {'; '.join(self.places)}"


def open_article(page: Page) -> None:
    complete(page)
    page.get_by_role("button", name="Read in article").first.click()
    expect(page.locator(".qa-article mark").first).to_be_in_viewport()
    at_rest(page)


def open_filters(page: Page) -> None:
    at_rest(page)
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_role("combobox", name="Sources")).to_be_visible()
    at_rest(page)


def open_folds(page: Page) -> None:
    complete(page)
    for fold in page.locator("[data-testid=stExpander] summary").all():
        fold.click()
    at_rest(page)


def open_many(page: Page) -> None:
    at_rest(page)
    page.get_by_text("Many questions").click()
    expect(page.get_by_text("File of questions")).to_be_visible()


def ask_many(page: Page) -> None:
    open_many(page)
    questions = f"{CHATGPT}\nWho won the chess world championship in 1972?\n".encode()
    page.locator("input[type=file]").set_input_files(
        {"name": "questions.txt", "mimeType": "text/plain", "buffer": questions}
    )
    page.get_by_role("button", name="Ask them all").click()
    expect(page.locator(".qa-many table")).to_be_visible()
    at_rest(page)


def follow(page: Page) -> None:
    """Follow the question, once, and see what is followed."""
    complete(page)
    button = page.get_by_role("button", name="Follow this question")
    if button.count():
        button.click()
        expect(page.get_by_text("You follow this question.")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="News QA").click()
    expect(page.get_by_text("Followed questions")).to_be_visible(timeout=60_000)
    at_rest(page)


def go_to_article(page: Page) -> None:
    at_rest(page)
    page.locator("[class*=st-key-row-]").first.get_by_role("button").click()
    page.get_by_role("link", name="Open as a page").click()
    expect(page.locator(".stMain .qa-article h2")).to_be_visible(timeout=60_000)
    at_rest(page)


def look_at_table(page: Page) -> None:
    look_at(page, SAMPLE / "northern-ledger.csv")


SCREENS = (
    Screen("start", "/"),
    Screen("many questions", "/", open_many),
    Screen("many questions, answered", "/", ask_many),
    Screen("filters", "/", open_filters),
    Screen("answer", asking(CHATGPT), complete),
    Screen("answer, all unfolded", asking("How many people died in Turkey?"), open_folds),
    Screen("best guess", asking("Who met Putin?"), complete),
    Screen("not found", asking("Who won the chess world championship in 1972?"), complete),
    Screen("unknown source", asking("Who met Putin?") + "&source=Valley%20News"),
    Screen("followed questions", asking(CHATGPT), follow),
    Screen("article in a dialog", asking(CHATGPT), open_article),
    Screen("article at its address", "/archive?find=Artemis", go_to_article),
    Screen("brief, empty", "/brief"),
    Screen("brief", "/brief?topic=Titan%20submersible"),
    Screen("archive", "/archive"),
    Screen("archive, found", "/archive?find=Artemis"),
    Screen("build", "/build"),
    Screen("build, a look at a table", "/build", look_at_table),
    Screen("settings", "/settings"),
)
LOOKS = (("light", 1200, 900), ("dark", 1200, 900), ("light", 390, 844), ("dark", 390, 844))  # theme, size


def findings(page: Page, axe: str) -> list[Finding]:
    """Return what axe finds on the page as it stands, but for what is known of Streamlit."""
    page.evaluate(axe)
    seen = page.evaluate(f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})")
    return [
        Finding(one["id"], one["impact"], tuple(node["html"][:LONGEST] for node in one["nodes"]))
        for one in seen["violations"]
        if one["id"] != STREAMLITS[0] or not all(STREAMLITS[1] in node["html"] for node in one["nodes"])
    ]


def look(browser: Browser, site: str, axe: str, named: list[str]) -> int:
    """Print what is found on each screen in each look; return how many screens have something."""
    faulty = 0
    context = browser.new_context()  # one context for all pages, so that its cache makes the next page quick
    context.set_default_timeout(PATIENCE)
    for theme, width, height in LOOKS:
        for screen in SCREENS:
            if named and screen.name not in named:
                continue
            page = context.new_page()
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": height})
            page.goto(site + screen.address)
            expect(page.locator(".qa-masthead h1")).to_be_visible(timeout=PATIENCE)
            screen.reach(page)
            page.wait_for_timeout(500)  # until fading in has ended and all colours are final
            found = findings(page, axe)
            faulty += bool(found)
            print(f"{theme}, {width} pixels, {screen.name}: {len(found) if found else 'nothing'}", flush=True)
            for one in found:
                print(f"    {one.line()}", flush=True)
            page.close()
    return faulty


def main() -> None:
    expect.set_options(timeout=PATIENCE)
    axe = Path(sys.argv[1]).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        index = Path(folder) / "news"
        qa.build([SAMPLE], index)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        with serve(index) as site:
            faulty = look(browser, site, axe, sys.argv[2:])
        browser.close()
    sys.exit(1 if faulty else 0)


if __name__ == "__main__":
    main()
