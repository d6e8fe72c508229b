"""``python -m tests.page.tasks`` does what people come for in a real Chromium, and writes docs/tasks.md.

An action is a click, a key pressed, a text typed, or a file chosen. The seconds of the page run from each
action until what it brings is there; a person's are added by the keystroke-level model (Card, Moran and
Newell 1980): 1.35 s to think before each action, 1.1 s to point and 0.2 s to click, 0.28 s a key, 0.4 s from
mouse to keyboard.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

import qa
from tests.page.browsing import (
    CHROMIUM_ARGUMENTS,
    ROOT,
    SAMPLE,
    at_rest,
    cards,
    complete,
    find_chromium,
    serve,
)

THINK, POINT, CLICK, KEY, REACH = 1.35, 1.1, 0.2, 0.28, 0.4  # seconds
TOLL = "How many people died in Turkey?"
CHATGPT = "When did ChatGPT go online as a free preview?"
TABLE = (
    "title,text,date,source\n"
    "Lighthouse of Zandrak reopens,The lighthouse of Zandrak reopened on 3 May after a repair. The keeper "
    "Orla Quent lit the lamp at dusk.,2024-05-04,Zandrak Courier\n"
)
HEAD = """# Ten tasks at the page

What people come for, from the start of the page to the moment when it is done, by a script in a real
Chromium over the sample archive: `python -m tests.page.tasks` writes this page, and
`tests/page/test_tasks.py` fails if a task takes more actions than these. An action is a click, a key, a text
that is typed, or a file that is chosen.

**Page** is how long the page took, in seconds, with the models loaded, on {cores} cores with a load of
{load:.0f} from other programs. **All** adds a person who knows the way, by the keystroke-level model (Card,
Moran and Newell 1980): 1.35 s to think before each action, 1.3 s to point and click, 0.28 s a key, 0.4 s from
mouse to keyboard.

| | task | actions | page | all |
|---|---|---|---|---|
"""


class Hand:
    """Acts on the page as a person does, and counts."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder  # for files that are uploaded
        self.actions: list[str] = []
        self.of_a_person = 0.0  # seconds
        self.of_the_page = 0.0

    def click(self, place: Locator, what: str) -> None:
        self._act(f"click {what}", POINT + CLICK, place.click)

    def write(self, text: str) -> None:
        """Type into the field that has the cursor."""
        self._act("type", REACH + KEY * len(text), lambda: self.page.keyboard.insert_text(text))

    def press(self, key: str) -> None:
        self._act(key, KEY, lambda: self.page.keyboard.press(key))

    def choose(self, file: Path) -> None:
        """Choose a file, as the system's own window does; one action and a click in it."""
        field = self.page.locator("input[type=file]").first

        def chosen() -> None:
            field.set_input_files(file)
            expect(self.page.get_by_test_id("stFileChip")).to_be_visible()

        self._act(f"choose {file.name}", 2 * (POINT + CLICK), chosen)

    def see(self, until: Callable[[], object]) -> None:
        """Wait until something is there; this is the page's time."""
        began = time.perf_counter()
        until()
        self.of_the_page += time.perf_counter() - began

    def ask(self, question: str) -> None:
        self.write(question)
        self.press("Enter")
        self.see(lambda: expect(self.page.get_by_label("Question", exact=True)).to_have_value(question))
        self.see(lambda: complete(self.page))

    def go(self, view: str) -> None:
        self.click(self.page.get_by_role("link", name=view, exact=True), view)
        self.see(lambda: expect(self.page.get_by_role("heading", level=1)).to_have_text(view))
        self.see(lambda: at_rest(self.page))

    def _act(self, what: str, seconds: float, action: Callable[[], object]) -> None:
        self.actions.append(what)
        self.of_a_person += THINK + seconds
        self.see(action)


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody wants, the most actions that it may take, and how it is done and seen to be done."""

    name: str
    most: int
    do: Callable[[Hand], None]


def cite(hand: Hand) -> None:
    hand.ask(TOLL)
    hand.click(cards(hand.page).first.get_by_role("button", name="Copy quote"), "Copy quote")
    hand.see(lambda: expect(hand.page.get_by_role("button", name="Copied")).to_be_visible())
    copied = hand.page.evaluate("navigator.clipboard.readText()")
    assert "46,000" in copied and "Meridian Wire, 6 March 2023" in copied, copied


def read_in_article(hand: Hand) -> None:
    hand.ask(CHATGPT)
    hand.click(hand.page.get_by_role("button", name="Read in article").first, "Read in article")
    hand.see(lambda: expect(hand.page.get_by_role("dialog").locator(".qa-article mark")).to_be_in_viewport())


def ask_one_source(hand: Hand) -> None:
    hand.ask(CHATGPT)
    hand.click(hand.page.get_by_role("button", name="Filters"), "Filters")
    hand.click(hand.page.get_by_role("button", name="Harbour Post 7"), "Harbour Post")
    sources = hand.page.locator(".qa-evidence .qa-byline li:first-child")
    hand.see(lambda: expect(sources).to_have_text(["Harbour Post"] * 10))


def ask_on(hand: Hand) -> None:
    hand.ask("When did Kim Jong Un meet Putin?")
    hand.ask("And where did he meet him?")
    kept = hand.page.get_by_role("button", name="from the question before")
    hand.see(lambda: expect(kept).to_be_visible())


def tell_day_by_day(hand: Hand) -> None:
    hand.go("Brief")
    hand.write("Titan submersible")
    hand.press("Enter")
    hand.see(lambda: expect(hand.page.locator(".qa-day time").first).to_have_text("18 June 2023"))


def share_an_article(hand: Hand) -> None:
    hand.go("Archive")
    hand.press("/")
    hand.write("“Moon rocket”")
    hand.press("Enter")
    row = hand.page.get_by_role("button", name="NASA's Artemis I Moon rocket lifts off")
    found = hand.page.locator(".qa-quiet").filter(has_text="near “Moon rocket”")
    hand.see(lambda: expect(found).to_be_visible())
    hand.click(row, "its title")
    hand.click(hand.page.get_by_role("link", name="Open as a page"), "Open as a page")
    hand.see(lambda: expect(hand.page).to_have_url(re.compile(r"/article\?id=")))
    hand.see(lambda: expect(hand.page.locator(".stMain .qa-article h2")).to_contain_text("Artemis I"))


def narrow_by_a_bar(hand: Hand) -> None:
    hand.go("Archive")
    bars = hand.page.get_by_test_id("stVegaLiteChart").locator("path[aria-roledescription=bar]")
    hand.see(lambda: expect(bars.first).to_be_visible())
    hand.click(bars.first, "a bar")
    narrowed = hand.page.get_by_text(re.compile(r"^[1-9] articles?, newest first"))
    hand.see(lambda: expect(narrowed).to_be_visible())


def follow(hand: Hand) -> None:
    hand.ask("How many people died in the Lahaina fire?")
    hand.click(hand.page.get_by_role("button", name="Follow this question"), "Follow this question")
    hand.see(lambda: expect(hand.page.get_by_text("You follow this question.")).to_be_visible())


def ask_a_file(hand: Hand) -> None:
    file = hand.folder / "questions.txt"
    file.write_text(f"{CHATGPT}\n{TOLL}\nWho won the chess world championship in 1972?\n", encoding="utf-8")
    hand.click(hand.page.get_by_text("Many questions"), "Many questions")
    hand.choose(file)
    hand.click(hand.page.get_by_role("button", name="Ask them all"), "Ask them all")
    table = hand.page.get_by_role("button", name="Download the answers")
    hand.see(lambda: expect(table).to_be_visible())
    with hand.page.expect_download() as coming:
        hand.click(table, "Download the answers")
    rows = Path(coming.value.path()).read_text(encoding="utf-8")
    assert "November 30" in rows and "46,000" in rows and "1972" in rows, rows


def build_a_table(hand: Hand) -> None:
    file = hand.folder / "harbour.csv"
    file.write_text(TABLE, encoding="utf-8")
    hand.go("Build")
    hand.choose(file)
    hand.click(hand.page.get_by_role("button", name="Look at them"), "Look at them")
    hand.see(lambda: expect(hand.page.locator(".qa-preview time")).to_have_text("4 May 2024"))
    add = hand.page.get_by_text("Add to this archive", exact=True)
    hand.click(add, "Add to this archive")
    hand.see(lambda: at_rest(hand.page))
    hand.click(hand.page.get_by_role("button", name="Build", exact=True), "Build")
    hand.see(lambda: expect(hand.page.locator(".qa-report")).to_contain_text("1 added or changed"))


TASKS = (
    Task("Cite the newest toll in a report: question to copied citation", 3, cite),
    Task("Check an answer where it stands in its article", 3, read_in_article),
    Task("Ask one source alone", 4, ask_one_source),
    Task("Ask on: “And where did he meet him?”", 4, ask_on),
    Task("See what happened with the Titan, day by day", 3, tell_day_by_day),
    Task("Find an article by a phrase of it and get an address to send", 6, share_an_article),
    Task("See what one source brought in one month", 2, narrow_by_a_bar),
    Task("Follow a question whose answer will change", 3, follow),
    Task("Have a file of questions answered into a table", 4, ask_a_file),
    Task("Take in a table of one's own", 5, build_a_table),
)  # the last one changes the archive


def done(page: Page, site: str, task: Task, folder: Path) -> Hand:
    """Do a task from the start of the page, with the cursor where the page puts it."""
    page.goto(site)
    expect(page.get_by_label("Question", exact=True)).to_be_focused()
    at_rest(page)
    hand = Hand(page, folder)
    task.do(hand)
    return hand


def told(hands: list[tuple[Task, Hand]]) -> str:
    """Return the page of the docs."""
    rows = [
        f"| {number} | {task.name} | {len(hand.actions)}: {', '.join(hand.actions)} "
        f"| {hand.of_the_page:.1f} | {hand.of_a_person + hand.of_the_page:.0f} |"
        for number, (task, hand) in enumerate(hands, start=1)
    ]
    return HEAD.format(cores=os.cpu_count(), load=os.getloadavg()[0]) + "\n".join(rows) + "\n"


def main() -> None:
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        index = Path(folder) / "news"
        qa.build([SAMPLE], index)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        with serve(index) as site:
            profile = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
            profile.set_default_timeout(60_000)
            page = profile.new_page()
            done(page, site, TASKS[0], Path(folder))  # not counted: loads the models
            hands = [(task, done(profile.new_page(), site, task, Path(folder))) for task in TASKS]
        browser.close()
    text = told(hands)
    (ROOT / "docs" / "tasks.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
