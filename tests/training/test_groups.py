"""Examples become windows with the right tokens, and batches that waste little."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.records import Article, Passage
from training.examples import Example
from training.groups import Sighted, collate, group, shuffled_batches
from training.prepare import load_groups, save

TEXT = "Putin met kim in Pyongyang . kim smiled ."


def example(*answers: tuple[int, int], text: str = TEXT, identity: str = "q", title: str = "") -> Example:
    article = Article("a", title, text)
    return Example(identity, "Who smiled ?", Passage(article, 0, len(text)), answers, "squad")


def window(*ids: int, first: tuple[int, ...] = (), last: tuple[int, ...] = ()) -> Sighted:
    n = len(ids)
    return Sighted(np.array(ids, np.int32), np.zeros(n, np.int8), np.full(n, 3, np.int8), first, last)


def test_answers_are_found_at_their_tokens_after_the_question(word_tokenizer):
    # [CLS] who smiled ? [SEP] putin met kim in pyongyang . kim smiled . [SEP]
    (window,) = group([example((10, 13), (29, 32))], word_tokenizer, longest=32, stride=4)
    assert (window.first, window.last) == ((7, 11), (7, 11))
    assert window.ids[[7, 11]].tolist() == [3, 3]
    assert window.may.tolist() == [0] * 5 + [3] * 9 + [0]


def test_title_moves_the_answers_and_may_not_be_one(word_tokenizer):
    (window,) = group([example((10, 13), title="Two men")], word_tokenizer, longest=64, stride=4)
    assert window.first == (9,)
    assert window.may.tolist() == [0] * 7 + [3] * 9 + [0]


def test_unanswerable_example_has_no_right_tokens(word_tokenizer):
    (window,) = group([example()], word_tokenizer, longest=32, stride=4)
    assert (window.first, window.last) == ((), ())


def test_of_a_long_passage_the_windows_with_the_answer_are_taken(word_tokenizer):
    long = " ".join(["word"] * 40) + " kim " + " ".join(["word"] * 40)
    answer = long.index("kim")
    found = group([example((answer, answer + 3), text=long)], word_tokenizer, longest=24, stride=6)
    assert found
    for each in found:
        assert [each.ids[token] for token in each.first] == [3]


def test_passages_of_a_question_make_one_group_and_of_two_questions_none(word_tokenizer):
    both = group([example((10, 13)), example()], word_tokenizer, longest=32, stride=4)
    assert [each.first for each in both] == [(7,), ()]
    with pytest.raises(ValueError, match=r"one question a group, not \['p', 'q'\]"):
        group([example(), example(identity="p")], word_tokenizer, longest=32, stride=4)


def test_answer_inside_a_token_makes_no_group(word_tokenizer):
    assert group([example((1, 3))], word_tokenizer, longest=32, stride=4) is None


def test_batch_pads_and_marks_each_window_of_its_group():
    batch = collate([(window(1, 5, 2, first=(1,), last=(2,)),), (window(1, 2), window(1, 7, 8, 2))], pad_id=9)
    assert batch.ids.tolist() == [[1, 5, 2, 9], [1, 2, 9, 9], [1, 7, 8, 2]]
    assert batch.mask.tolist() == [[1, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1]]
    assert batch.first.tolist() == [[False, True, False, False], [False] * 4, [False] * 4]
    assert batch.last.tolist() == [[False, False, True, False], [False] * 4, [False] * 4]
    assert batch.may_start.tolist() == batch.mask.astype(bool).tolist() == batch.may_end.tolist()
    assert batch.group.tolist() == [0, 1, 1]


@given(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=3), max_size=40), st.integers(0, 99))
def test_batches_hold_every_group_once_and_keep_to_the_budget(lengths: list[list[int]], seed: int):
    groups = [tuple(window(*range(n)) for n in of_group) for of_group in lengths]
    batches = shuffled_batches(groups, 64, random.Random(seed))
    assert sorted(position for batch in batches for position in batch) == list(range(len(groups)))
    for batch in batches:
        padded = max(n for i in batch for n in lengths[i]) * sum(len(lengths[i]) for i in batch)
        assert padded <= 64 or len(batch) == 1


def test_groups_come_back_from_disk_as_they_were(tmp_path: Path):
    groups = [(window(1, 5, 2, first=(1,), last=(2,)), window(3)), (window(4, 6, first=(0, 1), last=(1, 1)),)]
    save(groups, tmp_path / "groups.npz")
    for before, after in zip(groups, load_groups(tmp_path / "groups.npz"), strict=True):
        for one, other in zip(before, after, strict=True):
            assert one.ids.tolist() == other.ids.tolist()
            assert one.types.tolist() == other.types.tolist()
            assert one.may.tolist() == other.may.tolist()
            assert (one.first, one.last) == (other.first, other.last)
