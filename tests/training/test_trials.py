"""What is tried, and the line that tells of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from qa.evaluate.squad import SquadQuestion
from qa.read.candidate import Candidate
from training.judging import chosen, judged, tell
from training.train import Recipe
from training.trials import changed

PLAIN = Recipe(start="a", steps=3)


def test_every_trial_changes_one_thing():
    found = changed(PLAIN, Path("m"), [Path("t"), Path("u")])
    assert found.pop("nothing changed") == PLAIN
    assert found == {
        "label smoothing": replace(PLAIN, smoothing=0.1),
        "a head for no answer": replace(PLAIN, null_head=True),
        "twice the rate": replace(PLAIN, peak_rate=2e-4),
        "a cosine": replace(PLAIN, cosine=True),
        "the last weights, no mean of steps": replace(PLAIN, average=0.0),
        "teachers": replace(PLAIN, teachers=("t", "u")),
        "masked words first": replace(PLAIN, start="m"),
    }


def test_what_is_not_there_is_not_tried():
    assert "teachers" not in changed(PLAIN, None, [])
    assert "masked words first" not in changed(PLAIN, None, [])


def test_runs_are_chosen_by_name_and_keep_their_order():
    runs = {"a": 1, "b": 2, "c": 3}
    assert list(chosen(runs, ["c", "a"]).items()) == [("a", 1), ("c", 3)]
    assert chosen(runs, None) == chosen(runs, []) == runs
    with pytest.raises(typer.BadParameter, match="there is no run 'd'; the runs are 'a', 'b', 'c'"):
        chosen(runs, ["a", "d"])


class Pointing:
    """Points at the first word, as sure as the question is long."""

    calibration = None

    def read(self, question, passages):
        end = passages[0].text.index(" ")
        return [Candidate(0, 0, end, margin=float(len(question)), null=0.0)]


def test_judged_tells_forced_and_best():
    asked = [
        SquadQuestion("1", "Who came yesterday?", "", "Anna came yesterday.", ("Anna",)),
        SquadQuestion("2", "When did Carl leave?", "", "Carl left at noon.", ("noon",)),
        SquadQuestion("3", "Why?", "", "Nobody knows.", ()),
    ]
    # At best the short question is refused: 1 of 2 right, and the one without an answer.
    assert judged(Pointing(), asked) == {"forced_f1": 50.0, "best_f1": 66.7, "has_f1": 50.0, "refused": 100.0}


def test_judged_without_unanswerable_questions_tells_of_no_refusal():
    asked = [SquadQuestion("1", "Who came?", "", "Anna came.", ("Anna",))]
    assert judged(Pointing(), asked) == {"forced_f1": 100.0, "best_f1": 100.0, "has_f1": 100.0}


def test_lines_of_the_log_follow_each_other(tmp_path: Path, capsys):
    tell({"run": "a", "f1": 1.0}, tmp_path / "log.jsonl")
    tell({"run": "b"}, tmp_path / "log.jsonl")
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["run"] for line in lines] == ["a", "b"]
    assert capsys.readouterr().out.splitlines() == lines
