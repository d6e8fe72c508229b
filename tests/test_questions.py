"""A file of questions, as people have them: the questions in order, or one line that says what is wrong."""

from __future__ import annotations

import pytest

from qa.errors import InputError
from qa.questions import questions_in


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "Who?\n\n  What? \r\nWho?\n".encode("utf-8-sig")),
        ("a", b"Who?\nWhat?"),
        ("a.csv", b"id,Question\n1,Who?\n2,What?\n"),
        ("a.csv", b"Nr;Question;x\n1;Who?;a,b\n\n2;What?\n"),
        ("a.csv", b"question\tid\nWho?\t1\nWhat?\t2\n"),
        ("a.csv", b"Who?\r\nWhat?\r\n"),
        ("a.JSONL", b'"Who?"\n\n{"question": "What?", "id": 3}\n'),
    ],
)
def test_questions_are_read_from_text_csv_and_jsonl(name: str, content: bytes):
    assert questions_in(name, content, most=2) == ["Who?", "What?"]


def test_a_question_may_hold_what_only_other_formats_take_for_the_end_of_a_line():
    line = '{"question": "Who\u2028met\x0bPutin?"}'.replace("\x0b", "\\u000b").encode()
    assert questions_in("a.jsonl", line, most=1) == ["Who\u2028met\x0bPutin?"]
    assert questions_in("a.csv", b'question\n"Who, and\nwhen?"\n', most=1) == ["Who, and\nwhen?"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "a.txt",
            b"Who\xff?",
            r"a\.txt: the questions cannot be read: byte 3 is not UTF-8\. Save it as UTF-8\.",
        ),
        ("a.txt", b" \n", "no question in it"),
        ("a.csv", b"a,b\n1,2\n", 'no column is named "question"'),
        ("a.csv", b"", "no question in it"),
        ("a.jsonl", b"{broken", "a.jsonl:1: the question cannot be read: it is no JSON"),
        ("a.jsonl", b"\n" + b"[" * 100_000, "a.jsonl:2: the question cannot be read: it is nested deeper"),
        ("a.jsonl", b'"Who?"\n{"question": 1}', "a.jsonl:2: it is neither"),
        ("a.csv", b'"' + b"x" * 200_000, "a cell has 200,000 characters; a quotation mark is left open"),
        ("a.txt", b"x" * (2**20 + 1), "larger than 1 MB"),
        ("a.txt", "\n".join(map(str, range(501))).encode(), "501 questions are more than 500"),
    ],
)
def test_file_that_cannot_be_asked_is_refused_in_one_line(name: str, content: bytes, told: str):
    with pytest.raises(InputError, match=told) as refused:
        questions_in(name, content, most=500, most_bytes=2**20)
    assert "\n" not in str(refused.value)
