"""The calibration's fit, on candidates whose truth is known."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import numpy as np
import pytest

from benchmarks.quiz_questions import Asking
from qa.archive import Archive
from qa.read.evidence import FEATURES, OWN, Evidence
from qa.settings import AskSettings
from training.calibrate import Asked, ask, best_threshold, fit, worth_of_agreement


def test_threshold_balances_right_and_shown_answers():
    confidences = np.array([0.9, 0.8, 0.3, 0.2])
    # Two shown: F1 = 2 * 2 / (2 + 3) = 0.80; all four shown: 2 * 3 / (4 + 3) = 0.86, from 0.01 on.
    assert best_threshold(confidences, np.array([True, True, False, True])) == 0.01
    # Two shown: 2 * 2 / (2 + 2) = 1, from just above 0.3 on; the wrong ones below are kept back.
    assert best_threshold(confidences, np.array([True, True, False, False])) == 0.31


def test_of_thresholds_that_are_nearly_as_good_the_lowest_is_taken():
    right = np.arange(1000) >= 500
    confidences = np.where(right, 0.8, 0.1)
    confidences[:2] = 0.5  # two wrong ones: F1 = 2 * 500 / (502 + 500) = 0.998, within 0.005 of 1
    assert best_threshold(confidences, right) == 0.11


def asked(random: np.random.Generator, agreement: float) -> Asked:
    """Four candidates, of which at most one is right, drawn in proportion to e^score against e^0 for none."""
    features = random.normal(size=(4, len(FEATURES)))
    chances = np.exp(np.append(features[:, : len(OWN)] @ [1.5, 1.5 * agreement], 0.0))
    right = random.choice(5, p=chances / chances.sum())
    return Asked(Evidence(features, ("a", "b", "c", "d")), np.arange(4) == right)


@pytest.mark.parametrize("worth", [0, 4])
def test_ranking_finds_what_agreement_was_worth(worth: int):
    random = np.random.default_rng(0)
    found = worth_of_agreement([asked(random, worth) for _ in range(3000)])
    assert worth / 2 <= found <= worth


def test_question_of_double_weight_counts_like_two():
    random = np.random.default_rng(2)
    questions = [asked(random, 0.3) for _ in range(60)]
    heavy = [replace(question, weight=2.0) for question in questions[:20]]
    assert fit(heavy + questions[20:]).margin != pytest.approx(fit(questions).margin, rel=1e-3)
    twice = [*questions[:20], *questions]
    assert asdict(fit(heavy + questions[20:])) == pytest.approx(asdict(fit(twice)), rel=0.03, abs=0.02)


def test_confidence_is_the_share_of_winners_that_are_right():
    random = np.random.default_rng(1)
    questions = [asked(random, 0) for _ in range(4000)]
    calibration = fit(questions)
    confidences = [calibration.confidences(question.evidence) for question in questions]
    winners = [int(np.argmax(found)) for found in confidences]
    sure = np.array([found[winner] for found, winner in zip(confidences, winners, strict=True)])
    right = np.array([q.right[winner] for q, winner in zip(questions, winners, strict=True)])
    for low, high in ((0.3, 0.5), (0.5, 0.7), (0.7, 0.9)):
        of_bin = (sure >= low) & (sure < high)
        assert of_bin.sum() > 200
        assert right[of_bin].mean() == pytest.approx(sure[of_bin].mean(), abs=0.06)


@pytest.mark.parametrize(
    "question", ["How many died in the storm?", "How many died in the storm of May 2021?"]
)
def test_confidence_is_fitted_on_the_hits_that_ask_reads(
    build_small, open_small, number_reader, question: str
):
    fields = {"title": "Storm", "text": "Officials said 14 people died in the storm on the coast."}
    days = ("2021-03-29", "2021-05-02", "2021-08-30")
    build_small([{"id": day, "date": day, "source": day, **fields} for day in days])
    news = Archive(open_small(), number_reader, AskSettings())
    asking = Asking(question, ("14",), date(2021, 8, 31))
    (one,) = ask([asking], news, 1.0)
    assert one.sighted is not None
    hits = news.ask(question, as_of=asking.day).hits
    assert one.sighted.hits == hits
    assert hits[0].passage.article.id == ("2021-05-02" if "May" in question else "2021-08-30")
