"""Figures of a run of five questions, each worked out by hand."""

import json

import numpy as np
import pytest
from rich.console import Console

from qa.evaluate.asking import Latency, Outcome
from qa.evaluate.finding import Found
from qa.evaluate.questions import Question
from qa.evaluate.report import Recall, evaluation, to_dict
from qa.evaluate.table import evaluation_of, percent
from qa.records import Answer, Article, Reply


def outcome(number, golds, given, confidence, *, shown, seconds, articles=(), calibrated=True):
    reply = Reply("Who?", (), (), calibrated=calibrated)
    if given is not None:
        article = Article(id=str(number), title=f"Title {number}", text=given)
        answer = Answer(article, 0, len(given), confidence if calibrated else None, margin=10 * confidence)
        reply = Reply(
            "Who?", (answer,) if shown else (), (), calibrated, best_rejected=None if shown else answer
        )
    question = Question(f"q{number}", f"file.jsonl:{number}", f"Question {number}?", golds, articles)
    return Outcome(question, reply, seconds)


def run(**changes):
    return [
        outcome(1, ("Kim",), "Kim", 0.9, shown=True, seconds=0.1, articles=("a",), **changes),
        outcome(2, ("Kim", "Un"), "Putin", 0.8, shown=True, seconds=0.2, articles=("b",), **changes),
        outcome(3, ("two words",), "words", 0.3, shown=False, seconds=0.5, **changes),  # F1 2/3: right
        outcome(4, (), "Lavrov", 0.2, shown=False, seconds=0.3, **changes),
        outcome(5, (), None, 0.0, shown=False, seconds=0.4, **changes),
    ]


FOUND = [Found(1, 2), Found(7, None), Found(None, None), Found(None, None), Found(None, None)]


@pytest.fixture
def result():
    return evaluation(run(), FOUND)


def test_recall_counts_each_kind_of_gold_only_where_it_is_given(result):
    assert result.recall == (
        Recall(1, answer=1 / 3, article=0.0),
        Recall(5, answer=1 / 3, article=0.5),
        Recall(10, answer=2 / 3, article=0.5),
        Recall(20, answer=2 / 3, article=0.5),
    )


def test_an_answer_kept_back_counts_as_refused_unless_it_is_forced(result):
    assert (result.questions, result.answerable) == (5, 3)
    assert (result.shipped.has_exact, result.shipped.has_f1) == (1 / 3, 1 / 3)
    assert (result.forced.has_exact, result.forced.has_f1) == (1 / 3, pytest.approx((1 + 2 / 3) / 3))
    assert (result.refused_unanswerable, result.refused_answerable) == (1.0, 1 / 3)


def test_trust_is_measured_on_every_question_with_the_best_span_given(result):
    # By confidence: 0 wrong, .2 wrong, .3 right, .8 wrong, .9 right; a bin each.
    assert result.trust.error == pytest.approx((0 + 0.2 + 0.7 + 0.8 + 0.1) / 5)
    assert result.trust.curve.risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4, 3 / 5])
    assert result.trust.coverage == 0.2


def test_slowest_and_worst_questions_come_first(result):
    assert [case.id for case in result.slowest] == ["q3", "q5", "q4", "q2", "q1"]
    assert [(case.where, case.given, case.confidence) for case in result.worst] == [
        ("file.jsonl:2", "Putin", 0.8),
        ("file.jsonl:4", "Lavrov", 0.2),
    ]
    assert result.latency == Latency(p50=0.3, p95=0.5)


def test_without_calibration_no_probability_is_claimed():
    result = evaluation(run(calibrated=False), FOUND)
    assert result.trust is None
    assert to_dict(result)["trust"] == "uncalibrated"
    assert [(case.id, case.confidence, case.margin) for case in result.worst] == [
        ("q2", None, 8.0),
        ("q4", None, 2.0),
    ]


def test_kinds_of_question_that_do_not_occur_have_no_figure():
    result = evaluation(run()[3:], FOUND[3:])
    assert (result.refused_answerable, result.shipped.has_f1) == (None, None)
    assert result.recall[0] == Recall(1, None, None)


def test_json_holds_every_figure_in_plain_values(result):
    plain = to_dict(result)
    assert json.loads(json.dumps(plain, allow_nan=False))["trust"]["curve"] == {
        "thresholds": [0.9, 0.8, 0.3, 0.2, 0.0],
        "coverage": [0.2, 0.4, 0.6, 0.8, 1.0],
        "risk": pytest.approx([0, 0.5, 1 / 3, 0.5, 0.6]),
    }
    assert plain["trust"]["bins"][0] == {
        "questions": 1,
        "lowest": 0.0,
        "highest": 0.0,
        "confidence": 0.0,
        "accuracy": 0.0,
    }
    assert plain["worst"][0]["question"] == "Question 2?"
    assert isinstance(result.trust.curve.risk, np.ndarray)  # the record itself is not changed


def printed(result):
    console = Console(width=120)
    with console.capture() as captured:
        console.print(evaluation_of(result), markup=False)
    return captured.get()


def test_terminal_shows_figures_and_the_questions_to_look_at(result):
    lines = [" ".join(line.replace("│", " ").split()) for line in printed(result).splitlines()]
    assert lines[0] == "5 questions: 3 answerable, 2 not"
    for line in (
        "one with a gold answer 33.3 % 33.3 % 66.7 % 66.7 %",
        "one of a gold article 0.0 % 50.0 % 50.0 % 50.0 %",
        "F1, answerable 33.3 % 55.6 %",
        "answerable refused 33.3 % -",
        "80.0 % (80.0 % to 80.0 %) 0.0 % 1",
        "A question takes 0.300 s (p50), 0.500 s (p95).",
        "file.jsonl:2 Question 2?",
        "wanted Kim | Un",
        "given Putin (80.0 %, F1 0.0 %, 0.200 s)",
        "given Lavrov (20.0 %, kept back, F1 0.0 %, 0.300 s)",
        "wanted no answer in the archive",
        "no answer, 0.400 s",
    ):
        assert line in lines
    trust = "Calibration error 36.0 %; 80.0 % of the answers are right if the surest 20.0 % of"
    assert any(line.startswith(trust) for line in lines)


def test_terminal_says_uncalibrated_and_shows_margins():
    text = printed(evaluation(run(calibrated=False), FOUND))
    assert "The reader is uncalibrated" in text
    assert "given  Putin (margin 8.0, F1 0.0 %" in text
    assert "Calibration error" not in text


def test_brackets_of_a_question_are_no_markup():
    strange = outcome(1, ("[bold]x[/]",), "[red]", 0.5, shown=True, seconds=0.1)
    text = printed(evaluation([strange], [Found(None, None)]))
    assert "wanted [bold]x[/]" in text
    assert "given  [red] (" in text


def test_percent_writes_one_decimal_and_a_dash_for_nothing():
    assert percent(0.6123) == "61.2 %"
    assert percent(None) == "-"
