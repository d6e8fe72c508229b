"""A real Chromium uses the real page, models and all, over the sample archive."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

import qa
from benchmarks.page import together
from benchmarks.paint import opened
from benchmarks.report import QUESTIONS
from qa.evaluate.questions import load_questions, spaced
from qa.ingest.articles import read_articles
from qa.records import Article
from qa.reports import Skipped
from tests.page.browsing import (
    SAMPLE,
    add_to_this_archive,
    asking,
    build,
    cards,
    complete,
    fits_its_width,
    look_at,
    open_list,
    serve,
)

CHATGPT = "When did ChatGPT go online as a free preview?"
CHESS = "Who won the chess world championship in 1972?"
UNHURRIED = Path(__file__).with_name("unhurried.py")
PUTIN = "Who met Putin in Moscow?"  # not in the sample archive, so the reader is not sure

HOSTILE = (
    "</mark></p><script>window.hit = 1</script><img src=x onerror='window.hit = 2'> "
    "[a](javascript:window.hit=3) $x^2$ :red[a] **b** `c` <b>d</b> \u202edrow"
)
SHOWN = HOSTILE.replace("\u202e", "")


def with_hostile_article(inputs, **how) -> Iterator[Article | Skipped]:
    """Yield what the inputs hold, and an article that cleaning should never let through."""
    yield from read_articles(inputs, **how)
    text = f"The mayor of Zandrak is Orla Quent. She signed {HOSTILE} on Friday. {'long' * 200}"
    yield Article(
        id=f"id {HOSTILE}",
        title=f"Zandrak {HOSTILE}",
        text=text,
        published=datetime(2024, 5, 4, tzinfo=UTC),
        source=f"Courier {HOSTILE}",
        url="javascript:window.hit=5",
        authors=(f"Ann {HOSTILE}",),
        tags=(f"tag {HOSTILE}",),
    )


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Open a page over the sample archive with a hostile article in it, for tests that build."""
    index = tmp_path_factory.mktemp("own") / "news"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.maintain.build.read_articles", with_hostile_article)
        qa.build([SAMPLE], index)
    with serve(index) as address:
        yield address


def test_typed_question_is_answered_with_an_exact_quote(visit, site):
    page = visit(site)
    page.get_by_label("Question", exact=True).fill(CHATGPT)
    page.get_by_label("Question", exact=True).press("Enter")
    best = cards(page).first
    expect(best.locator("h3")).to_contain_text("November 30")
    expect(best.locator("blockquote mark")).to_contain_text("November 30")
    expect(best.locator("h4")).to_have_text("OpenAI chatbot draws a million users within days")
    assert parse_qs(urlsplit(page.url).query) == {"q": [CHATGPT]}


def test_example_of_this_archive_is_asked_by_a_click_and_its_address_can_be_shared(visit, site):
    page = visit(site)
    page.get_by_role("button", name="When did Notre-Dame reopen?").click()
    complete(page)
    expect(page.locator(".qa-evidence h3").first).to_have_text("Notre-Dame reopens five years after fire")
    friend = visit(page.url)
    complete(friend)
    expect(friend.locator(".qa-evidence h3").first).to_have_text("Notre-Dame reopens five years after fire")


def test_article_opens_with_its_mark_in_view_and_closes_by_keyboard(visit, site):
    page = visit(site + asking("How much did OceanGate charge for a place on the Titan?"), height=500)
    cards(page).first.get_by_role("button", name="Read in article").click()
    dialog = page.get_by_role("dialog")
    mark = dialog.locator("mark")
    expect(mark).to_contain_text("$250,000")
    expect(mark).to_be_in_viewport()
    expect(dialog.locator(".qa-article h2")).to_contain_text("Debris shows Titan submersible imploded")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_evidence_opens_at_its_passage_deep_in_the_article(visit, site):
    page = visit(site + asking(CHESS), height=400)
    complete(page)
    passage = page.locator(".st-key-passage-2")
    passage.get_by_role("button", name="Read in article").click()
    expect(page.locator(".qa-article .qa-here").first).to_be_in_viewport()


def test_refusal_shows_a_guess_that_is_called_unsure_and_opens_in_its_article(visit, site):
    page = visit(site + asking(PUTIN))
    expect(page.get_by_role("heading", name="No answer that I am sure of")).to_be_visible(timeout=60_000)
    complete(page)
    guess = page.locator(".st-key-guess")
    expect(guess).to_contain_text("unsure, ")
    expect(guess.locator("blockquote mark")).to_have_count(1)
    expect(page.locator("[class*=st-key-passage-]").first).to_be_visible()
    expect(page.get_by_text("Timeline")).to_have_count(0)
    guess.get_by_role("button", name="Read in article").click()
    expect(page.get_by_role("dialog").locator("mark.qa-focus")).to_be_in_viewport()


def test_nothing_found_is_said_and_the_passages_are_shown(visit, site):
    page = visit(site + asking(CHESS))
    expect(page.get_by_role("heading", name="Not found in this archive")).to_be_visible(timeout=60_000)
    complete(page)
    expect(page.locator(".st-key-guess")).to_have_count(0)
    expect(page.locator("[class*=st-key-passage-]").first).to_be_visible()


WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => {
    if (!document.querySelector(".qa-reading")) return;
    window.seen.push([document.querySelectorAll(".qa-waiting mark").length > 0,
                      document.querySelectorAll(".qa-quote").length]);
  }).observe(document.body, {subtree: true, childList: true});
}"""


def test_passages_come_before_the_answer_and_never_under_the_reply_before(visit, sample_index):
    with serve(sample_index, app=UNHURRIED) as address:
        page = visit(address + asking("When did Queen Elizabeth II die?"))
        cards(page)
        page.evaluate(WATCH)
        asked = "How many years in prison was Sam Bankman-Fried sentenced to?"
        page.get_by_label("Question", exact=True).fill(asked)
        page.get_by_label("Question", exact=True).press("Enter")
        expect(cards(page).first.locator("h3")).to_contain_text("25", timeout=60_000)
        seen = page.evaluate("window.seen")
    assert [True, 0] in seen  # passages with the question's words marked, and no answer yet
    assert {answers for _, answers in seen} == {0}


def test_source_filter_narrows_the_evidence_stands_in_the_address_and_is_removed(visit, site):
    page = visit(site + asking(CHATGPT))
    cards(page)
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Sources").click()
    page.get_by_role("option", name="Harbour Post", exact=True).click()
    sources = page.locator(".qa-evidence .qa-byline li:first-child")
    expect(sources).to_have_text(["Harbour Post"] * 10, timeout=60_000)
    assert parse_qs(urlsplit(page.url).query) == {"q": [CHATGPT], "source": ["Harbour Post"]}
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Source: Harbour Post").click()
    expect(cards(page).first.locator("h3")).to_contain_text("November 30")
    assert parse_qs(urlsplit(page.url).query) == {"q": [CHATGPT]}


def test_dates_in_the_address_bound_the_evidence(visit, site):
    page = visit(site + asking(CHATGPT) + "&since=2023-01-01&until=2023-06-30")
    complete(page)  # before that only three of the passages are shown
    days = page.locator(".qa-evidence time").evaluate_all("all => all.map(time => time.dateTime)")
    assert len(days) == 10
    assert all("2023-01-01" <= day <= "2023-06-30" for day in days)


def test_reply_is_downloaded_as_json(visit, site):
    page = visit(site + asking(CHATGPT))
    cards(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download JSON").click()
    assert waiting.value.suggested_filename == "news-qa-when-did-chatgpt-go-online-as-a-free-preview.json"
    reply = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert (reply["question"], reply["answers"][0]["text"]) == (CHATGPT, "November 30")


def test_quote_is_copied_with_its_source_by_one_click(visit, site, profiles):
    profiles["light"].grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page = visit(site + asking(CHATGPT))
    best = cards(page).first
    best.get_by_role("button", name="Copy quote").click()
    expect(best.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“") and "November 30" in copied
    assert "OpenAI chatbot draws a million users within days" in copied
    best.get_by_role("button", name="BibTeX").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('@article{'))")


def test_field_has_the_cursor_at_the_start_and_by_a_slash_and_the_reply_is_said(visit, site):
    page = visit(site)
    field = page.get_by_label("Question", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type(CHATGPT)
    expect(page.get_by_text("Press Enter")).to_be_hidden()
    page.keyboard.press("Enter")
    cards(page)
    expect(page.locator("#qa-live")).to_contain_text("Answer", timeout=60_000)
    expect(page.locator("#qa-live")).to_contain_text("November 30")
    expect(page).to_have_title(f"{CHATGPT} · News QA")
    field.blur()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value(CHATGPT)


@pytest.mark.parametrize("view", ["Archive", "Build", "Settings"])
def test_every_view_has_a_title_and_a_heading_of_its_own(visit, site, view: str):
    page = visit(f"{site}/{view.lower()}")
    expect(page.get_by_role("heading", level=1)).to_have_text(view)
    expect(page).to_have_title(f"{view} · News QA")


def test_article_opens_at_its_own_address(visit, site):
    page = visit(site + "/archive?find=Artemis")
    page.get_by_role("button", name="NASA's Artemis I Moon rocket lifts off").click()
    page.get_by_role("dialog").get_by_role("link", name="Open as a page").click()
    expect(page).to_have_url(re.compile(r"/article\?id="))
    expect(page.locator(".qa-article h2")).to_contain_text("NASA's Artemis I", timeout=60_000)
    page.reload()
    expect(page.locator(".qa-article h2")).to_contain_text("NASA's Artemis I", timeout=60_000)


def test_bar_of_the_archive_narrows_the_list(visit, site):
    page = visit(site + "/archive", height=1200)
    bars = page.get_by_test_id("stVegaLiteChart").locator("path[aria-roledescription=bar]")
    expect(bars.first).to_be_visible(timeout=60_000)
    bars.first.click()
    expect(page.get_by_text(re.compile(r"^[1-9] articles?, newest first"))).to_be_visible(timeout=60_000)


def test_dark_theme_reaches_the_cards_and_the_open_article(visit, site):
    page = visit(site + asking(CHATGPT), theme="dark")
    colour = "element => getComputedStyle(element).color"
    quote_colour = cards(page).first.locator("blockquote").evaluate(colour)
    page.get_by_role("button", name="Read in article").first.click()
    expect(page.locator(".qa-article")).to_be_visible()
    assert quote_colour == page.locator(".qa-article").evaluate(colour) == "rgb(236, 231, 222)"
    assert page.locator(".qa-article mark").evaluate(colour) == "rgb(255, 244, 214)"


def test_phone_needs_no_sideways_scroll(visit, site):
    page = visit(site + asking(CHATGPT), width=390, height=844)
    cards(page)
    assert fits_its_width(page)
    page.get_by_role("button", name="Read in article").first.click()
    expect(page.locator(".qa-article mark")).to_be_in_viewport()
    assert fits_its_width(page)


def test_click_in_the_timeline_opens_the_article(visit, site):
    page = visit(site + asking(CHATGPT), height=1400)
    cards(page)
    points = page.get_by_test_id("stVegaLiteChart").first.locator("path[aria-roledescription=circle]")
    expect(points).not_to_have_count(0)
    points.first.click()
    expect(page.get_by_role("dialog").locator(".qa-article h2")).to_contain_text(
        "OpenAI chatbot draws a million users"
    )
    expect(page.locator(".qa-article mark")).to_be_in_viewport()


def test_neighbour_of_an_article_opens_in_its_place_from_the_top(visit, site):
    page = visit(site + "/archive?find=Artemis", height=600)
    page.get_by_role("button", name="NASA's Artemis I Moon rocket lifts off").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Near in meaning")).to_be_visible()
    dialog.get_by_role("button", name="Orion capsule splashes down").click()
    title = dialog.locator(".qa-article h2")
    expect(title).to_contain_text("Orion capsule splashes down")
    expect(title).to_be_in_viewport()


def test_archive_is_browsed_page_by_page_by_keyboard_alone(visit, site):
    page = visit(site)
    page.get_by_role("link", name="Archive").press("Enter")
    rows = page.locator("[class*=st-key-row-]")
    expect(rows).to_have_count(12, timeout=60_000)
    newest = page.get_by_role("button", name="Notre-Dame reopens five years after fire")
    expect(newest).to_be_visible()
    page.get_by_role("button", name="Page 2").press("Enter")
    expect(newest).to_be_hidden(timeout=60_000)
    expect(rows).to_have_count(12)
    rows.first.get_by_role("button").press("Enter")
    expect(page.get_by_role("dialog").locator(".qa-article")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("view", ["", "archive", "build", "settings"])
def test_no_view_needs_a_sideways_scroll_on_a_phone(visit, site, view: str):
    page = visit(f"{site}/{view}", width=390, height=844)
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible(timeout=60_000)
    assert fits_its_width(page)


def test_nothing_is_fetched_from_elsewhere(visit, site):
    page = visit(site)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for view in ("/archive", "/build", "/settings", asking(CHATGPT)):
        page.goto(site + view)
        expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible(timeout=60_000)
    cards(page)
    assert asked
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def test_uploaded_article_is_looked_at_added_and_answers(visit, own_site, sample_articles, tmp_path):
    upload = tmp_path / "harbour.csv"
    upload.write_text(
        "title,text,when,publisher\n"
        "Lighthouse of Zandrak reopens,The lighthouse of Zandrak reopened on 3 May after a repair. "
        "The keeper Orla Quent lit the lamp at dusk.,2024-05-04,Zandrak Courier\n",
        encoding="utf-8",
    )
    page = visit(own_site + "/build")
    look_at(page, upload)
    expect(page.locator(".qa-preview time")).to_have_text("4 May 2024")  # taken by its values
    page.get_by_text("Which column holds what").click()
    open_list(page, "Published").filter(has_text=re.compile("^when$")).click()
    expect(page.locator(".qa-preview time")).to_have_text("4 May 2024")
    add_to_this_archive(page)
    expect(build(page)).to_contain_text(f"1 added or changed, {sample_articles + 1} unchanged")
    page.get_by_role("link", name="Ask this archive").click()
    page.get_by_label("Question", exact=True).fill("Who lit the lamp of the lighthouse of Zandrak?")
    page.get_by_label("Question", exact=True).press("Enter")
    expect(cards(page).first.locator("h3")).to_contain_text("Orla Quent", timeout=60_000)
    expect(cards(page).first.locator(".qa-byline")).to_contain_text("Zandrak Courier4 May 2024")


def test_hostile_upload_is_shown_as_text_before_and_after_it_is_built(visit, own_site, tmp_path):
    upload = tmp_path / "<img src=x onerror=window.hit=4>.jsonl"
    row = {
        "title": "Harmless",
        "text": "A row whose column has a bad name.",
        f"column {HOSTILE}": "x",
    }
    upload.write_text(json.dumps(row) + "\n{broken\n", encoding="utf-8")
    page = visit(own_site + "/build")
    look_at(page, upload)
    page.get_by_text("Which column holds what").click()
    open_list(page, "Url")
    page.get_by_role("combobox", name="Url").fill("column")
    expect(page.get_by_role("option")).to_have_text([f"column {SHOWN}"])
    page.keyboard.press("Escape")
    _has_no_markup(page)
    add_to_this_archive(page)
    expect(build(page)).to_contain_text("_img src_x onerror_window.hit_4_.jsonl:2")
    _has_no_markup(page)


def test_hostile_article_is_shown_as_text_in_every_view(visit, own_site):
    page = visit(own_site + asking("Who is the mayor of Zandrak?"))
    best = cards(page).first
    expect(best.locator("h3")).to_contain_text("Orla Quent")
    expect(best.locator("h4")).to_have_text(f"Zandrak {SHOWN}")
    expect(best.locator(".qa-byline li").first).to_have_text(f"Courier {SHOWN}")
    # The last point is drawn over all others of its day.
    page.get_by_test_id("stVegaLiteChart").first.locator("path[aria-roledescription=circle]").last.hover()
    page.get_by_text("Why this answer").click()
    _has_no_markup(page)
    best.get_by_role("button", name="Read in article").click()
    expect(page.locator(".qa-article")).to_contain_text(f"She signed {SHOWN} on Friday.")
    expect(page.locator(".qa-article .qa-tags")).to_have_text(f"tag {SHOWN}")
    expect(page.locator(".qa-article mark")).to_have_text(["Orla Quent"])
    _has_no_markup(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Topics").fill("mark")  # long lists are drawn in part
    page.get_by_role("option", name=f"tag {SHOWN}").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=f"Topic: tag {SHOWN}")).to_be_visible(timeout=60_000)
    _has_no_markup(page)
    page.get_by_role("link", name="Archive").click()
    page.get_by_label("Search", exact=True).fill("mayor of Zandrak")
    page.get_by_label("Search", exact=True).press("Enter")
    row = page.locator("[class*=st-key-row-]").first
    expect(row.get_by_role("button", name=f"Zandrak {SHOWN}")).to_be_visible(timeout=60_000)
    page.get_by_text("By topic").click()
    _has_no_markup(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert fits_its_width(page)


def _has_no_markup(page: Page) -> None:
    """Check that no hostile text became an element, a picture, a formula or a link, or was run."""
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible(timeout=60_000)
    assert page.evaluate("window.hit") is None
    made = page.locator("img[src=x], .katex, a[href^=javascript], .stMain b, [role=dialog] b")
    expect(made).to_have_count(0)
    assert (
        page.evaluate("[...document.scripts].filter(script => script.text.includes('window.hit')).length")
        == 0
    )


def test_build_in_one_tab_is_seen_in_another_and_can_be_cancelled_there(visit, own_site, tmp_path):
    upload = tmp_path / "many.jsonl"
    with upload.open("w", encoding="utf-8") as stream:
        for n in range(4000):
            text = (
                f"Ship {n} of the line {n * 7} left the harbour at noon with {n * 3} crates of oranges. " * 4
            )
            stream.write(json.dumps({"title": f"Ship {n}", "text": text}) + "\n")
    page, other = visit(own_site + "/build"), visit(own_site + "/build")
    look_at(page, upload)
    add_to_this_archive(page)
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=60_000)
    other.reload()
    expect(other.get_by_text("A build is running")).to_be_visible(timeout=60_000)
    asking_meanwhile = visit(own_site + asking(CHATGPT))
    expect(cards(asking_meanwhile).first.locator("h3")).to_contain_text("November 30")
    other.get_by_role("button", name="Cancel").click()
    for tab in (page, other):
        expect(tab.get_by_text("The build was cancelled.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Articles to read")).to_be_visible(timeout=60_000)


def test_twenty_people_at_once_each_get_the_reply_to_their_own_question(site, sample_index):
    known = load_questions(QUESTIONS)
    questions = spaced([question.question for question in known], 20)
    news = qa.open(sample_index)
    # The best answer alone: one at the very threshold may come or go with the last bit of a bfloat16.
    alone = {question: tuple(a.text for a in news.ask(question).answers[:1]) for question in questions}
    seen = together(site, [[question] for question in questions])
    assert {one.question: one.quotes[:1] for one in seen} == alone
    assert sum(bool(quotes) for quotes in alone.values()) >= 10


def test_first_start_builds_the_sample_archive_on_a_click_with_progress(visit, sample_articles, tmp_path):
    with serve(tmp_path / "indexes" / "news", named=False) as address:
        page = visit(address + asking(CHATGPT))
        page.get_by_role("button", name="Build the sample archive").click()
        expect(page.get_by_role("heading", name="Building the sample archive")).to_be_visible()
        expect(page.get_by_role("progressbar")).to_be_visible(timeout=60_000)
        report = page.locator(".qa-report")
        expect(report).to_contain_text(f"The archive now holds {sample_articles} articles", timeout=240_000)
        expect(cards(page).first.locator("h3")).to_contain_text("November 30")


def test_first_paint_and_the_question_field_are_timed(chromium, site):
    seen = opened(chromium, site)
    assert 0 < seen.first <= seen.field < 60
