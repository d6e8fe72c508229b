"""``python -m qa evaluate`` as a person types it."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from qa.settings import BUNDLED_READER

RECORDS = [
    {"question": "How many ships were queuing at the Suez Canal?", "answers": ["369"]},
    {"question": "Which canal did the Ever Given block?", "answers": ["Suez Canal"]},
    {"question": "What is the boiling point of tungsten carbide?", "answers": []},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    return path


def test_figures_come_as_a_table_with_a_bar_beside_them(type_in, sample_index, file):
    code, out, err = type_in("evaluate", file, "--index", sample_index)
    assert code == 0
    assert out.startswith("3 questions: 2 answerable, 1 not\n")
    assert "Calibration error " in out
    assert "3 of 3 questions" in err


def test_figures_come_as_json_and_as_a_picture(type_in, sample_index, file, tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "trust.png"
    code, out, _ = type_in("evaluate", file, "--index", sample_index, "--json", "--picture", picture)
    result = json.loads(out)
    assert (code, result["questions"], result["refused_unanswerable"]) == (0, 3, 1.0)
    assert result["forced"]["has_exact"] == 1.0
    assert len(result["trust"]["bins"]) == 3
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_sample_questions_are_measured_as_they_are(type_in, sample_index):
    questions = "benchmarks/questions/sample.jsonl"
    code, out, _ = type_in("evaluate", questions, "--index", sample_index, "--limit", "4", "--json")
    result = json.loads(out)
    assert (code, result["questions"]) == (0, 4)
    assert result["recall"][-1]["article"] == 1.0


def test_picture_of_a_reader_without_calibration_is_refused(type_in, sample_index, file, tmp_path):
    pytest.importorskip("matplotlib")
    reader = shutil.copytree(
        Path(BUNDLED_READER), tmp_path / "reader", ignore=shutil.ignore_patterns("calibration.json")
    )
    picture = tmp_path / "trust.png"
    code, out, err = type_in(
        "evaluate", file, "--index", sample_index, "--reader", reader, "--picture", picture
    )
    assert (code, out, picture.exists()) == (2, "", False)
    assert (
        err
        == f"qa: {reader}: this reader is uncalibrated, so it has no curve to draw. Leave --picture out.\n"
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "{file}: this file is empty. Write a question a line into it."),
        ("{", "{file}:1: this is no JSON (Expecting property name enclosed in double quotes, column 2)."),
        ('{"question": "Who?"}', "{file}:1: 'answers' is missing. Write \"answers\": "),
        (
            '{"question": "Who?", "answers": 1}',
            "{file}:1: 'answers' must be text or a list of texts, not 1.",
        ),
    ],
)
def test_bad_question_file_gives_one_line_and_exit_code_2(type_in, tmp_path, content, line):
    path = tmp_path / "bad.jsonl"
    path.write_text(content)
    # The index does not exist either, but the mistake is reported before anything is loaded.
    code, out, err = type_in("evaluate", path, "--index", "/nowhere")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("qa: " + line.replace("{file}", str(path)))


def test_missing_file_and_missing_index_give_one_line_each(type_in, file):
    code, _, err = type_in("evaluate", "/no/questions.jsonl", "--index", "/nowhere")
    assert code == 2
    assert err.startswith("qa: /no/questions.jsonl: this file cannot be read (No such file or directory).")
    code, _, err = type_in("evaluate", file, "--index", "/nowhere")
    assert code == 2
    assert err.startswith("qa: /nowhere: there is no index here.")


def test_picture_without_matplotlib_is_refused_before_the_long_work(type_in, file, monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n: None if n == "matplotlib" else find_spec(n))
    code, _, err = type_in("evaluate", file, "--index", "/nowhere", "--picture", "a.png")
    assert (code, err) == (
        2,
        "qa: a picture needs matplotlib, which is not installed. "
        "Run: pip install -r requirements-benchmarks.txt\n",
    )
