"""An article has an address of its own, and its versions and corrections are reached from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from qa.page.versions import is_version
from qa.records import Article
from tests.page.conftest import COPY, FIRST, SECOND, go, html_of

LATER = replace(
    FIRST,
    id="quake-1b",
    title=f"CORRECTED: {FIRST.title}",
    text=FIRST.text.replace("3,400", "3,500"),
    published=datetime(2023, 2, 7, 8, tzinfo=UTC),
)


def shown(page, article_id: str) -> str:
    page.run()
    page.query_params["id"] = article_id
    return html_of(go(page, "article"))


def test_article_stands_at_its_own_address_with_what_is_near(page, archive):
    html = shown(page, "quake-2")
    assert f'<h2 dir="auto">{SECOND.title}</h2>' in html
    assert "<h2>Also in</h2>" in html
    page.button(key="go-quake-3").click().run()
    assert page.query_params["id"] == ["quake-3"] or page.query_params["id"] == "quake-3"
    assert f'<h2 dir="auto">{COPY.title}</h2>' in html_of(page)


@pytest.mark.parametrize("article_id", ["nobody", "", "<script>"])
def test_address_without_an_article_says_that_there_is_none(page, archive, article_id: str):
    assert "<h2>There is no such article</h2>" in shown(page, article_id)


def test_correction_is_reached_from_the_article(page, bare):
    bare.write(FIRST, LATER, SECOND)
    html = shown(page, "quake-1")
    assert "<h2>Versions and corrections</h2>" in html
    page.button(key="go-quake-1b").click().run()
    assert "At least 3,500 people died" in html_of(page)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"url": FIRST.url, "source": "Elsewhere", "title": "Other"}, True),
        ({"url": "", "title": f"UPDATE 2 - {FIRST.title}"}, True),
        ({"url": "", "title": FIRST.title.upper(), "source": FIRST.source.upper()}, True),
        ({"url": "", "title": FIRST.title, "source": "Elsewhere"}, False),  # a near-duplicate, not a version
        ({"url": "", "title": FIRST.title, "source": ""}, False),
        ({"url": "", "title": "Storm strikes southern Turkey"}, False),
        ({"url": "", "title": ""}, False),
    ],
)
def test_version_has_the_address_or_source_and_title_of_the_article(known: dict[str, str], expected: bool):
    assert is_version(Article(id="x", text="", **({"source": FIRST.source} | known)), FIRST) is expected
