"""Data sets written for the test -> examples whose spans hold the answers."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from qa.records import Article, Passage
from training.examples import AUXILIARY, QAMR, RECOVERED, SOURCES, Example, _joined, auxiliary, load

CONTEXT = "Kim met Putin in 2019. The talks in Vladivostok took three hours. Kim left by train."
OTHER = "A train needs rails. Rails are made of steel."


def question(identity: str, text: str, *answers: tuple[str, int]) -> dict:
    given = [{"text": answer, "answer_start": start} for answer, start in answers]
    return {"id": identity, "question": text, "answers": given}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write every data set; only the first holds questions."""
    questions = [
        question("right", "Who left ?", ("Kim", 66)),
        question("off", "How  long?", ("three hours", 40)),
        question("twice off", "Who met Putin?", ("Kim", 5)),
        question("blanks", "Where?", (" Vladivostok", 35)),
        question("several", "When?", ("2019", 17), ("in 2019", 14)),
        question("impossible", "Who met Xi?") | {"is_impossible": True},
    ]
    paragraphs = [{"context": CONTEXT, "qas": questions}, {"context": OTHER, "qas": []}]
    for source in SOURCES:
        data = [{"title": "Kim_and_Putin", "paragraphs": paragraphs if source.name == "squad" else []}]
        if source.name == "squad-dev":
            data = [{"title": "Xi", "paragraphs": []}, {"title": "Rails", "paragraphs": []}]
        _write(tmp_path / source.file, data)
    known, fresh = (
        question(identity, "Who met Xi?") | {"is_impossible": True} for identity in ("impossible", "fresh")
    )
    recovered = [
        {"title": "Rails", "paragraphs": [{"context": OTHER, "qas": [fresh]}]},
        {"title": "Kim_and_Putin", "paragraphs": [{"context": CONTEXT, "qas": [known]}]},
    ]
    _write(tmp_path / RECOVERED, recovered)
    for source in AUXILIARY:
        asked = [question("q", "who left by train", ("Kim", 0))]
        _write(tmp_path / source.file, [{"title": "T", "paragraphs": [{"context": CONTEXT, "qas": asked}]}])
    sentences = "doc:1:1\tHe `` left '' , it said .\ndoc:1:0\tKim -LRB- 39 -RRB- met Putin .\n"
    rows = [
        ("doc:1:0", "Whom did Kim meet that day ?", "5", "7:5"),
        ("doc:1:0", "Whom did Kim not meet there ?", "5", "7:0"),  # no validator agrees
        ("doc:1:0", "Who was it that met ?", "0 5", "7:0 5"),  # in two pieces
        ("doc:1:0", "Who met ?", "0", "7:0"),  # too short
    ]
    lines = "".join(
        f"{name}\t0\t1\t0\t0\t{asked}\t{tokens}\t{by}\t\n" for name, asked, tokens, by in rows * 40
    )
    for name, content in (("wiki-sentences", sentences), ("dev", lines), ("test", "")):
        (tmp_path / f"qamr-{name}.tsv.gz").write_bytes(gzip.compress(content.encode()))
    return tmp_path


def _write(path: Path, data: list[dict]) -> None:
    path.write_bytes(gzip.compress(json.dumps({"data": data}).encode()))


def test_recovered_questions_come_once_and_under_the_name_of_their_article(folder: Path, word_tokenizer):
    found = [e for e in load(folder, word_tokenizer, seed=1) if not e.spans]
    # "Rails" is the second article of its file, and articles are held out by these names.
    assert [(e.id, e.passage.article.id) for e in found] == [
        ("squad-impossible", "squad-0-0"),
        ("squad-dev-fresh", "squad-dev-1-0"),
    ]


def test_auxiliary_sets_come_in_order(folder: Path, word_tokenizer):
    found = list(auxiliary(folder, word_tokenizer, seed=1))
    assert [e.source for e in found] == ["nq", "quoref", "multispan", "ester"]
    assert {e.answers for e in found} == {("Kim",)}


def test_answers_stand_where_the_spans_say_also_where_the_file_was_off(folder: Path, word_tokenizer):
    found = {e.id: e for e in load(folder, word_tokenizer, seed=1) if e.source == "squad"}
    assert {name.removeprefix("squad-"): set(e.answers) for name, e in found.items()} == {
        "right": {"Kim"},
        "off": {"three hours"},  # occurs once, so its place is certain; "Kim" occurs twice
        "blanks": {"Vladivostok"},
        "several": {"2019", "in 2019"},
        "impossible": set(),
    }
    assert found["squad-impossible"].kind == "asked by people"
    assert found["squad-off"].question == "How long?"


def test_every_span_lies_in_its_passage_and_headers_are_whole_or_none(folder: Path, word_tokenizer):
    for seed in range(30):
        for e in load(folder, word_tokenizer, seed=seed):
            assert all(e.passage.start <= start < end <= e.passage.end for start, end in e.spans)
            if e.source == "squad":
                assert (e.passage.article.title, e.passage.article.published is None) in {
                    ("", True),
                    ("Kim and Putin", False),
                }


def test_some_paragraphs_are_joined_to_their_neighbours(folder: Path, word_tokenizer):
    found = load(folder, word_tokenizer, seed=1) + load(folder, word_tokenizer, seed=2)
    texts = {e.passage.article.text for e in found if e.source == "squad"}
    assert texts == {CONTEXT, f"{CONTEXT}\n\n{OTHER}"}


def test_same_seed_loads_the_same_examples(folder: Path, word_tokenizer):
    assert load(folder, word_tokenizer, seed=3) == load(folder, word_tokenizer, seed=3)


def test_qamr_keeps_agreed_whole_answers_in_running_text(folder: Path, word_tokenizer):
    found = [e for e in load(folder, word_tokenizer, seed=1) if e.source == QAMR]
    assert {(e.question, e.answers) for e in found} == {("Whom did Kim meet that day ?", ("Putin",))}
    assert {e.passage.text for e in found} == {'Kim (39) met Putin. He "left", it said.'}


def test_tokens_are_set_as_people_write_and_keep_their_places():
    words = [
        "Anna",
        "'s",
        "team",
        "did",
        "n't",
        "pay",
        "#",
        "5",
        "(",
        "again",
        ")",
        ",",
        "``",
        "she",
        "said",
        "''",
    ]
    article, places = _joined("x", [("s", words)], random.Random(1))
    assert article.text == "Anna's team didn't pay £5 (again), \"she said\""
    assert [article.text[slice(*place)] for place in places["s"]] == [
        "Anna", "'s", "team", "did", "n't", "pay", "£", "5", "(", "again", ")", ",", '"', "she", "said", '"'
    ]  # fmt: skip


def test_example_gives_its_answers():
    passage = Passage(Article("a", "", CONTEXT), 0, len(CONTEXT))
    assert Example("q", "Who?", passage, ((0, 3), (8, 13)), "squad").answers == ("Kim", "Putin")
