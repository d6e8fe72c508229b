"""SQuAD-format files, both versions, and what is told of one that is not."""

import gzip
import json

import pytest

from qa.errors import InputError
from qa.evaluate.squad import SquadQuestion, load_squad


def whole(*questions, context="Shoigu came on Tuesday."):
    return {"data": [{"title": "A_visit", "paragraphs": [{"context": context, "qas": list(questions)}]}]}


def test_both_versions_of_the_format_are_read_plain_and_compressed(tmp_path):
    content = json.dumps(
        whole(
            {"id": 1, "question": "When?", "answers": [{"text": "Tuesday", "answer_start": 15}]},
            {"question": "Why?", "answers": [], "is_impossible": True},
        )
    ).encode()
    (tmp_path / "plain.json").write_bytes(b"\xef\xbb\xbf" + content)
    (tmp_path / "packed.json.gz").write_bytes(gzip.compress(content))
    expected = [
        SquadQuestion("1", "When?", "A visit", "Shoigu came on Tuesday.", ("Tuesday",)),
        SquadQuestion("data[0].paragraphs[0].qas[1]", "Why?", "A visit", "Shoigu came on Tuesday.", ()),
    ]
    assert load_squad(tmp_path / "plain.json") == expected
    assert load_squad(tmp_path / "packed.json.gz") == expected


def test_plausible_answers_to_an_impossible_question_are_no_golds(tmp_path):
    question = {"id": "x", "question": "Who?", "is_impossible": True, "answers": [{"text": "Shoigu"}]}
    (tmp_path / "file.json").write_text(json.dumps(whole(question)))
    assert load_squad(tmp_path / "file.json")[0].golds == ()


FINE = {"question": "Who?", "answers": [{"text": "Shoigu"}]}
PLACE = "data[0].paragraphs[0].qas[0]"


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ('{"data": [\n1 2]}', ":2", "this is no JSON (Expecting ',' delimiter, column 3)"),
        ("[1]", "", "this is no object with 'data'"),
        ("{}", "", "'data' is missing"),
        ('{"data": []}', "", "this file holds no questions"),
        ('{"data": 3}', "", "'data' must be a list"),
        ('{"data": [3]}', "", "'data'[0] must be an object"),
        ('{"data": [{}]}', ": data[0]", "'paragraphs' is missing"),
        (json.dumps(whole({"answers": []})), f": {PLACE}", "'question' is missing"),
        (json.dumps(whole(FINE | {"question": " "})), f": {PLACE}", "'question' is empty"),
        (json.dumps(whole(FINE | {"question": 7})), f": {PLACE}", "'question' must be text, not 7"),
        (json.dumps(whole({"question": "Who?"})), f": {PLACE}", "'answers' is missing"),
        (json.dumps(whole(FINE | {"answers": "x"})), f": {PLACE}", "'answers' must be a list"),
        (json.dumps(whole(FINE | {"answers": ["x"]})), f": {PLACE}", "'answers'[0] must be an object"),
        (json.dumps(whole(FINE | {"answers": [{}]})), f": {PLACE}: answers[0]", "'text' is missing"),
        (json.dumps(whole(FINE, context=None)), f": {PLACE}", "'context' must be text, not null"),
        ("[" * 200_000, "", "this is no JSON of questions (nested too deeply)"),
    ],
)
def test_file_of_another_form_is_reported_with_place_and_cure(tmp_path, content, where, what):
    path = tmp_path / "file.json"
    path.write_text(content)
    with pytest.raises(InputError) as told:
        load_squad(path)
    assert (told.value.what, told.value.where) == (what, f"{path}{where}")
    assert told.value.cure.startswith("SQuAD's format is {")
