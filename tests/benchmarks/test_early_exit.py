"""What is lost and saved by stopping, on questions read by hand."""

from __future__ import annotations

from dataclasses import fields

import pytest

from benchmarks.early_exit import Asking, Loss, Read, loss
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate
from qa.read.reader import Asked
from qa.records import Article, Hit, Passage
from qa.settings import AskSettings

# Confidence is the logistic of the margin: 0.88 at 2, 0.95 at 3.
PLAIN = Calibration(
    **({field.name: 0.0 for field in fields(Calibration)} | {"margin": 1.0, "threshold": 0.3})
)


def read(gold: str, *spans: tuple[int, str, float], many: int = 8) -> Read:
    """Return a question with this answer as read: of each span its passage, its text and its margin."""
    articles = [Article(f"a{at}", "", "Kim and Putin", source=f"s{at}") for at in range(many)]
    hits = tuple(Hit(Passage(article, 0, 13), 0.5, 0.5, 1.0) for article in articles)
    places = {"Kim": (0, 3), "Putin": (8, 13)}
    found = tuple(Candidate(at, *places[text], margin) for at, text, margin in spans)
    return Read(Asking("Who?", (gold,), None), None, hits, found, PLAIN)


def test_each_bar_shows_what_it_costs_and_what_it_saves():
    questions = [
        read("Kim", (0, "Kim", 2.0), (5, "Kim", 1.0)),  # stops, and one of two sources is not read
        # Stops, though a later answer is surer: right becomes wrong.
        read("Putin", (1, "Kim", 2.5), (6, "Putin", 4.0)),
        read("Kim", (2, "Kim", 1.0), (7, "Putin", 3.0)),  # not sure: reads on
        read("Kim", (0, "Kim", 5.0), many=4),  # sure, with nothing left to read
    ]
    assert loss(questions, 0.8, AskSettings()) == Loss(
        bar=0.8, forced=-25.0, shipped=-25.0, stopped=0.5, read=20 / 28, overtaken=0.5, sources=0.5
    )
    assert loss(questions, 0.999, AskSettings()) == Loss(0.999, 0.0, 0.0, 0.0, 1.0, None, None)


@pytest.mark.parametrize("first", [0, 2, 5])
def test_what_was_read_is_given_out_by_passage(first: int):
    one = read("Kim", (3, "Kim", 1.0), (6, "Putin", 2.0))
    passages = [hit.passage for hit in one.hits[first:]]
    expected = [(c.passage - first, c.margin) for c in one.candidates if c.passage >= first]
    assert [(c.passage, c.margin) for c in one.read("", passages)] == expected
    (again,) = one.read_many([Asked("", passages)])
    assert [(c.passage, c.margin) for c in again] == expected
