"""Groups become batches that hold each once, waste little and have few shapes."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.batches import STEP, LabelledWindow, collate, shuffled_batches


def window(*ids: int, first: tuple[int, ...] = (), last: tuple[int, ...] = ()) -> LabelledWindow:
    n = len(ids)
    return LabelledWindow(np.array(ids, np.int32), np.zeros(n, np.int8), np.full(n, 3, np.int8), first, last)


def test_batch_pads_to_whole_steps_and_marks_each_window_of_its_group():
    batch = collate([(window(1, 5, 2, first=(1,), last=(2,)),), (window(1, 2), window(1, 7, 8, 2))], pad_id=9)
    assert batch.ids.shape == (3, STEP)
    assert batch.ids[:, :4].tolist() == [[1, 5, 2, 9], [1, 2, 9, 9], [1, 7, 8, 2]]
    assert (batch.ids[:, 4:] == 9).all()
    assert batch.mask.sum(axis=1).tolist() == [3, 2, 4]
    assert [tuple(map(int, at)) for at in zip(*np.nonzero(batch.first), strict=True)] == [(0, 1)]
    assert [tuple(map(int, at)) for at in zip(*np.nonzero(batch.last), strict=True)] == [(0, 2)]
    assert batch.may_start.tolist() == batch.mask.astype(bool).tolist() == batch.may_end.tolist()
    assert batch.group.tolist() == [0, 1, 1]
    assert collate([(window(*range(STEP + 1)),)], 0).ids.shape == (1, 2 * STEP)


@given(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=3), max_size=40), st.integers(0, 99))
def test_batches_hold_every_group_once_and_keep_to_the_budget(lengths: list[list[int]], seed: int):
    groups = [tuple(window(*range(n)) for n in of_group) for of_group in lengths]
    batches = shuffled_batches(groups, 64, random.Random(seed))
    assert sorted(position for batch in batches for position in batch) == list(range(len(groups)))
    for batch in batches:
        padded = max(n for i in batch for n in lengths[i]) * sum(len(lengths[i]) for i in batch)
        assert padded <= 64 or len(batch) == 1
