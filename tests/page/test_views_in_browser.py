"""Briefs, followed questions and counts that filter, used in a real Chromium over the sample archive."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

import qa
from tests.conftest import write_jsonl
from tests.page.browsing import asking, at_rest, build, cards, look_at
from tests.page.conftest import Visit

pytestmark = pytest.mark.usefixtures("patient")
CHATGPT = "When did ChatGPT go online as a free preview?"
TOLL = "How many people did the storm kill in Zandrak?"
STORM = {
    "id": "storm",
    "title": "Storm hits Zandrak",
    "text": "ZANDRAK - A storm killed 12 people in Zandrak on Monday, the mayor Orla Quent said. Boats sank.",
    "date": "2024-03-11T09:00:00Z",
    "source": "Zandrak Courier",
}
NEWS = {
    "id": "toll",
    "title": "Storm toll rises in Zandrak",
    "text": "ZANDRAK - The storm in Zandrak killed 19 people, the mayor Orla Quent said on Wednesday.",
    "date": "2024-03-27T09:00:00Z",
    "source": "Northern Ledger",
}


def test_brief_at_its_address_is_said_copied_and_read_in_its_article(
    visit: Visit, copied_site: str, profiles: dict[str, BrowserContext]
):
    profiles["light"].grant_permissions(["clipboard-read", "clipboard-write"], origin=copied_site)
    page = visit(copied_site + "/brief?topic=Titan%20submersible")
    days = page.locator(".qa-day time")
    expect(days).to_have_text(["18 June 2023", "22 June 2023"])
    expect(page.locator("#qa-live")).to_have_text("2 days, 18 to 22 June 2023")
    expect(page).to_have_title("Titan submersible · News QA")
    at_rest(page)
    page.get_by_role("button", name="Copy quote").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“The vessel lost contact with its support ship, the Polar Prince,")
    assert "Harbour Post, 22 June 2023" in copied
    page.get_by_role("button", name="Read in article").first.click()
    mark = page.get_by_role("dialog").locator(".qa-article mark")
    expect(mark).to_contain_text("The vessel lost contact")
    expect(mark).to_be_in_viewport()


def test_brief_is_saved_as_json(visit: Visit, copied_site: str):
    page = visit(copied_site + "/brief?topic=Titan%20submersible")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download JSON").click()
    told = json.loads(Path(coming.value.path()).read_text(encoding="utf-8"))
    assert [day["day"] for day in told["days"]] == ["2023-06-18", "2023-06-22"]


def test_counts_of_sources_and_topics_filter_the_archive_on_a_click(visit: Visit, copied_site: str):
    page = visit(copied_site + "/archive")
    at_rest(page)  # until then a click may land beside its button
    page.get_by_role("button", name="Civic Record 7").click()
    expect(page.get_by_text("7 articles, newest first.")).to_be_visible()
    at_rest(page)
    page.get_by_text("By topic").click()
    topic = page.get_by_role("button", name="UK 4")
    expect(topic).to_be_visible()
    at_rest(page)
    topic.click()
    narrowed = page.get_by_text(re.compile(r"^[0-4] articles?, newest first\."))
    expect(narrowed).to_be_visible()
    expect(page).to_have_url(re.compile(r"of=Civic(\+|%20)Record&about=UK$"))  # no counts: they change
    told = narrowed.text_content()
    page.reload()
    expect(page.get_by_text(told)).to_be_visible()


def test_followed_question_is_asked_again_after_news_and_let_go(
    visit: Visit, copied_site: str, copied_index: Path
):
    qa.build([write_jsonl(copied_index.parent / "storm.jsonl", [STORM])], copied_index, add=True)
    page = visit(copied_site + asking(TOLL))
    expect(cards(page).first.locator("h3")).to_contain_text("12")
    page.get_by_role("button", name="Follow this question").click()
    expect(page.get_by_text("You follow this question.")).to_be_visible()
    qa.build([write_jsonl(copied_index.parent / "news.jsonl", [NEWS])], copied_index, add=True)
    start = visit(copied_site)
    changed = start.locator(".qa-changes li").first
    expect(changed).to_contain_text(f"{TOLL} 12 → 19, Northern Ledger, 27 March 2024")
    at_rest(start)
    start.get_by_role("button", name=TOLL).click()
    expect(cards(start).first.locator("h3")).to_contain_text("19")
    start.get_by_role("link", name="News QA").click()
    expect(start.get_by_text("Followed questions")).to_be_visible()
    at_rest(start)  # until then a click may land beside its button
    start.get_by_role("button", name="Stop").click()
    expect(start.get_by_text("Followed questions")).to_be_hidden()


def test_file_of_questions_is_answered_in_a_table_from_which_each_can_be_asked_alone(
    visit: Visit, copied_site: str, tmp_path: Path
):
    questions = tmp_path / "questions.txt"
    questions.write_text(f"{CHATGPT}\nWho won the chess world championship in 1972?\n", encoding="utf-8")
    page = visit(copied_site)
    at_rest(page)
    page.get_by_text("Many questions").click()
    page.locator("input[type=file]").set_input_files(questions)
    page.get_by_role("button", name="Ask them all").click()
    expect(page.locator(".qa-quiet", has_text="1 question of 2 has an answer.")).to_be_visible()
    expect(page.locator("#qa-live")).to_have_text("1 question of 2 has an answer.")
    first, second = page.locator(".qa-many tbody tr").all()
    expect(first.locator("mark")).to_have_text("November 30")
    expect(first).to_contain_text("Northern Ledger")
    expect(second).to_contain_text("Not found in this archive")
    at_rest(page)
    first.get_by_role("link", name=CHATGPT).click()
    expect(cards(page).first.locator("h3")).to_have_text("November 30")


def test_new_archive_stands_in_the_address_once_it_is_built(visit: Visit, copied_site: str, tmp_path: Path):
    upload = write_jsonl(tmp_path / "storm.jsonl", [STORM])
    page = visit(copied_site + "/build")
    look_at(page, upload)
    expect(page.get_by_role("radio", name="Make a new archive")).to_be_checked()
    page.get_by_label("Name of the new archive").fill("storms")
    page.keyboard.press("Enter")
    at_rest(page)
    build(page)
    expect(page).to_have_url(re.compile("archive=storms"))
    page.reload()
    expect(page.get_by_role("combobox", name="Archive")).to_have_value("storms")


def test_after_a_build_a_link_leads_to_questions_to_the_new_archive(
    visit: Visit, copied_site: str, tmp_path: Path
):
    upload = write_jsonl(tmp_path / "gales.jsonl", [STORM])
    page = visit(copied_site + "/build")
    look_at(page, upload)
    page.get_by_label("Name of the new archive").fill("gales")
    page.keyboard.press("Enter")
    at_rest(page)
    build(page)
    page.get_by_role("link", name="Ask this archive").click()
    expect(page.locator(".qa-masthead h1")).to_have_text("News QA")
    expect(page.get_by_role("combobox", name="Archive")).to_have_value("gales")
    expect(page).to_have_url(re.compile(r"/\?archive=gales$"))
    expect(page.get_by_text("1 article from 1 source")).to_be_visible()
