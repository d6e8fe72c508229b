"""Tokens with exact character offsets, whatever other calls did to the tokenizer before."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.models.tokenizer import Tokenizer, tokens_of

TEXT = "Kim met 푸틴 👍🏽, سلام."


def test_offsets_are_the_characters_of_every_token_and_none_special(word_tokenizer: Tokenizer):
    offsets, none = word_tokenizer.offsets([TEXT, ""])
    assert [TEXT[start:end] for start, end in offsets] == ["Kim", "met", "푸틴", "👍🏽", ",", "سلام", "."]
    assert none.shape == (0, 2)


def test_single_texts_get_special_tokens_and_are_cut_off_at_the_longest(word_tokenizer: Tokenizer):
    short, long = word_tokenizer.encode(["kim left", "kim and kim and kim"], longest=5)
    assert short.ids.tolist() == [1, 3, 4, 2]
    assert long.ids.tolist() == [1, 3, 4, 3, 2]
    assert short.types.tolist() == [0, 0, 0, 0]
    assert (len(short), len(long)) == (4, 5)


def test_pairs_carry_the_type_of_each_text(word_tokenizer: Tokenizer):
    ((pair,),) = word_tokenizer.encode_pairs("who left", ["kim left"], longest=20, stride=2)
    assert tokens_of(pair).ids.tolist() == [1, 4, 4, 2, 3, 4, 2]
    assert tokens_of(pair).types.tolist() == [0, 0, 0, 0, 1, 1, 1]


def test_second_text_too_long_for_one_sequence_comes_in_overlapping_ones(word_tokenizer: Tokenizer):
    passage = "a b c d e f g h"
    first, second = word_tokenizer.encode_pairs("who", ["a", passage], longest=9, stride=2)
    assert [len(encoding.ids) for encoding in first] == [5]
    # Nine tokens less [CLS] who [SEP] and the last [SEP] leave five for the passage.
    held = [
        "".join(passage[a:b] for (a, b), s in zip(e.offsets, e.sequence_ids, strict=True) if s == 1)
        for e in second
    ]
    assert held == ["abcde", "defgh"]


def test_question_that_leaves_no_room_is_refused_with_the_numbers(word_tokenizer: Tokenizer):
    with pytest.raises(ValueError, match="3 tokens of 9 are left for the passage, stride 3"):
        word_tokenizer.encode_pairs("who did it", ["kim"], longest=9, stride=3)


def test_no_passages_make_no_pairs(word_tokenizer: Tokenizer):
    assert word_tokenizer.encode_pairs("who", [], longest=9, stride=2) == []


def test_truncation_of_one_call_is_forgotten_by_the_next(word_tokenizer: Tokenizer):
    word_tokenizer.encode(["a b c"], longest=3)
    assert len(word_tokenizer.offsets(["a b c d e"])[0]) == 5
    word_tokenizer.encode_pairs("who", ["a b c d e f g h"], longest=9, stride=2)
    assert len(word_tokenizer.encode(["a b c d e"], longest=50)[0]) == 7


@pytest.mark.parametrize(("longest", "kept"), [(1, "Kim"), (4, "Kim met 푸틴 👍🏽"), (7, TEXT), (99, TEXT)])
def test_text_is_cut_after_a_whole_token(word_tokenizer: Tokenizer, longest: int, kept: str):
    assert word_tokenizer.truncate(TEXT, longest=longest) == kept


def test_threads_do_not_change_each_others_truncation(word_tokenizer: Tokenizer):
    text = "a b c d e f g h"

    def work(longest: int) -> tuple[int, int, int]:
        (single,) = word_tokenizer.encode([text], longest=longest)
        (pairs,) = word_tokenizer.encode_pairs("who", [text], longest=longest + 4, stride=1)
        return len(single), len(pairs[0].ids), len(word_tokenizer.offsets([text])[0])

    lengths = [3, 5, 7, 9] * 200
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, lengths)) == [(n, n + 4 if n + 4 < 12 else 12, 8) for n in lengths]


@pytest.mark.parametrize("content", [None, "", "{}", "no json"])
def test_missing_or_broken_file_is_reported_with_the_cure(tmp_path: Path, content: str | None):
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(ModelError) as told:
        Tokenizer.load(tmp_path)
    assert told.value.where == str(tmp_path / "tokenizer.json")
    assert told.value.what.startswith("the tokenizer cannot be read")
    assert told.value.cure == "Restore the model's folder."


def test_question_is_encoded_while_a_whole_text_of_many_tokens_is(word_tokenizer: Tokenizer):
    """Articles that are added to a server took its tokenizer for seconds, and all questions waited."""

    class Endless:
        def encode_batch(self, texts: list[str], *, add_special_tokens: bool) -> list[object]:
            began.set()
            assert asked.wait(20), "the question waited for the text"
            return []

    began, asked = threading.Event(), threading.Event()
    word_tokenizer.__dict__["_uncut"] = Endless()
    with ThreadPoolExecutor(1) as adding:
        cut = adding.submit(word_tokenizer.offsets, ["a text of a book's length"])
        assert began.wait(20)
        (question,) = word_tokenizer.encode(["kim left"], longest=5)
        asked.set()
        assert cut.result() == []
    assert question.ids.tolist() == [1, 3, 4, 2]


def test_offsets_are_those_of_the_tokenizer_that_was_given(word_tokenizer: Tokenizer):
    word_tokenizer.encode(["a b c"], longest=3)
    assert word_tokenizer.offsets([TEXT])[0].tolist() == [
        [0, 3], [4, 7], [8, 10], [11, 13], [13, 14], [15, 19], [19, 20]
    ]  # fmt: skip
