"""``python -m tests.page.screenshots`` draws the pictures of the page in docs/, over the sample archive."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

import qa
from qa.view.examples import EXAMPLES
from tests.page.browsing import CHROMIUM_ARGUMENTS, ROOT, SAMPLE, asking, complete, find_chromium, serve

DOCS = ROOT / "docs"
SPAIN = "Who scored the goal that won Spain the Women's World Cup?"
CHATGPT = "When did ChatGPT go online as a free preview?"
TITAN = "How much did OceanGate charge for a place on the Titan?"
CHESS = "Who won the chess world championship in 1972?"


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    address: str
    theme: str = "light"
    width: int = 1200
    height: int = 900
    opens_article: bool = False


PICTURES = (
    Picture("page-start", "/", height=700),
    Picture("page-light", asking(CHATGPT)),
    Picture("page-dark", asking(SPAIN), theme="dark"),
    Picture("page-article", asking(TITAN), opens_article=True),
    Picture("page-phone", asking(CHATGPT), width=390, height=844),
    Picture("page-not-found", asking(CHESS)),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        index = Path(folder) / "news"
        qa.build([SAMPLE], index)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        with serve(index) as site:
            for picture in PICTURES:
                draw(browser, site, picture)
        with serve(Path(folder) / "none" / "news") as site:
            draw_first_start(browser, site)
        browser.close()


def draw(browser: Browser, site: str, picture: Picture) -> None:
    page = _opened(browser, site + picture.address, picture)
    if picture.address == "/":
        expect(page.get_by_role("button", name=EXAMPLES[-1])).to_be_visible(timeout=60_000)
    else:
        complete(page)
    if picture.opens_article:
        page.get_by_role("button", name="Read in article").first.click()
        expect(page.locator(".qa-article mark")).to_be_in_viewport()
    _save(page, picture.name)


def draw_first_start(browser: Browser, site: str) -> None:
    picture = Picture("page-first-start", "/", height=500)
    page = _opened(browser, site, picture)
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Embedding passages")).to_be_visible(timeout=60_000)
    _save(page, picture.name)


def _opened(browser: Browser, address: str, picture: Picture) -> Page:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.theme
    )
    page = context.new_page()
    page.goto(address)
    return page


def _save(page: Page, name: str) -> None:
    page.wait_for_timeout(500)  # fades and scrolling come to rest
    page.screenshot(path=DOCS / f"{name}.png")
    page.context.close()


if __name__ == "__main__":
    main()
