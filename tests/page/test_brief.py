"""The view Brief: days in order, each sentence with its source, and the way into its article."""

from __future__ import annotations

from qa.brief.records import Event
from qa.page.html import brief
from qa.records import Article, Quote
from tests.page.conftest import SECOND, go, html_of, press


def tell(page, topic: str) -> str:
    page.run()
    go(page, "brief")
    page.text_input(key="topic").set_value(topic)
    press(page, "Show brief")
    return html_of(page)


def test_a_topic_is_shown_by_its_days_with_sources(page, archive):
    html = tell(page, "people died in the earthquake")
    assert html.index('datetime="2023-02-06">6 Feb') < html.index('datetime="2023-02-09">9 Feb')
    assert "At least 3,400 people died, officials said on Monday evening." in html
    quote = (
        "“At least 3,400 people died, officials said on Monday evening.” (Earthquake strikes southern Turkey"
    )
    assert f'data-qa-copy="{quote}, Meridian Wire, 6 February 2023, https://example.org/quake-1)"' in html
    assert "Meridian Wire" in html and "2 days, 6 to 9 February 2023" in html
    assert [button.label for button in page.download_button] == ["Download Markdown", "Download JSON"]


def test_an_article_opens_at_its_sentence(page, archive):
    tell(page, "people died in the earthquake")
    next(button for button in page.button if button.label == "Read in article").click().run()
    assert '<mark class="qa-focus"' in html_of(page)


def test_a_day_limits_the_brief_and_an_empty_brief_says_that_nothing_was_found(page, archive):
    page.run()
    go(page, "brief")
    page.date_input(key="brief-from").set_value(SECOND.published.date())
    page.text_input(key="topic").set_value("people died in the earthquake")
    press(page, "Show brief")
    html = html_of(page)
    assert 'datetime="2023-02-09">9 Feb' in html and 'datetime="2023-02-06">6 Feb' not in html
    page.date_input(key="brief-from").set_value(SECOND.published.date().replace(year=2031))
    press(page, "Show brief")
    assert "Not found in this archive" in html_of(page)


def test_hostile_words_of_an_article_stand_as_text():
    evil = Article("a", "<b>Title</b>", "<script>alert(1)</script> struck on Monday.", source='"><img>')
    told = Event(Quote(evil, 0, len(evil.text)), (Quote(evil, 0, 8),), 1, 0.5)
    html = brief.event(told)
    assert "<script" not in html and "<b>" not in html and "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; struck on Monday." in html
