"""Written questions are kept and come back; research texts stay out of the repository."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.models.tokenizer import Tokenizer
from qa.models.weights import prepare
from qa.settings import AskSettings
from training import reserved, store
from training.store import Asked, Question, from_squad, joined, read, write
from training.written import BESIDE, NEWS, OPEN, written

TEXT = "Anna Berg opened the bridge in Bath on Monday. It cost 12 million pounds."
URL = "https://a.example/bridge"
WHO = Question("Who opened it?", "f", 0, 9)
ARTICLE = Asked("The bridge", "2022-05-01", "A Paper", URL, "CC BY 4.0", TEXT, False, (WHO,))


@pytest.fixture(autouse=True)
def domains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "DOMAINS", {name: tmp_path / f"{name}.jsonl.gz" for name in store.DOMAINS})


def archive(folder: Path, text: str = f"  {TEXT}\n\n\n\nMore of it.") -> Path:
    path = folder / "articles.jsonl.gz"
    row = {"url": URL, "title": "The bridge", "source": "A Paper", "text": text}
    path.write_bytes(gzip.compress(json.dumps(row).encode()))
    return path


def test_questions_on_open_articles_come_back_with_the_text():
    assert write(OPEN, [ARTICLE]) == 1
    assert list(read(OPEN)) == [ARTICLE]


def test_words_of_research_texts_are_not_kept_and_come_from_the_archive(tmp_path: Path):
    write(NEWS, [ARTICLE])
    kept = gzip.decompress(store.DOMAINS[NEWS].read_bytes()).decode()
    assert "Bath" not in kept
    assert "The bridge" not in kept
    assert list(read(NEWS, archive(tmp_path))) == [ARTICLE]


def test_archive_that_is_missing_or_has_another_text_is_named(tmp_path: Path):
    write(NEWS, [ARTICLE])
    with pytest.raises(ValueError, match="in no archive"):
        list(read(NEWS))
    with pytest.raises(ValueError, match=f"another text of {URL}"):
        list(read(NEWS, archive(tmp_path, TEXT.replace("Bath", "Bonn"))))


def test_same_questions_give_the_same_file():
    write(OPEN, [ARTICLE])
    once = store.DOMAINS[OPEN].read_bytes()
    write(OPEN, list(read(OPEN)))
    assert store.DOMAINS[OPEN].read_bytes() == once


def test_questions_on_one_text_are_joined_and_stand_once():
    what = Question("What did it cost?", "f", 55, 72)
    (whole,) = joined([ARTICLE, replace(ARTICLE, questions=(WHO, what), dev=True)])
    assert whole.questions == (WHO, what)
    assert whole.dev


def test_reserved_article_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reserved, "_listed", lambda: frozenset([reserved._digest(URL)]))
    with pytest.raises(ValueError, match="'The bridge' is reserved"):
        joined([ARTICLE])


def test_file_in_squad_format_is_read_with_tempting_words():
    asked = [
        {"question": " Who  opened it?", "kind": "f", "is_impossible": False,
         "answers": [{"text": "Anna Berg", "answer_start": 0}]},
        {"question": "Who closed it?", "kind": "u", "is_impossible": True, "answers": [],
         "plausible_answers": [{"text": "Anna Berg", "answer_start": 0}]},
    ]  # fmt: skip
    document = {"title": "The bridge", "date": "2022-05-01", "source": "A Paper", "url": URL,
                "licence": "CC BY 4.0", "paragraphs": [{"context": TEXT, "qas": asked}]}  # fmt: skip
    (found,) = from_squad({"data": [document]}, dev=False)
    assert found == replace(ARTICLE, questions=(WHO, Question("Who closed it?", "u", 0, 9)))


def test_kept_questions_all_point_into_their_texts():
    files = {name: store.FOLDER / f"{name}.jsonl.gz" for name in ("wikinews", "open-news", "squad")}
    many = 0
    for file in files.values():
        for line in gzip.decompress(file.read_bytes()).decode().splitlines():
            row = json.loads(line)
            for question in row["questions"]:
                assert 0 <= question["start"] < question["end"] <= len(row["text"])
                many += 1
            assert row["licence"].startswith("CC BY")
    assert many > 8000


def test_data_card_has_the_numbers_of_the_files():
    card = (store.FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in card.splitlines() if line.startswith("| `") and ".jsonl.gz" in line]
    assert len(rows) == 4
    for _, name, articles, questions, unanswerable, *_ in rows:
        file = store.FOLDER / name.strip(" `")
        found = [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]
        kinds = [question["kind"] for row in found for question in row["questions"]]
        counted = [len(found), len(kinds), kinds.count("u")]
        assert [
            int(cell.split()[0].replace(",", "")) for cell in (articles, questions, unanswerable)
        ] == counted


def test_question_is_asked_of_its_passage_and_stands_beside_others_of_the_article():
    tokenizer = Tokenizer.load(prepare(AskSettings().reader, "reader").folder)
    filling = "The council met on many evenings to speak of the bridge and of little else. " * 40
    text = f"{filling}{TEXT} {filling}"
    at = text.index("Anna")
    questions = (Question("Who opened it?", "f", at, at + 9), Question("Who closed it?", "u", at, at + 9))
    long = replace(ARTICLE, text=text, questions=questions)
    answerable, unanswerable = written([long], OPEN, tokenizer, seed=1)
    gold, *others = answerable.examples
    assert gold.answers == ("Anna Berg",)
    assert gold.passage.article.title == "The bridge"
    assert others
    assert all("Anna Berg" not in other.passage.text and other.kind == BESIDE for other in others)
    assert unanswerable.example.spans == ()
    assert "Anna Berg" in unanswerable.example.passage.text
    assert [each.chooses for each in written([replace(long, dev=True)], OPEN, tokenizer, seed=1)] == [
        True
    ] * 2
