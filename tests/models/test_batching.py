"""Batches: every position once, within the budget, little padding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models.batching import batches


def test_similar_lengths_share_a_batch_and_the_longest_comes_first():
    assert batches([3, 9, 4, 10, 3], token_budget=20) == [[3, 1], [2, 0, 4]]


def test_sequence_longer_than_the_budget_stands_alone():
    assert batches([2, 50, 2], token_budget=10) == [[1], [0, 2]]


def test_equal_lengths_keep_their_order():
    assert batches([5, 5, 5, 5], token_budget=10) == [[0, 1], [2, 3]]


def test_nothing_makes_no_batches():
    assert batches([], token_budget=10) == []


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(1, 100))
def test_batches_part_all_positions_within_the_budget_longest_first(lengths: list[int], budget: int):
    groups = batches(lengths, budget)
    assert sorted(position for group in groups for position in group) == list(range(len(lengths)))
    for group in groups:
        widest = max(lengths[position] for position in group)
        assert len(group) == 1 or len(group) * widest <= budget
    flat = [lengths[position] for group in groups for position in group]
    assert flat == sorted(lengths, reverse=True)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60), st.integers(1, 100))
def test_no_batch_is_closed_while_the_next_sequence_would_fit(lengths: list[int], budget: int):
    groups = batches(lengths, budget)
    for group in groups[:-1]:
        assert (len(group) + 1) * lengths[group[0]] > budget


def test_budget_under_one_token_is_refused():
    with pytest.raises(ValueError, match="token_budget must be at least 1, not 0"):
        batches([1], token_budget=0)
