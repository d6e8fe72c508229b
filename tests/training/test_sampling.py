"""An epoch: how often each set is seen, which passages are read beside, and where it ends."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from training.packed import Packed
from training.recipe import BESIDE, Recipe
from training.sampling import contexts_of, epoch


def packed(**counts: int) -> Packed:
    """Groups of a question (2 tokens) on 4 contexts of 5 tokens, the second of which answers, too."""
    groups = sum(counts.values())
    return Packed(
        sets=tuple(counts),
        special={"cls": 0, "sep": 1, "pad": 2},
        continues=np.zeros(20, dtype=bool),
        tokens=np.array([3, 4] + [5, 6, 7, 8, 9] * 4, dtype=np.uint16),
        ends=np.array([2, 7, 12, 17, 22]),
        title=np.zeros(5, dtype=np.int16),
        head=np.zeros(5, dtype=np.int16),
        question=np.zeros(groups, dtype=np.int32),
        set_of=np.repeat(np.arange(len(counts)), list(counts.values())),
        contexts_end=4 * np.arange(1, groups + 1),
        context=np.tile(np.array([1, 2, 3, 4], dtype=np.int32), groups),
        answers_end=np.cumsum([1, 1, 0, 0] * groups),
        first=np.full(2 * groups, 2, dtype=np.int16),
        last=np.full(2 * groups, 3, dtype=np.int16),
    )


def test_contexts_that_answer_are_always_read_and_others_by_their_shares():
    one = packed(news=1)
    draws = [contexts_of(one, 0, random.Random(seed)) for seed in range(2000)]
    assert {tuple(drawn[:2]) for drawn in draws} == {(0, 1)}
    beside = np.bincount([len(drawn) - 2 for drawn in draws], minlength=3) / len(draws)
    assert beside == pytest.approx(np.array(BESIDE), abs=0.04)
    assert all(len(set(drawn)) == len(drawn) for drawn in draws)
    firsts = [drawn[2] for drawn in draws if len(drawn) > 2]
    assert firsts.count(2) / len(firsts) == pytest.approx(1 / 1.7, abs=0.04)  # the harder one stands first


def test_sets_are_seen_as_often_as_the_mix_says():
    made = packed(news=400, squad=400)
    recipe = Recipe(mix={"news": 1.5, "squad": 0.25, "quiz": 1.0})
    assert len(epoch(made, recipe, 0)) == pytest.approx(400 * 1.75, abs=60)
    assert len(epoch(made, replace(recipe, mix={"news": 2.0, "squad": 0.0}), 0)) == 800


def test_epochs_differ_and_each_is_the_same_again():
    made = packed(news=50)
    recipe = Recipe(mix={"news": 0.5})
    sizes = [[len(group) for group in epoch(made, recipe, number)] for number in (0, 0, 1)]
    assert sizes[0] == sizes[1] != sizes[2]


def test_epoch_ends_before_its_tokens_are_over():
    made = packed(news=100)
    groups = epoch(made, Recipe(mix={"news": 1.0}, epoch_tokens=1000), 0)
    tokens = sum(len(window) for group in groups for window in group)
    assert 1000 - 40 < tokens <= 1000


def test_set_without_a_weight_is_named():
    with pytest.raises(ValueError, match="no weight for other"):
        epoch(packed(news=1, other=1), Recipe(mix={"news": 1.0}), 0)
    assert len(epoch(packed(news=1, **{"dev news": 1}), Recipe(mix={"news": 1.0}), 0)) == 1
