"""Question files of users: what is understood, and one clear line for each mistake in them."""

import gzip
import json
import os
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.evaluate.questions import Question, load_questions, spaced


def written(tmp_path, *records, name="q.jsonl"):
    path = tmp_path / name
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), "utf-8")
    return path


def test_a_gzip_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.evaluate.fields.MOST_BYTES", 2**20)
    (tmp_path / "q.jsonl.gz").write_bytes(gzip.compress(b" " * (2**20 + 1)))
    with pytest.raises(InputError) as caught:
        load_questions(tmp_path / "q.jsonl.gz")
    assert str(caught.value) == f"{tmp_path}/q.jsonl.gz: this file has more than 1 MB, unpacked. Split it."


def test_a_line_may_hold_no_more_than_question_and_answer(tmp_path):
    path = written(
        tmp_path,
        {"question": "Who?", "answer": "Kim"},
        "",
        {"question": "Why?", "answers": []},
        {"question": "When?", "answer": None},
    )
    assert load_questions(path) == [
        Question("1", f"{path}:1", "Who?", ("Kim",)),
        Question("3", f"{path}:3", "Why?", ()),
        Question("4", f"{path}:4", "When?", ()),
    ]


def test_a_line_may_name_articles_and_filters(tmp_path):
    record = {
        "id": 7,
        "question": "Who?",
        "answers": ["Kim", "Kim Jong Un"],
        "articles": ["a1", "https://example.org/2"],
        "since": "July 2023",
        "until": "2023",
        "source": "Reuters",
        "tag": ["Russia", "Korea"],
        "as_of": "2023-09-20",
        "kind": "who",
    }
    path = written(tmp_path, record)
    assert load_questions(path) == [
        Question(
            id="7",
            where=f"{path}:1",
            question="Who?",
            golds=("Kim", "Kim Jong Un"),
            articles=("a1", "https://example.org/2"),
            since="July 2023",
            until="2023",
            sources=("Reuters",),
            tags=("Russia", "Korea"),
            as_of="2023-09-20",
        )
    ]


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Who\u2028came?", "answer": "Kim"}\r\n', "utf-8")
    assert [q.question for q in load_questions(path)] == ["Who\u2028came?"]


def test_packed_lines_and_squad_files_are_read(tmp_path):
    line = b'{"question": "Who?", "answer": "Kim"}'
    (tmp_path / "q.jsonl.gz").write_bytes(gzip.compress(line))
    assert [q.golds for q in load_questions(tmp_path / "q.jsonl.gz")] == [("Kim",)]
    qas = [{"id": "s1", "question": "Who?", "answers": [{"text": "Kim"}]}]
    squad = {"data": [{"paragraphs": [{"context": "Kim came.", "qas": qas}]}]}
    path = written(tmp_path, squad, name="q.json")
    assert load_questions(path) == [Question("s1", f"{path}: question 's1'", "Who?", ("Kim",))]


def test_the_sample_archives_questions_are_read_as_they_are():
    questions = load_questions(Path("benchmarks/questions/sample.jsonl"))
    assert (len(questions), sum(not q.golds for q in questions)) == (120, 30)
    assert questions[0].golds == ("45 countries", "45")
    assert questions[0].articles == ("Two powerful earthquakes kill more than 3,400 in Turkey and Syria",)
    assert all(bool(q.golds) == bool(q.articles) for q in questions)


FINE = {"question": "Who?", "answers": ["Kim"]}
OBJECT = 'A line is an object: {"question": "...", "answers": ["..."]}'
ANSWERS = 'Write "answers": ["..."], or "answers": [] if the archive has no answer.'


@pytest.mark.parametrize(
    ("record", "what", "cure"),
    [
        ('{"question": "Who?"', "this is no JSON (Expecting ',' delimiter, column 20)", OBJECT),
        ("Who?", "this is no JSON (Expecting value, column 1)", OBJECT),
        ("[]", "this line is no object", OBJECT),
        ({"answers": ["Kim"]}, "'question' is missing", OBJECT),
        (FINE | {"question": ["Who?"]}, "'question' must be text, not [\"Who?\"]", OBJECT),
        (FINE | {"question": ""}, "'question' is empty", OBJECT),
        (FINE | {"question": "?!"}, "the question is empty", 'Ask in words: "Who bought Twitter?"'),
        ({"question": "Who?"}, "'answers' is missing", ANSWERS),
        (FINE | {"answers": 45}, "'answers' must be text or a list of texts, not 45", ANSWERS),
        (FINE | {"answers": [{"text": "Kim"}]}, "'answers' must be text or a list of texts, not", ANSWERS),
        (FINE | {"answers": ["Kim", " "]}, "'answers' holds an empty text", ANSWERS),
        (FINE | {"articles": [7]}, "'articles' must be text or a list of texts, not [7]", "Name articles"),
        (FINE | {"since": 2023}, "'since' must be text, not 2023", 'Write a day, month or year: "since": '),
        (FINE | {"until": "someday"}, "'someday' is not a date", ""),
        (FINE | {"as_of": "soon"}, "'soon' is not a date", ""),
        (FINE | {"since": "2024", "until": "2023"}, "no day lies between since 2024 and until 2023", ""),
    ],
)
def test_mistake_in_a_line_is_reported_with_line_field_and_cure(tmp_path, record, what, cure):
    path = written(tmp_path, FINE, record, FINE)
    with pytest.raises(InputError) as told:
        load_questions(path)
    assert told.value.where == f"{path}:2"
    assert told.value.what.startswith(what)
    assert told.value.cure.startswith(cure)


def test_a_long_wrong_value_is_cut_to_fit_the_line(tmp_path):
    path = written(tmp_path, FINE | {"answers": {"text": "x" * 1000}})
    with pytest.raises(InputError) as told:
        load_questions(path)
    assert len(told.value.what) < 100


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("q.jsonl", b"", "this file is empty"),
        ("q.json", b" \n ", "this file is empty"),
        ("q.jsonl", b"\xff\xfe\x00", "this file is not UTF-8"),
        ("q.jsonl.gz", b"plain", "this file cannot be read (Not a gzipped file (b'pl'))"),
        ("q.jsonl.gz", gzip.compress(b"{}" * 99)[:-9], "this file cannot be read ("),
        ("q.csv", b"question,answer", "a question file ends in .jsonl or .json, not in '.csv'"),
        ("questions", b"x", "a question file ends in .jsonl or .json, not in ''"),
    ],
)
def test_file_that_cannot_be_used_is_reported_with_a_cure(tmp_path, name, content, what):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as told:
        load_questions(path)
    assert told.value.what.startswith(what)
    assert told.value.where == str(path)
    assert told.value.cure


def test_missing_file_and_folder_are_reported(tmp_path):
    (tmp_path / "folder.jsonl").mkdir()
    for name, reason in (("gone.jsonl", "No such file or directory"), ("folder.jsonl", "Is a directory")):
        with pytest.raises(InputError) as told:
            load_questions(tmp_path / name)
        assert told.value.what == f"this file cannot be read ({reason})"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission_is_reported(tmp_path):
    path = written(tmp_path, FINE)
    path.chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        load_questions(path)


def test_a_limited_sample_is_evenly_spaced():
    assert spaced(range(10), 4) == [0, 2, 5, 7]
    assert spaced(range(3), None) == [0, 1, 2]
    assert spaced(range(3), 9) == [0, 1, 2]
    with pytest.raises(ValueError, match="at least 1, not 0"):
        spaced(range(3), 0)


@pytest.mark.parametrize("number", ["9" * 5000, "[" * 100_000])
def test_line_that_no_parser_should_meet_is_reported_in_one_line(tmp_path: Path, number: str):
    path = tmp_path / "questions.jsonl"
    path.write_text(f'{{"question": "Who met Putin?", "answers": [], "id": {number}}}')
    with pytest.raises(InputError, match="this is no JSON"):
        load_questions(path)
