"""Plain questions for the calibration: which have an answer in the archive that is built for them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import qa
from benchmarks.quiz_questions import Asking
from training.plain import FILES, plain


def document(thing: str, number: int) -> dict:
    question = {"question": f" Who built  {thing} {number}?", "answers": [{"text": f"Ada {number}"}]}
    impossible = {"question": "Why?", "is_impossible": True, "answers": []}
    paragraph = {
        "context": f"Ada {number} built {thing} {number} on the hill.",
        "qas": [question, impossible],
    }
    return {"title": f"{thing}_{number}", "paragraphs": [paragraph, {"context": "It stands.", "qas": []}]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Write 18 and 17 articles: 0 and 5 of the first and second are held out, 17 and 16 are left out."""
    for file, thing, many in zip(FILES.values(), ("tower", "bridge"), (18, 17), strict=True):
        articles = {"data": [document(thing, number) for number in range(many)]}
        (tmp_path / file).write_bytes(gzip.compress(json.dumps(articles).encode()))
    return tmp_path


def test_held_out_articles_are_asked_and_those_left_out_answer_nothing(data: Path, tmp_path: Path):
    asked = plain(data, tmp_path / "plain")
    assert sorted(asked, key=lambda a: (a.golds, a.question)) == [
        Asking("Who built bridge 16?", ()),
        Asking("Who built tower 17?", ()),
        Asking("Who built tower 0?", ("Ada 0",)),
        Asking("Who built bridge 5?", ("Ada 5",)),
    ]
    retriever = qa.Retriever.open(tmp_path / "plain")
    assert retriever.overview().articles == 18 + 17 - 2
    assert retriever.article("squad-0-").text == "Ada 0 built tower 0 on the hill.\n\nIt stands."
    with pytest.raises(KeyError):
        retriever.article("squad-17-")
