"""What a second look sees, in a real Chromium: nothing is cut off, links look like links, logs are quiet."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.page.browsing import add_to_this_archive, asking, at_rest, complete, look_at
from tests.page.conftest import Visit

pytestmark = pytest.mark.usefixtures("patient")
ARTICLE = "https://meridian-wire.example/2024/12/notre-dame-reopens"
CHATGPT = "When did ChatGPT go online as a free preview?"
CUT_OFF = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')].flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')]
        .filter(text => text.checkVisibility() && getComputedStyle(text).opacity !== '0')
        .map(text => [text.textContent, text.getBoundingClientRect()])
        .filter(([, at]) => at.width && (at.left < frame.left - 1 || at.right > frame.right + 1))
        .map(([words]) => words);
})"""
COLOUR = "element => getComputedStyle(element).color"


def charts_of(page: Page, many: int) -> None:
    drawn = page.get_by_test_id("stVegaLiteChart").locator("svg")
    expect(drawn).to_have_count(many)
    at_rest(page)
    page.wait_for_timeout(500)  # Vega draws again when it knows the width


@pytest.mark.parametrize("width", [1200, 390])
def test_no_word_of_a_chart_is_cut_off(visit: Visit, copied_site: str, width: int):
    page = visit(copied_site + asking(CHATGPT), width)
    complete(page)
    page.get_by_text("Why this answer").click()
    charts_of(page, 3)
    assert page.evaluate(CUT_OFF) == []
    page.goto(copied_site + "/archive")
    charts_of(page, 1)
    assert page.evaluate(CUT_OFF) == []


def test_no_heading_or_number_of_the_scores_is_broken_on_a_phone(visit: Visit, copied_site: str):
    page = visit(copied_site + asking(CHATGPT), 390)
    complete(page)
    page.get_by_text("Why this answer").click()
    cells = page.locator(".qa-scores :is(thead th, td)")
    expect(cells.first).to_be_visible()
    lines = "cells => cells.map(cell => { const range = new Range(); range.selectNodeContents(cell);"
    assert set(cells.evaluate_all(lines + "return range.getClientRects().length; })")) == {1}


def test_articles_of_a_time_stand_in_cards_as_the_evidence_does(visit: Visit, copied_site: str):
    page = visit(copied_site + asking("What happened in November 2022?"))
    complete(page)
    look = "[look.borderTopWidth, look.paddingLeft, look.backgroundColor]"
    box = f"card => {{ const look = getComputedStyle(card); return {look}; }}"
    listed = page.locator(".st-key-listed-1").evaluate(box)
    page.goto(copied_site + asking(CHATGPT))
    complete(page)
    assert listed == page.locator(".st-key-passage-1").evaluate(box)
    assert listed[0] == "1px"


def test_names_in_the_filters_look_like_links_and_their_button_can_be_seen_in_the_dark(
    visit: Visit, copied_site: str
):
    page = visit(copied_site, theme="dark")
    at_rest(page)
    page.get_by_role("button", name="Filters").click()
    name = page.get_by_role("button", name="Civic Record 7").locator("p")
    expect(name).to_be_visible()
    assert name.evaluate("element => getComputedStyle(element).textDecorationLine") == "underline"
    assert name.evaluate(COLOUR) == page.locator(".st-key-examples button p").first.evaluate(COLOUR)
    button = page.get_by_test_id("stPopoverButton").first
    assert button.evaluate(COLOUR) == page.locator(".qa-masthead h1").evaluate(COLOUR)


def test_brief_begins_with_topics_of_the_archive_that_is_open(visit: Visit, copied_site: str):
    page = visit(copied_site + "/brief")
    at_rest(page)
    assert "Titan" not in page.get_by_label("Topic").get_attribute("placeholder")
    page.get_by_role("button", name="Earthquake", exact=True).click()
    expect(page.locator(".qa-day").first).to_be_visible()
    expect(page).to_have_title("Earthquake · News QA")


def test_name_that_is_spelled_otherwise_and_source_that_is_unknown_are_mended_by_a_click(
    visit: Visit, copied_site: str
):
    page = visit(copied_site + asking("Who met Puttin?"))
    page.get_by_role("button", name="Did you mean: Who met Putin?").click()
    expect(page).to_have_title("Who met Putin? · News QA")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Who met Putin?")
    page.goto(copied_site + "/?q=Who%20resigned%3F&source=Meridian%20Wires")
    expect(page.get_by_role("heading", name="This archive has no source “Meridian Wires”.")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Meridian Wire", exact=True).click()
    expect(page).to_have_url(re.compile(r"source=Meridian(\+|%20)Wire$|source=Meridian(\+|%20)Wire&"))
    complete(page)


def test_archive_lists_nothing_for_a_source_that_it_does_not_have_and_offers_the_nearest(
    visit: Visit, copied_site: str
):
    page = visit(copied_site + "/archive?of=Meridian%20Wires")
    expect(page.get_by_role("heading", name="This archive has no source “Meridian Wires”.")).to_be_visible()
    at_rest(page)
    expect(page.get_by_text(re.compile("articles?, newest first"))).to_have_count(0)
    page.get_by_role("button", name="Meridian Wire", exact=True).click()
    expect(page.get_by_text("14 articles, newest first.")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    [
        asking(CHATGPT),
        "/archive",
        "/brief?topic=Titan",
        "/build",
        "/settings",
        f"/article?id={quote(ARTICLE)}",
    ],
)
def test_console_is_empty_when_a_view_is_loaded_at_its_address_and_again(
    visit: Visit, copied_site: str, address: str
):
    page = visit(copied_site)
    said: list[str] = []

    def listen(line: ConsoleMessage) -> None:
        if line.type in ("warning", "error"):
            said.append(f"{line.text} {line.location['url']}")

    page.on("console", listen)
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.goto(copied_site + address)
    at_rest(page)
    page.reload()
    at_rest(page)
    page.wait_for_timeout(500)
    assert said == []


def test_tab_that_closes_during_a_build_leaves_no_traceback_and_the_build_ends(
    visit: Visit, copied_site: str, copied_index: Path, tmp_path: Path
):
    upload = tmp_path / "ships.jsonl"
    lines = [
        json.dumps(
            {"title": f"Ship {n}", "text": f"Ship {n} left the port with {n * 3} crates of oranges. " * 4}
        )
        for n in range(600)
    ]
    upload.write_text("\n".join(lines), encoding="utf-8")
    page = visit(copied_site + "/build")
    look_at(page, upload)
    add_to_this_archive(page)
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.close()
    other = visit(copied_site + "/build")
    expect(other.get_by_text("Articles to read")).to_be_visible()  # the build has ended
    other.goto(copied_site + "/archive?find=crates")
    expect(other.locator("p.qa-quiet").get_by_text(re.compile(r"articles near “crates”"))).to_be_visible()
    (log,) = copied_index.parent.glob("page-*.log")
    assert "Traceback" not in log.read_text(encoding="utf-8", errors="replace")
