"""What a confidence loses without a feature, on questions whose truth is known."""

from __future__ import annotations

import numpy as np

from qa.read.evidence import FEATURES, OWN, SETTING, Evidence
from training.calibrate import Asked
from training.features import errors

WORDS = len(OWN) + SETTING.index("question_words")


def asked(random: np.random.Generator, words: float) -> Asked:
    """A candidate that is right as often as its margin says, and seldom in a long question."""
    features = np.zeros((1, len(FEATURES)))
    features[0, :1] = random.normal()
    features[0, WORDS] = words
    right = random.random() < 1 / (1 + np.exp(-3 * features[0, 0] + 2 * words))
    return Asked(Evidence(features, ("a",)), np.array([right]))


def test_feature_that_tells_domains_apart_is_missed():
    random = np.random.default_rng(3)
    quiz, plain = ([asked(random, words) for _ in range(1500)] for words in (1.0, -1.0))
    sample = [asked(random, words) for words in (1.0, -1.0) for _ in range(400)]
    whole, without = (errors(quiz, plain, sample, left_out) for left_out in ((), ("question_words",)))
    assert whole["quiz"] < 0.04 and whole["plain"] < 0.04 and whole["sample"] < 0.05
    assert without["quiz"] > 0.1 and without["plain"] > 0.1
    # Neither domain alone says what many words mean.
    assert whole["quiz, across"] > 0.1 and whole["plain, across"] > 0.1


def test_feature_that_says_nothing_is_not_missed():
    random = np.random.default_rng(4)
    quiz, plain, sample = ([asked(random, 0.0) for _ in range(500)] for _ in range(3))
    whole, without = (errors(quiz, plain, sample, left_out) for left_out in ((), ("doubt", "contrast")))
    assert whole == without
