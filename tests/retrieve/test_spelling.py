"""A name that the archive spells another way is offered as the archive spells it."""

from __future__ import annotations

import pytest

from qa.records import Article
from qa.retrieve.spelling import respelled, vocabulary_of

ARTICLES = [
    Article("a", "Zelensky speaks in Kyiv", "President Zelensky said in Kyiv that grain would leave Odesa."),
    Article("b", "Grain leaves", "The grain left Odesa. Grain is sold. The president of Zandrak waits."),
]


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("What did Zelenski say?", "What did Zelensky say?"),
        ("What is Zelenskyy's plan for Kiev?", "What is Zelensky's plan for Kyiv?"),
        ("What did Zelensky say in Kyiv?", None),  # spelled as in the archive
        ("What did zelenski say?", None),  # without a capital it is not taken for a name
        ("Who is Xqzvwrt?", None),  # not like any name
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


def test_command_offers_the_spelling_of_the_archive_where_it_has_no_answer(type_in, sample_index):
    code, out, _ = type_in("ask", "Who met Puttin?", "--index", sample_index)
    assert code == 1 and out.endswith("\nDid you mean: Who met Putin?\n")
    code, out, _ = type_in("ask", "Who met Putin?", "--index", sample_index)
    assert code == 0 and "Did you mean" not in out
