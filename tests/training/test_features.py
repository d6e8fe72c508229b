"""What a confidence gains by a feature, on questions whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quiz_questions import Asking
from qa.calibrate.fit import Asked
from qa.read.calibration import Ranking
from qa.read.candidate import Candidate
from qa.read.evidence import evidence
from qa.records import Article, Hit, Passage
from training.calibrate import ReadQuestion
from training.features import figures, known_of


def known(random: np.random.Generator, many: int, words: float) -> list[dict[str, float]]:
    """Winners that are right as often as their margin says, and seldom in questions of many words."""
    margins = random.normal(size=many)
    right = random.random(many) < 1 / (1 + np.exp(-3 * margins + 2 * words))
    return [
        {"margin": m, "words": words, "noise": n, "right": float(r)}
        for m, n, r in zip(margins, random.normal(size=many), right, strict=True)
    ]


def test_feature_that_separates_domains_helps_within_them_and_misleads_across_them():
    random = np.random.default_rng(3)
    quiz, plain = (known(random, 1500, words) for words in (1.0, -1.0))
    sample = [*known(random, 400, 1.0), *known(random, 400, -1.0)]
    weights = np.ones(3000)
    kinds = {"quiz": quiz, "plain": plain}
    whole, without = (figures(kinds, sample, names, weights) for names in (["margin", "words"], ["margin"]))
    for asked in ("quiz", "plain", "sample"):
        assert whole[asked][0] < 0.05
        assert whole[asked][1] > 0.85
    assert without["quiz"][0] > 0.1 and without["plain"][0] > 0.1
    for asked in (
        "quiz, fitted on the others",
        "plain, fitted on the others",
    ):  # neither says what many words mean
        assert whole[asked][0] > 0.1


def test_feature_that_says_nothing_changes_next_to_nothing():
    random = np.random.default_rng(4)
    quiz, plain, sample = (known(random, 1000, 0.0) for _ in range(3))
    kinds, weights = {"quiz": quiz, "plain": plain}, np.ones(2000)
    whole, without = (figures(kinds, sample, names, weights) for names in (["margin", "noise"], ["margin"]))
    for asked, found in whole.items():
        assert found == pytest.approx(without[asked], abs=0.02)


def test_features_of_a_winner_are_counted_as_by_hand():
    text = "Kim Jong Un met Putin in Vladivostok."
    articles = [Article("one", "A summit", text), Article("two", "", "Nobody met Kim.")]
    hits = [
        Hit(Passage(articles[0], 0, len(text)), 0.9, 0.7, 4.0),
        Hit(Passage(articles[1], 0, 15), 0.5, 0.3, 2.0),
    ]
    candidates = [Candidate(0, 0, 11, 2.0), Candidate(1, 0, 6, -1.0)]
    asking = Asking("Whom did Putin and Xi meet?", ("Kim",))
    read = ReadQuestion(asking, tuple(hits), tuple(candidates))
    found = known_of(Asked(evidence(candidates, hits), np.array([True, False])), read, Ranking(4.0, 0.0))
    assert found["margin"] == 2.0 and found["lead"] == 3.0 and found["right"] == 1.0
    assert found["similarity"] == 0.7
    assert found["contrast"] == pytest.approx(0.2)
    assert found["bm25 beside the best"] == 1.0
    assert found["words of the question"] == 6
    # "putin"; "met" and "meet" are different words.
    assert found["its words in the passage"] == pytest.approx(1 / 6)
    assert found["its names in the article"] == 0.5  # Putin, not Xi
    assert found["words of the answer"] == 3
    assert found["passages with an answer"] == 0.5
