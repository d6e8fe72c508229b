"""A name that the archive spells another way is offered as the archive spells it."""

from __future__ import annotations

import pytest

from qa.page.spelling import respelled, vocabulary_of
from qa.records import Article
from tests.page.conftest import QUAKE, ask, html_of

ARTICLES = [
    Article("a", "Zelensky speaks in Kyiv", "President Zelensky said in Kyiv that grain would leave Odesa."),
    Article("b", "Grain leaves", "The grain left Odesa. Grain is sold. The president of Zandrak waits."),
]


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("What did Zelenski say?", "What did Zelensky say?"),
        ("What is Zelenskyy's plan for Kiev?", "What is Zelensky's plan for Kyiv?"),
        ("What did Zelensky say in Kyiv?", None),  # as the archive has it
        ("What did zelenski say?", None),  # small: a word like others
        ("Who is Xqzvwrt?", None),  # like nothing
        ("Who is Bo?", None),  # too short to tell
        ("", None),
    ],
)
def test_only_an_unknown_name_that_is_alike_is_respelled(question: str, offered: str | None):
    assert respelled(question, vocabulary_of(ARTICLES)) == offered


def test_name_of_a_passage_that_was_found_is_known():
    vocabulary = vocabulary_of(ARTICLES)
    assert respelled("Who is Zelenski?", vocabulary, ["Mr Zelenski, no relation, is a baker."]) is None


def test_word_that_is_mostly_written_small_is_no_name():
    assert "Grain" not in vocabulary_of(ARTICLES).names
    assert vocabulary_of(ARTICLES).names[0] == "Zelensky"


def test_page_offers_the_spelling_of_the_archive_and_asks_it_by_a_click(page, archive):
    html_of(ask(page.run(), "How many died in Turkei?"))
    page.button(key="respelled").click().run()
    assert archive.asked[-1][0] == "How many died in Turkey?"
    ask(page, QUAKE)
    assert "respelled" not in [button.key for button in page.button]
