"""The heads that look ahead are those that fit the last layer's logits."""

from __future__ import annotations

import numpy as np
import pytest

from qa.models.staged import Begun
from training.glance import POINTED, Fit

WIDTH = 6


def test_logits_that_are_linear_in_the_states_give_their_heads_back():
    random = np.random.default_rng(0)
    weight, bias = random.standard_normal((2, WIDTH)), np.array([1.5, -0.5])
    fit = Fit(WIDTH)
    for n in (20, 30, 40):
        states = random.standard_normal((n, WIDTH)).astype(np.float32)
        wanted = states @ weight.T + bias
        padding = np.zeros(3)  # logits come padded
        logits = [np.concatenate([wanted[:, part], padding]) for part in (0, 1)]
        fit.add(Begun(states, np.zeros(n), np.zeros(n)), logits)
    heads = fit.heads(4)
    assert fit.tokens == 90
    assert heads.layer == 4
    assert heads.weight == pytest.approx(weight, abs=1e-3)
    assert heads.bias == pytest.approx(bias, abs=1e-3)


def test_tokens_that_the_reader_points_at_count_more_than_others():
    # No line fits all three tokens. The last is pointed at by start and end; the first is the null.
    states = np.array([[0.0], [1.0], [2.0]], dtype=np.float32)
    logits = [np.array([0.0, 0.0, 10.0])] * 2
    fit = Fit(1)
    fit.add(Begun(states, np.zeros(3), np.zeros(3)), logits)
    heads = fit.heads(1)
    guessed = states[:, 0] * heads.weight[0, 0] + heads.bias[0]
    share = np.array([1 / 3 + POINTED, 1 / 3, 1 / 3 + 2 * POINTED])  # e to the -10 is nothing
    wrong = guessed - np.array([0.0, 0.0, 10.0])
    assert (share * wrong).sum() == pytest.approx(0, abs=2e-2)  # of the best line of weighted squares
    assert (share * wrong * states[:, 0]).sum() == pytest.approx(0, abs=4e-2)
    assert abs(wrong[2]) < abs(wrong[1])
