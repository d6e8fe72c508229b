"""Many questions go in as a file, and their answers come out as one table."""

from __future__ import annotations

import csv
import io

import pytest

from page import many
from qa.errors import InputError
from qa.records import Reply
from tests.page.conftest import NOWHERE, QUAKE, html_of, press


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "Who?\n\n  What? \nWho?\n".encode("utf-8-sig")),
        ("a.csv", b"id,Question\n1,Who?\n2,What?\n"),
        ("a.csv", b"Who?\nWhat?\n"),
        ("a.jsonl", b'"Who?"\n\n{"question": "What?", "id": 3}\n'),
    ],
)
def test_questions_are_read_from_text_csv_and_jsonl(name: str, content: bytes):
    assert many.questions_in(name, content) == ["Who?", "What?"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.txt", b"\xff\xfe\x00", "cannot be read"),
        ("a.txt", b" \n", "no question in it"),
        ("a.csv", b"a,b\n1,2\n", 'no column is named "question"'),
        ("a.jsonl", b"{broken", "cannot be read"),
        ("a.jsonl", b'{"question": 1}', "line 1 is neither"),
        ("a.txt", b"x" * (2**20 + 1), "larger than 1 MB"),
        ("a.txt", "\n".join(map(str, range(501))).encode(), "501 questions are more than 500"),
    ],
)
def test_file_that_cannot_be_asked_is_refused_in_one_line(name: str, content: bytes, told: str):
    with pytest.raises(InputError, match=told):
        many.questions_in(name, content)


def test_question_that_cannot_be_asked_does_not_stop_the_others():
    def ask(question: str) -> Reply:
        if question == "???":
            raise InputError("the question is empty", cure="Ask in words.")
        return Reply(question, (), ())

    steps: list[int] = []
    answered = many.answer_all(["Who?", "???", "What?"], ask, steps.append)
    assert [(one.question, one.fault != "") for one in answered] == [
        ("Who?", False),
        ("???", True),
        ("What?", False),
    ]
    assert steps == [1, 2, 3]
    rows = list(csv.DictReader(io.StringIO(many.table_of(answered).removeprefix("\ufeff"))))
    assert [(row["question"], row["kind"]) for row in rows] == [("Who?", "no answer"), ("What?", "no answer")]


def test_page_asks_a_file_of_questions_and_offers_the_table(page, archive):
    page.run()
    page.file_uploader[0].set_value(("many.txt", f"{QUAKE}\n{NOWHERE}\n".encode(), "text/plain")).run()
    press(page, "Ask them all")
    assert [question for question, _ in archive.asked] == [QUAKE, NOWHERE]
    assert "1 question of 2 have an answer." in html_of(page)
    assert [button.label for button in page.download_button] == ["Download the answers"]
