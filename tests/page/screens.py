"""Every screen of the page, and the way to it; ``python -m tests.page.screens FOLDER [NAME ...]`` draws all.

Each is drawn light and dark, wide and on a phone, at its full height, to be looked at by eye;
``tests.page.axe`` looks at the same.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

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

# The sample archive; one of our own, whose articles are hard to set; an index that is named and not there;
# none, and none named.
Site: TypeAlias = Literal["sample", "own", "missing", "none"]
PATIENCE = 180_000  # milliseconds; a busy machine may need many
HIGHEST = 6000  # pixels of a picture
CHATGPT = "When did ChatGPT go online as a free preview?"
CHESS = "Who won the chess world championship in 1972?"
KIM = "When did Kim Jong Un meet Putin?"
STORM = "How many people died in the storm on Zandrak?"
_STORM = "ZANDRAK, March 2 - A storm crossed the island of Zandrak on Saturday. At least {toll} people died, "
_STORM += (
    "the mayor, Orla Quent, said on Sunday. Two hundred houses lost their roofs, and the ferry stayed in."
)
OWN = (
    {
        "id": "storm-1",
        "title": "Storm kills 12 on Zandrak",
        "text": _STORM.format(toll=12),
        "source": "Northern Ledger",
        "published": "2024-03-03T08:00:00Z",
        "tags": ["storms"],
    },
    {
        "id": "storm-2",
        "title": "CORRECTED: Storm kills 12 on Zandrak",
        "text": _STORM.format(toll=19),
        "source": "Northern Ledger",
        "published": "2024-03-04T08:00:00Z",
        "tags": ["storms"],
    },
    {
        "id": "storm-3",
        "title": "Storm on Zandrak",
        "text": _STORM.format(toll=19),
        "source": "The Society for the Preservation of the Lighthouses of Zandrak and its Neighbours",
        "published": "2024-03-05",
        "authors": ["Orla Quent", "Bartholomew Featherstonehaugh-Cholmondeley", "Wilhelmina Asante"],
        "url": "https://example.org/2024/03/05/storm-on-zandrak",
    },
    {
        "title": "Donau" + "dampfschifffahrtselektrizitätenhauptbetriebswerk" * 3,
        "text": "The works on the Danube are the longest word of this archive. Its keeper is Anna Berg.",
        "source": "Wien",
    },
    {
        "title": "",
        "text": "A text without title, date or source says that the keeper of the works is Karl Tal.",
    },
    {
        "title": "태풍이 잔드라크를 지나갔다",
        "text": "태풍이 토요일 잔드라크 섬을 지나갔다. 시장은 열두 명이 숨졌다고 말했다.",
        "source": "한강일보",
        "published": "2024-03-03",
    },
    {
        "title": "عاصفة تضرب زندراك",
        "text": "ضربت عاصفة جزيرة زندراك يوم السبت. وقال العمدة إن اثني عشر شخصا لقوا حتفهم.",
        "source": "صوت البحر",
        "published": "2024-03-03",
    },
    {"title": "<b>Tags</b> & “quotes” *stay* `text`", "text": "The <i>keeper</i> is $x^2$ & Orla."},
)


@dataclass(frozen=True, slots=True)
class Look:
    """How the page is seen."""

    theme: Literal["light", "dark"]
    width: int  # pixels
    height: int

    def __str__(self) -> str:
        return f"{self.theme}, {self.width} pixels"


LOOKS = (Look("light", 1200, 900), Look("dark", 1200, 900), Look("light", 390, 844), Look("dark", 390, 844))


@dataclass(frozen=True, slots=True)
class Screen:
    """A view at an address, and what is done there before it is looked at."""

    name: str
    address: str
    reach: Callable[[Page], None] = at_rest
    site: Site = "sample"


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
    for fold in page.locator("[data-testid=stExpander] summary, .qa-quiet details summary").all():
        fold.click()
    at_rest(page)


def ask_on(page: Page) -> None:
    complete(page)
    page.get_by_label("Question", exact=True).fill("And where did he meet him?")
    page.get_by_label("Question", exact=True).press("Enter")
    expect(page.get_by_role("button", name="from the question before")).to_be_visible()
    complete(page)


def open_many(page: Page) -> None:
    at_rest(page)
    page.get_by_text("Many questions").click()
    expect(page.get_by_text("File of questions")).to_be_visible()


def ask_many(page: Page) -> None:
    open_many(page)
    questions = f"{CHATGPT}\n{CHESS}\nWhy did the Ever Given run aground?\n".encode()
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
        expect(page.get_by_text("You follow this question.")).to_be_visible()
    page.get_by_role("link", name="News QA").click()
    expect(page.get_by_text("Followed questions")).to_be_visible()
    at_rest(page)


def go_to_article(page: Page) -> None:
    at_rest(page)
    page.locator("[class*=st-key-row-]").first.get_by_role("button").click()
    page.get_by_role("link", name="Open as a page").click()
    expect(page.locator(".stMain .qa-article h2")).to_be_visible()
    at_rest(page)


def look_at_table(page: Page) -> None:
    look_at(page, SAMPLE / "northern-ledger.csv")


def map_table(page: Page) -> None:
    look_at_table(page)
    page.get_by_text("Which column holds what").click()
    expect(page.get_by_role("combobox", name="Title")).to_be_visible()
    at_rest(page)


def press_and_be_told(page: Page, button: str) -> None:
    at_rest(page)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    at_rest(page)


def choose_nothing(page: Page) -> None:
    press_and_be_told(page, "Look at them")


def build_again(page: Page) -> None:
    """Take in what the archive holds, so that nothing changes, and see what the page says of it."""
    look_at_table(page)
    page.get_by_text("Add to this archive", exact=True).click()
    at_rest(page)
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.locator(".qa-report")).to_be_visible()
    at_rest(page)


def save_settings(page: Page) -> None:
    press_and_be_told(page, "Save")


def read_own(page: Page) -> None:
    """Open the article that has a correction and an agency's copy."""
    at_rest(page)
    page.get_by_role("button", name=re.compile("^Storm kills 12")).click()
    expect(page.get_by_role("heading", name="Versions and corrections")).to_be_visible()
    at_rest(page)


SCREENS = (
    Screen("start", "/"),
    Screen("many questions", "/", open_many),
    Screen("many questions, answered", "/", ask_many),
    Screen("filters", "/", open_filters),
    Screen("answer", asking(CHATGPT), complete),
    Screen("earlier answers, all unfolded", asking("How many people died in Turkey?"), open_folds),
    Screen("disputed", asking("How many people marched in Hong Kong?"), complete),
    Screen("other readings, all unfolded", asking("Who leads Russia?"), open_folds),
    Screen("several answers", asking("Who met Putin?"), complete),
    Screen("best guess", asking("Why did the Ever Given run aground?"), complete),
    Screen("not found", asking(CHESS), complete),
    Screen("list", asking("What happened in November 2022?"), complete),
    Screen("follow-up", asking(KIM), ask_on),
    Screen("unknown source", asking("Who met Putin?") + "&source=Valley%20News"),
    Screen("followed questions", asking(CHATGPT), follow),
    Screen("article in a dialog", asking(CHATGPT), open_article),
    Screen("article at its address", "/archive?find=Artemis", go_to_article),
    Screen("article that is not there", "/article?id=nobody"),
    Screen("brief, empty", "/brief"),
    Screen("brief", "/brief?topic=Titan%20submersible"),
    Screen("brief, nothing", "/brief?topic=zxqwv"),
    Screen("archive", "/archive"),
    Screen("archive, found", "/archive?find=Artemis"),
    Screen("archive, filtered", "/archive?of=Civic%20Record&about=health&from=2020-01-01&to=2020-12-31"),
    Screen("archive, nothing", "/archive?find=zxqwv"),
    Screen("build", "/build"),
    Screen("build, nothing chosen", "/build", choose_nothing),
    Screen("build, a look at a table", "/build", look_at_table),
    Screen("build, its columns", "/build", map_table),
    Screen("build, done", "/build", build_again),
    Screen("settings", "/settings"),
    Screen("settings, saved", "/settings", save_settings),
    Screen("own, answer", asking(STORM), complete, "own"),
    Screen("own, archive", "/archive", at_rest, "own"),
    Screen("own, article with a correction", "/archive", read_own, "own"),
    Screen("missing", "/", at_rest, "missing"),
    Screen("missing, build", "/build", at_rest, "missing"),
    Screen("first start", "/", at_rest, "none"),
    Screen("first start, archive", "/archive", at_rest, "none"),
    Screen("first start, build", "/build", at_rest, "none"),
)


@contextmanager
def sites(folder: Path, screens: Sequence[Screen]) -> Iterator[dict[Site, str]]:
    """Return the address of the page over each index that the screens want, while the block runs."""
    wanted = dict.fromkeys(screen.site for screen in screens)
    own = folder / "own.jsonl"
    own.write_text("".join(json.dumps(one) + "\n" for one in OWN), encoding="utf-8")
    with ExitStack() as stack:
        made: dict[Site, str] = {}
        for site in wanted:
            index = folder / site / "indexes" / "news"
            if site == "sample":
                qa.build([SAMPLE], index)
            elif site == "own":
                qa.build([own], index)
            made[site] = stack.enter_context(serve(index, named=site != "none"))
        yield made


def visits(
    browser: Browser, addresses: dict[Site, str], screens: Sequence[Screen], looks: Sequence[Look]
) -> Iterator[tuple[Look, Screen, Page]]:
    """Yield each screen in each look, drawn to its end."""
    context = browser.new_context()  # one context for all pages, so that its cache makes the next page quick
    context.set_default_timeout(PATIENCE)
    for look in looks:
        for screen in screens:
            page = context.new_page()
            page.emulate_media(color_scheme=look.theme)
            page.set_viewport_size({"width": look.width, "height": look.height})
            page.goto(addresses[screen.site] + screen.address)
            expect(page.locator(".qa-masthead h1")).to_be_visible(timeout=PATIENCE)
            screen.reach(page)
            page.wait_for_timeout(500)  # until fading in has ended and all colours are final
            yield look, screen, page
            page.close()
    context.close()


def named(names: Collection[str]) -> list[Screen]:
    """Return the screens of these names; all for none.

    :raises ValueError: if there is no screen of a name.
    """
    if strange := set(names) - {screen.name for screen in SCREENS}:
        raise ValueError(f"no screen is called {', '.join(sorted(strange))}")
    return [screen for screen in SCREENS if not names or screen.name in names]


def main() -> None:
    expect.set_options(timeout=PATIENCE)
    into, wanted = Path(sys.argv[1]), named(sys.argv[2:])
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        with sites(Path(folder), wanted) as addresses:
            for look, screen, page in visits(browser, addresses, wanted, LOOKS):
                inner = ".stMain, [role=dialog]"
                long = f"[...document.querySelectorAll('{inner}')].map(part => part.scrollHeight + 60)"
                height = min(HIGHEST, max(look.height, *page.evaluate(long)))
                page.set_viewport_size({"width": look.width, "height": height})
                page.wait_for_timeout(300)
                path = (
                    into / f"{screen.name.replace(', ', '-').replace(' ', '_')}-{look.theme}-{look.width}.png"
                )
                page.screenshot(path=path)
                print(path, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
