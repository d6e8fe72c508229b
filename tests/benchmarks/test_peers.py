"""Figures beside the peers, from replies small enough to be reckoned by hand."""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from benchmarks.peers.exchange import (
    Asked,
    Built,
    Given,
    Replied,
    Source,
    Task,
    read_built,
    read_replied,
    write_built,
    write_replied,
)
from benchmarks.peers.figures import Answers, answers, floors, judged, measured, recall
from benchmarks.peers.material import chosen, sourced
from benchmarks.peers.processes import Program
from benchmarks.peers.report import answer_rows, markdown, speed_rows
from benchmarks.peers.weights import float32_copy
from benchmarks.report import Judged, goal_row
from qa.records import Article

PEERS = Path(__file__).resolve().parents[2] / "benchmarks" / "peers"
GOLDS = [("Kim Jong Un",), ("45 countries", "45"), ()]
GIVEN = [
    Given("Kim", "Kim", ["Kim Jong Un met Putin.", "Rain."]),  # F1 2 * 1 / (1 + 3) = 0.5
    Given(None, "45", ["None of it."]),
    Given(None, "Paris", []),
]
BUILT = Built(articles=10, passages=40, words=2000, seconds=4.0, megabytes=500.0)
REPLIED = Replied(GIVEN, [0.1, 0.2, 0.3], None, 700.0, {"given the day": [Given("Kim Jong Un", None)] * 3})


def system(**changes: object):
    return replace(measured(BUILT, REPLIED, GOLDS, cold_start=2.0), **changes)


def test_a_refusal_is_right_only_where_there_is_no_answer():
    assert answers(GIVEN, GOLDS) == Answers(
        exact=pytest.approx(1 / 3),
        f1=pytest.approx(0.5),  # 0.5, 0 and 1
        has_exact=0.0,
        has_f1=0.25,
        refused=1.0,
        forced_f1=0.75,  # 0.5 and 1
    )


def test_an_answer_is_due_for_each_question():
    with pytest.raises(ValueError, match="zip"):
        answers(GIVEN[:2], GOLDS)


def test_recall_looks_for_whole_words_and_leaves_out_the_unanswerable():
    assert recall(GIVEN, GOLDS) == 0.5
    assert recall([Given(None, None, ["The 450 of them"])], [("45",)]) == 0.0
    assert recall([Given(None, None)], [()]) is None


def test_rates_count_what_a_second_brought():
    one = measured(BUILT, REPLIED, GOLDS, cold_start=2.0)
    assert (one.articles_a_second, one.passages_a_second, one.words_a_second) == (2.5, 10.0, 500.0)
    assert (one.ask_p50, one.ask_p95) == (0.2, 0.3)
    assert one.questions_a_second == pytest.approx(5.0)
    assert not one.at_once
    assert one.megabytes == 700.0


def test_questions_at_once_have_a_rate_of_their_own():
    one = measured(BUILT, replace(REPLIED, batch_seconds=0.25), GOLDS, cold_start=2.0)
    assert one.questions_a_second == 12.0
    assert one.at_once


def test_a_peer_is_judged_by_the_way_it_does_best():
    # The variant is right once and never refuses, so F1 is 1, 0 and 0.
    one = system()
    assert one.variants["given the day"].f1 == pytest.approx(1 / 3)
    assert one.best_f1 == pytest.approx(0.5)
    variant = replace(one.answers, f1=0.9)
    assert replace(one, variants={"mended": variant}).best_f1 == 0.9


def test_goals_are_judged_beside_the_better_peer():
    ours = system(words_a_second=2000.0, ask_p50=0.1, cold_start=1.0, build_megabytes=100, ask_megabytes=400)
    slow = system(words_a_second=100.0, ask_p50=0.9, cold_start=9.0, ask_megabytes=2000.0)
    fast = system(words_a_second=400.0, ask_p50=0.4, cold_start=4.0, ask_megabytes=900.0)
    assert judged(ours, {"slow": slow, "fast": fast}) == [
        Judged("build, words/s, times", 5.0, 4),
        Judged("ask p50, times", 4.0, 4),
        Judged("cold start, times", 4.0, 5),
        Judged("peak memory, share", pytest.approx(4 / 9), 0.5, at_most=True),
        Judged("F1, points more", pytest.approx(0.0), 5),
    ]


def test_a_goal_of_at_most_is_met_from_below():
    assert Judged("memory", 0.5, 0.5, at_most=True).met
    assert not Judged("memory", 0.51, 0.5, at_most=True).met
    assert Judged("build", 4.0, 4).met
    assert not Judged("build", 3.9, 4).met


def test_floors_compare_the_fastest_and_the_same_float_type():
    ours = {"passages/s, as shipped": 60.0, "passages/s, float32": 20.0, "queries/s, one by one": 1000.0}
    theirs = {
        "passages/s, torch float32": 18.0,
        "passages/s, OpenVINO": 40.0,
        "passages/s, OpenVINO float32": 25.0,
        "queries/s, one by one": 500.0,
        "queries/s, all at once": 2000.0,
    }
    assert [one.value for one in floors(ours, theirs)] == [1.5, 0.8]


def test_files_between_the_environments_bring_back_what_went_in(tmp_path: Path):
    task = Task(tmp_path / "task", "an/embedder", "a/reader")
    article = Source("a1", "A title", "One line\u2028and the same line", None, "")
    task.write([article], [Asked("Who?", "2023-01-05"), Asked("When?", None)])
    again = Task.load(tmp_path / "task")
    assert again == task
    assert again.articles() == [article]
    assert again.questions() == [Asked("Who?", "2023-01-05"), Asked("When?", None)]
    write_built(tmp_path / "built.json", {"one": BUILT})
    assert read_built(tmp_path / "built.json") == {"one": BUILT}
    write_replied(tmp_path / "replied.json", REPLIED)
    assert read_replied(tmp_path / "replied.json") == REPLIED


def test_linked_articles_come_in_whatever_the_count_and_others_fill_up():
    pool = [Article(str(n), "", "text", None, url=f"https://example.org/{n}") for n in range(5)]
    assert [a.id for a in chosen(pool, {"https://example.org/3"}, 3)] == ["0", "1", "3"]
    with pytest.raises(ValueError, match="2 articles are linked to the questions, but only 1 wanted"):
        chosen(pool, {"https://example.org/1", "https://example.org/2"}, 1)


def test_dates_go_out_as_people_write_them():
    article = Article("a", "T", "text", datetime(2023, 9, 5, 12, tzinfo=UTC))
    assert sourced(article) == Source("a", "T", "text", "2023-09-05T12:00:00+00:00", "5 September 2023")


def test_weights_stay_the_same_numbers_in_float32(tmp_path: Path):
    numbers = np.array([0.1, -65504.0, 6e-8], dtype=np.float16)
    (tmp_path / "half").mkdir()
    save_file({"w": numbers}, tmp_path / "half" / "model.safetensors")
    (tmp_path / "half" / "config.json").write_text('{"dtype": "float16", "layers": 6}')
    folder = float32_copy(tmp_path / "half", tmp_path / "whole")
    copied = load_file(folder / "model.safetensors")["w"]
    assert copied.dtype == np.float32
    assert copied.tolist() == numbers.tolist()
    assert json.loads((folder / "config.json").read_text()) == {"dtype": "float32", "layers": 6}


def test_first_answer_stops_the_watch_and_a_failure_names_its_log(tmp_path: Path):
    (tmp_path / "said.log").touch()
    program = Program(Path(sys.executable), "benchmarks.peers.no_such_system")
    with pytest.raises(RuntimeError, match=r"no_such_system first ended with exit code 1; see .*said\.log"):
        program.run("first", log=tmp_path / "said.log")


def test_tables_have_a_column_for_each_system_and_a_row_for_each_way_of_asking():
    systems = {"One": system(), "Two": system(at_once=True)}
    rows = speed_rows(systems)
    assert rows[0] == ("build, words/s", "500", "500")
    assert ("questions/s", "5.0", "5.0 (at once)") in rows
    assert ("peak memory, build / ask, MB", "500 / 700", "500 / 700") in rows
    assert [row[0] for row in answer_rows(systems)] == ["One", "given the day", "Two", "given the day"]
    assert goal_row(Judged("memory", 0.4, 0.5, at_most=True)) == ("memory", "0.40", "<= 0.5", "ok")
    assert goal_row(Judged("build", 3.0, 4)) == ("build", "3.00", ">= 4", "MISSED")
    assert markdown(("", "a"), [("x", "1")]) == "|  | a |\n| --- | --- |\n| x | 1 |"


@pytest.mark.parametrize("name", ["exchange", "stages", "haystack_pipelines", "txtai_rag"])
def test_what_runs_beside_the_peers_needs_nothing_of_ours(name: str):
    modules = [
        node.module
        for node in ast.walk(ast.parse((PEERS / f"{name}.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]
    ours = [module for module in modules if module.startswith(("qa", "benchmarks"))]
    assert set(ours) <= {"benchmarks.peers", "benchmarks.peers.exchange", "benchmarks.peers.stages"}
