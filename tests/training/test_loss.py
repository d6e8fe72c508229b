"""The shared-norm loss against sums written out by hand."""

import math

import pytest
import torch

from training.loss import soft_loss, span_loss


def loss_of(logits, may, right, group, alone):
    return span_loss(
        torch.tensor(logits), torch.tensor(may), torch.tensor(right), torch.tensor(group), alone=alone
    ).item()


MAY = [False, True, True]
NONE = [False, False, False]


def test_one_window_is_plain_cross_entropy_with_the_null_at_token_0():
    logits = [[0.5, 2.0, -1.0]]
    expected = math.log(math.exp(0.5) + math.exp(2.0) + math.exp(-1.0)) - 2.0
    for alone in (0.0, 1.0):
        assert loss_of(logits, [MAY], [[False, True, False]], [0], alone) == pytest.approx(expected, abs=1e-6)


def test_a_window_without_answer_wants_the_null():
    logits = [[0.5, 2.0, -1.0]]
    expected = math.log(math.exp(0.5) + math.exp(2.0) + math.exp(-1.0)) - 0.5
    assert loss_of(logits, [MAY], [NONE], [0], 0.0) == pytest.approx(expected, abs=1e-6)


def test_windows_of_a_question_are_normalised_together_over_margins():
    logits = [[1.0, 3.0, 0.0], [-1.0, 2.0, 1.0]]
    # Margins 2, -1 of the first and 3, 2 of the second; the answer is the first of the first.
    everything = 1 + math.exp(2) + math.exp(-1) + math.exp(3) + math.exp(2)
    expected = math.log(everything) - 2
    right = [[False, True, False], NONE]
    assert loss_of(logits, [MAY, MAY], right, [0, 0], 0.0) == pytest.approx(expected, abs=1e-6)


def test_alone_weighs_the_loss_of_each_window_by_itself():
    logits = [[1.0, 3.0, 0.0], [-1.0, 2.0, 1.0]]
    right = [[False, True, False], NONE]
    first = math.log(1 + math.exp(2) + math.exp(-1)) - 2
    second = math.log(1 + math.exp(3) + math.exp(2))
    assert loss_of(logits, [MAY, MAY], right, [0, 0], 1.0) == pytest.approx((first + second) / 2, abs=1e-6)


def test_several_right_places_share_the_probability():
    logits = [[0.0, 1.0, 2.0]]
    expected = math.log(1 + math.exp(1) + math.exp(2)) - math.log(math.exp(1) + math.exp(2))
    assert loss_of(logits, [MAY], [[False, True, True]], [0], 0.0) == pytest.approx(expected, abs=1e-6)


def test_questions_of_a_batch_do_not_touch_each_other():
    one = loss_of([[0.0, 1.0, 2.0]], [MAY], [[False, True, False]], [0], 0.3)
    other = loss_of([[0.0, 4.0, -2.0]], [MAY], [NONE], [0], 0.3)
    both = loss_of([[0.0, 1.0, 2.0], [0.0, 4.0, -2.0]], [MAY, MAY], [[False, True, False], NONE], [0, 1], 0.3)
    assert both == pytest.approx((one + other) / 2, abs=1e-6)


def test_places_where_no_span_may_start_neither_count_nor_get_a_gradient():
    logits = torch.tensor([[0.0, 1.0, 50.0]], requires_grad=True)
    may = torch.tensor([[False, True, False]])
    loss = span_loss(logits, may, torch.tensor([[False, True, False]]), torch.tensor([0]))
    loss.backward()
    assert loss.item() == pytest.approx(math.log(1 + math.exp(-1)), abs=1e-6)
    assert logits.grad[0, 2] == 0
    assert torch.isfinite(logits.grad).all()


def test_smoothing_spreads_a_share_of_the_label_over_the_places_and_the_null():
    logits = [[0.5, 2.0, -1.0]]
    parts = [math.log(math.exp(0.5) + math.exp(2.0) + math.exp(-1.0)) - logit for logit in logits[0]]
    expected = 0.9 * parts[1] + 0.1 * sum(parts) / 3
    right = [[False, True, False]]
    found = span_loss(
        torch.tensor(logits),
        torch.tensor([MAY]),
        torch.tensor(right),
        torch.tensor([0]),
        alone=1.0,
        smoothing=0.1,
    )
    assert found.item() == pytest.approx(expected, abs=1e-6)


def test_teacher_is_met_where_the_probabilities_are_the_same_and_only_there():
    may = torch.tensor([[False, True, False, True]])
    taught = torch.tensor([[0.5, 2.0, 9.0, -1.0]])  # the third place is not allowed
    exps = [math.exp(x) for x in (0.5, 2.0, -1.0)]
    entropy = -sum(e / sum(exps) * math.log(e / sum(exps)) for e in exps)
    alike = torch.tensor([[1.5, 3.0, -7.0, 0.0]], requires_grad=True)  # one more everywhere
    loss = soft_loss(alike, taught, may)
    loss.backward()
    assert loss.item() == pytest.approx(entropy, abs=1e-6)
    assert alike.grad.abs().max().item() == pytest.approx(0, abs=1e-6)
    assert soft_loss(torch.tensor([[0.0, 0.0, 0.0, 0.0]]), taught, may).item() == pytest.approx(
        math.log(3), abs=1e-6
    )
