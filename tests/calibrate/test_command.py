"""``python -m qa calibrate`` as a person types it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

SAMPLE = Path("benchmarks/questions/sample.jsonl")


@pytest.fixture
def index(sample_index, tmp_path: Path) -> Path:
    """Copy the sample's index for one test, since the calibration lies beside it."""
    return Path(shutil.copytree(sample_index, tmp_path / "index"))


def questions(folder: Path, lines: list[str]) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_fitted_calibration_lies_beside_the_index_and_is_used(type_in, index: Path, tmp_path: Path):
    file = questions(tmp_path, SAMPLE.read_text(encoding="utf-8").splitlines()[::2])
    code, out, _ = type_in("calibrate", file, "--index", index, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["questions"], Path(found["file"]).parent) == (60, index)
    assert 0 < found["guess"] <= found["threshold"] < 1
    assert 0 <= found["error"] < 0.5
    question = json.loads(file.read_text(encoding="utf-8").splitlines()[0])["question"]
    kept = json.loads(Path(found["file"]).read_text())
    sure = [_best(type_in, question, index)]
    # Whatever the evidence, this calibration is never sure and never guesses.
    never = dict.fromkeys(kept, 0.0) | {"threshold": 0.9, "guess": 0.8}
    Path(found["file"]).write_text(json.dumps(never))
    sure.append(_best(type_in, question, index))
    assert sure[0] != sure[1] == 0.5
    assert type_in("ask", question, "--index", index)[0] == 1


def _best(type_in, question: str, index: Path) -> float:
    reply = json.loads(type_in("ask", question, "--index", index, "--json")[1])
    return (reply["answers"] + [reply["best_rejected"]])[0]["confidence"]


def test_too_few_questions_are_refused_before_any_is_asked(type_in, index: Path, tmp_path: Path):
    file = questions(tmp_path, SAMPLE.read_text(encoding="utf-8").splitlines()[:49])
    code, _, err = type_in("calibrate", file, "--index", index)
    assert code == 2
    assert "49 questions are too few to calibrate on: 50 are the least" in err
    assert not list(index.glob("calibration-*"))


def test_questions_without_a_right_answer_are_refused_whole(type_in, index: Path, tmp_path: Path):
    lines = [json.dumps({"question": f"Who is number {n}?", "answers": []}) for n in range(50)]
    code, _, err = type_in("calibrate", questions(tmp_path, lines), "--index", index)
    assert code == 2
    assert "the best answer is right for 0 of 50 questions: too few to fit on" in err
    assert "Check their answers" in err
    assert not list(index.glob("calibration-*"))
