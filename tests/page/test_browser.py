"""A real Chromium uses the real page, models and all, over the sample archive."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import qa
from tests.page.browsing import (
    CHROMIUM_ARGUMENTS,
    SAMPLE,
    add,
    asking,
    cards,
    complete,
    find_chromium,
    serve,
    sideways_scroll,
)

CHATGPT = "When did ChatGPT go online as a free preview?"
CHESS = "Who won the chess world championship in 1972?"

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("sample") / "news"
    qa.build([SAMPLE], index)
    return index


@pytest.fixture(scope="module")
def sample_articles(sample_index: Path) -> int:
    return qa.Retriever.open(sample_index).overview().articles


@pytest.fixture(scope="module")
def site(sample_index: Path) -> Iterator[str]:
    with serve(sample_index) as address:
        yield address


@pytest.fixture
def own_site(sample_index: Path, tmp_path: Path) -> Iterator[str]:
    """A page over a copy of the sample archive, for tests that add to it."""
    index = tmp_path / "news"
    shutil.copytree(sample_index, index)
    with serve(index) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Opens an address in a fresh profile."""
    contexts = []

    def opened(address: str, width: int = 1200, height: int = 900, theme: str = "light") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", name="News QA")).to_be_visible(timeout=60_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_typed_question_is_answered_with_an_exact_quote(visit, site):
    page = visit(site)
    page.get_by_label("Question").fill(CHATGPT)
    page.get_by_label("Question").press("Enter")
    best = cards(page).first
    expect(best.locator("h3")).to_contain_text("November 30")
    expect(best.locator("blockquote mark")).to_contain_text("November 30")
    expect(best.locator("h4")).to_have_text("OpenAI chatbot draws a million users within days")
    assert parse_qs(urlsplit(page.url).query) == {"q": [CHATGPT]}


def test_example_is_asked_by_a_click_and_its_address_can_be_shared(visit, site):
    page = visit(site)
    page.get_by_role("button", name=CHATGPT).click()
    expect(cards(page).first.locator("h3")).to_contain_text("November 30")
    friend = visit(page.url)
    expect(cards(friend).first.locator("h3")).to_contain_text("November 30")


def test_article_opens_with_its_mark_in_view_and_closes_by_keyboard(visit, site):
    page = visit(site + asking("How much did OceanGate charge for a place on the Titan?"), height=500)
    cards(page).first.get_by_role("button", name="Read in article").click()
    dialog = page.get_by_role("dialog")
    mark = dialog.locator("mark")
    expect(mark).to_contain_text("$250,000")
    expect(mark).to_be_in_viewport()
    expect(dialog.get_by_role("heading", level=2).last).to_contain_text(
        "Debris shows Titan submersible imploded"
    )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_evidence_opens_at_its_passage_deep_in_the_article(visit, site):
    page = visit(site + asking(CHESS), height=400)
    complete(page)
    passage = page.locator(".st-key-passage-2")
    passage.get_by_role("button", name="Read in article").click()
    expect(page.locator(".qa-article .qa-here").first).to_be_in_viewport()


def test_not_found_is_told_plainly(visit, site):
    page = visit(site + asking(CHESS))
    expect(page.get_by_role("heading", name="Not found in this archive")).to_be_visible(timeout=60_000)
    expect(page.locator("mark")).to_have_count(0)
    expect(page.locator("[class*=st-key-passage-]").first).to_be_visible()


def test_source_filter_narrows_the_evidence_and_stands_in_the_address(visit, site):
    page = visit(site + asking(CHATGPT))
    cards(page)
    page.get_by_role("combobox", name="Sources").click()
    page.get_by_role("option", name="Harbour Post", exact=True).click()
    sources = page.locator(".qa-evidence .qa-byline li:first-child")
    expect(sources).to_have_text(["Harbour Post"] * 10, timeout=60_000)
    assert parse_qs(urlsplit(page.url).query) == {"q": [CHATGPT], "source": ["Harbour Post"]}


def test_dates_in_the_address_bound_the_evidence(visit, site):
    page = visit(site + asking(CHATGPT) + "&since=2023-01-01&until=2023-06-30")
    expect(page.locator(".qa-evidence").first).to_be_visible(timeout=60_000)
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
    assert sideways_scroll(page) == 0
    page.get_by_role("button", name="Read in article").first.click()
    expect(page.locator(".qa-article mark")).to_be_in_viewport()
    assert sideways_scroll(page) == 0


def test_uploaded_article_is_added_and_answers(visit, own_site, sample_articles, tmp_path):
    upload = tmp_path / "harbour.json"
    upload.write_text(
        json.dumps(
            {
                "title": "Lighthouse of Zandrak reopens",
                "text": "The lighthouse of Zandrak reopened on 3 May after a repair of two years. "
                "The keeper Orla Quent lit the lamp at dusk.",
                "published": "2024-05-04T08:00:00Z",
                "source": "Zandrak Courier",
            }
        ),
        encoding="utf-8",
    )
    page = visit(own_site + asking("Who lit the lamp of the lighthouse of Zandrak?"))
    add(page, upload)
    expect(page.locator(".qa-report")).to_contain_text(
        f"1 added or changed, {sample_articles} unchanged", timeout=120_000
    )
    expect(cards(page).first.locator("h3")).to_contain_text("Orla Quent", timeout=60_000)
    expect(cards(page).first.locator(".qa-byline")).to_contain_text("Zandrak Courier")


def test_hostile_article_is_shown_as_text(visit, own_site, tmp_path):
    hostile = "</mark><script>window.hit = 1</script><img src=x onerror='window.hit = 2'> $x^2$ :red[a] **b**"
    upload = tmp_path / "<img src=x onerror=window.hit=3>.jsonl"
    article = {
        "title": f"Zandrak {hostile}",
        "body": f"The mayor of Zandrak is Orla Quent. She signed {hostile} on Friday. {'long' * 200}",
        "url": "javascript:window.hit=4",
        "source": f"Courier {hostile}",
        "tags": [f"tag {hostile}"],
    }
    upload.write_text(json.dumps(article) + "\n{broken\n", encoding="utf-8")
    page = visit(own_site + asking("Who is the mayor of Zandrak?"))
    add(page, upload)
    expect(page.locator(".qa-report")).to_contain_text("1 added or changed", timeout=120_000)
    expect(page.locator(".qa-report")).to_contain_text("_img src_x onerror_window.hit_3_.jsonl:2")
    best = cards(page).first
    expect(best.locator("h3")).to_contain_text("Orla Quent", timeout=60_000)
    best.get_by_role("button", name="Read in article").click()
    article_text = page.locator(".qa-article")
    expect(article_text).to_contain_text("$x^2$ :red[a] **b**")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("window.hit") is None
    elements = ":is(.qa-card, .qa-article, .qa-report) :is(script, img, .katex, a[href^=javascript])"
    expect(page.locator(elements)).to_have_count(0)
    assert sideways_scroll(page) == 0


def test_first_start_builds_the_sample_archive_with_progress(visit, sample_articles, tmp_path):
    with serve(tmp_path / "news") as address:
        page = visit(address + asking(CHATGPT))
        expect(page.get_by_role("heading", name="Building the sample archive")).to_be_visible()
        expect(page.get_by_role("progressbar")).to_be_visible(timeout=60_000)
        expect(cards(page).first.locator("h3")).to_contain_text("November 30", timeout=120_000)
        expect(page.locator(".qa-report")).to_contain_text(
            f"The archive now holds {sample_articles} articles"
        )
