"""Composing on the page: offered only where a language model is named, sent only on a click."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.doors.models import LanguageModel, running
from tests.page.browsing import CHROMIUM_ARGUMENTS, asking, cards, complete, find_chromium, serve
from tests.page.conftest import QUAKE, ask, html_of, press

BUTTON = "Compose an answer"


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[LanguageModel]:
    with running() as server:
        monkeypatch.setenv("QA_LLM_URL", f"{server.url}/v1")
        monkeypatch.setenv("QA_LLM_MODEL", "tiny <b>")
        yield server


def buttons(page) -> list[str]:
    return [button.label for button in page.button]


def test_nothing_is_offered_where_no_language_model_is_named(page, archive, monkeypatch):
    for name in ("QA_LLM_URL", "QA_LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)
    assert BUTTON not in buttons(ask(page.run(), QUAKE))
    assert "language model" not in html_of(page)


def test_where_text_goes_is_said_beside_the_button_and_nothing_goes_before_the_click(page, archive, model):
    ask(page.run(), QUAKE)
    assert BUTTON in buttons(page)
    assert (
        '<p class="qa-quiet">Only if you press it: the question and 2 passages go to the language model '
        f"tiny &lt;b&gt; at {model.url}/v1, on this machine.</p>"
    ) in html_of(page)
    assert model.requests == []


def test_a_click_composes_and_what_failed_the_check_is_struck_out(page, archive, model):
    model.says = "At least 3,400 people died <i>[2]. Putin came [2]."
    html = html_of(press(ask(page.run(), QUAKE), BUTTON))
    assert '<p class="qa-state">Composed</p>' in html
    assert '<p class="qa-passage" dir="auto">At least 3,400 people died &lt;i&gt;. [2]</p>' in html
    struck = 'Struck out: <bdi dir="auto">the name Putin is not in passage 2</bdi>'
    assert f'<s>Putin came.</s></p><p class="qa-quiet">{struck}</p>' in html
    assert '<li>[2] <bdi dir="auto">Earthquake strikes southern Turkey</bdi>' in html
    assert (
        "1 of 2 sentences failed the check and is struck out. Quotes, numbers and names were checked" in html
    )
    assert "<mark>At least 3,400</mark>" in html  # the extractive answers stay
    assert BUTTON not in buttons(page)
    assert 'class="qa-state">Composed' in html_of(page.run())  # and it stays, without another request
    assert len(model.requests) == 1
    # The composed answer belongs to the earlier question.
    assert "Composed" not in html_of(ask(page, f"{QUAKE} now"))


def test_a_fault_is_one_line_and_the_button_is_there_again(page, archive, model, monkeypatch):
    monkeypatch.setenv("QA_LLM_URL", f"{model.url}/elsewhere")
    html = html_of(press(ask(page.run(), QUAKE), BUTTON))
    assert (
        f'<p class="qa-quiet">The language model at {model.url}/elsewhere refused: '
        "500 Internal Server Error.</p>"
    ) in html
    assert "<mark>At least 3,400</mark>" in html
    assert BUTTON in buttons(page.run())


def test_a_model_named_wrongly_is_said_in_one_line(page, archive, monkeypatch):
    monkeypatch.setenv("QA_LLM_URL", "file:///etc/passwd")
    monkeypatch.setenv("QA_LLM_MODEL", "tiny")
    html = html_of(ask(page.run(), QUAKE))
    assert '<p class="qa-quiet">QA_LLM_URL is no address of http or https. Write it like' in html
    assert "<mark>At least 3,400</mark>" in html


def test_in_a_browser_what_a_model_writes_stays_text_and_is_checked(sample_index, model):
    model.says = (
        "The Ever Given blocked the Suez Canal <img src=x onerror=window.hit=true> [1].\n"
        "It was freed by 991 tugs [1]."
    )
    with serve(sample_index) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        tab = browser.new_page()
        tab.set_default_timeout(60_000)
        tab.goto(address + asking("Which canal did the Ever Given block?"))
        cards(tab)
        assert model.requests == []
        tab.get_by_role("button", name=BUTTON).click()
        card = tab.locator(".st-key-composed")
        expect(card.get_by_text("Composed", exact=True)).to_be_visible()
        complete(tab)
        first, second = (text.inner_text() for text in card.locator(".qa-passage").all())
        assert first.endswith("Suez Canal <img src=x onerror=window.hit=true>. [1]")
        assert second == "It was freed by 991 tugs."
        assert card.locator("s").evaluate("s => getComputedStyle(s).textDecorationLine") == "line-through"
        expect(card.get_by_text("Struck out: the number 991 is not in passage 1")).to_be_visible()
        assert tab.evaluate("window.hit") is None
        assert len(model.requests) == 1
        browser.close()
