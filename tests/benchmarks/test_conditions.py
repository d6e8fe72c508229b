"""What became of a question whose condition the archive meets or does not."""

from __future__ import annotations

import pytest

import qa
from benchmarks.conditions import Conditional, fate, load
from qa.evaluate.asking import Outcome

MET = Conditional("Who won in 2022?", ("Mara Quill",), "Ada Lind")
UNMET = Conditional("Who won in 2008?", (), "Mara Quill")


@pytest.fixture
def answer() -> qa.Answer:
    text = "Mara Quill won the prize."
    article = qa.Article("a", "", text)
    return qa.Answer(article, 0, 10, confidence=0.9, margin=3.0)


@pytest.mark.parametrize(
    ("asked", "shown", "guessed", "expected"),
    [
        (MET, True, False, "right"),
        (UNMET, True, False, "tempting"),
        (Conditional("Who?", (), "Ada Lind"), True, False, "wrong"),
        (MET, False, True, "guessed rightly"),
        (UNMET, False, True, "guessed wrongly"),
        (MET, False, False, "refused"),
    ],
)
def test_fate(answer: qa.Answer, asked: Conditional, shown: bool, guessed: bool, expected: str):
    reply = qa.Reply(
        question=asked.question,
        answers=(answer,) if shown else (),
        hits=(),
        guess=answer if guessed else None,
        best_rejected=None if shown else answer,
    )
    assert fate(Outcome(asked, reply, 0.1)) == expected


def test_forty_questions_are_not_met_by_the_archive_and_twenty_are():
    asked = load()
    assert (sum(not q.golds for q in asked), sum(bool(q.golds) for q in asked)) == (40, 20)
    assert all(q.tempting for q in asked)
