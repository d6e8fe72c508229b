"""Examples -> packed file -> windows: the same as answering cuts, and the same after a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as RustTokenizer

from qa.models.tokenizer import Tokenizer
from qa.models.weights import prepare
from qa.read.windows import windows
from qa.records import Article, Passage
from qa.settings import AskSettings
from training.batches import LabelledWindow
from training.examples import Example
from training.packed import LONGEST, STRIDE, Packed
from training.packing import Packer

DAY = datetime(2012, 9, 5, tzinfo=UTC)
TEXT = "Putin met Kim in Pyongyang. Kim smiled for 3.5 hours, people said."
FOLDER = prepare(AskSettings().reader, "reader").folder


def example(
    *spans: tuple[int, int], text: str = TEXT, title: str = "", question: str = "Who smiled?"
) -> Example:
    article = Article("a", title, text, DAY if title else None)
    return Example("q", question, Passage(article, 0, len(text)), spans, "squad")


@cache
def rust_tokenizer() -> RustTokenizer:
    """Read once: it takes longer than what a test does with it."""
    return RustTokenizer.from_file(str(FOLDER / "tokenizer.json"))


@cache
def tokenizer() -> Tokenizer:
    return Tokenizer.load(FOLDER)


def packer() -> Packer:
    return Packer(rust_tokenizer())


def pack(*groups: list[Example]) -> Packed:
    made = packer()
    for examples in groups:
        assert made.add("squad", examples)
    return made.packed()


def words(packed: Packed, window: LabelledWindow) -> list[str]:
    """Return the answers of a window, as the tokenizer spells them."""
    return [
        rust_tokenizer().decode(window.ids[a : b + 1].tolist())
        for a, b in zip(window.first, window.last, strict=True)
    ]


def test_answers_are_found_at_their_tokens():
    packed = pack([example((10, 13), (28, 31))])
    (window,) = packed.windows(0)
    assert words(packed, window) == ["kim", "kim"]
    assert window.ids[0] == packed.special["cls"]
    assert window.ids[-1] == packed.special["sep"]


def test_answer_inside_a_word_is_refused():
    made = packer()
    assert not made.add("squad", [example((11, 13))])
    assert len(made.packed()) == 0


@given(
    title=st.sampled_from(
        [
            "",
            "Kim's visit",
            "Don't panic: 5,000 re-elected",
            "unbelievable Übergröße " * 12,
            "Kim visits " * 80,
        ]
    ),
    text=st.lists(
        st.sampled_from(
            ["Kim", "unbelievable", "3.5%", "don't", "e-mail", "Übergröße", "(", ")", "“so”", "U.S.", "a"]
        ),
        min_size=1,
        max_size=400,
    ).map(" ".join),
    asked=st.sampled_from(["Who?", "How many re-elected people came to Übergröße?"]),
)
def test_windows_equal_those_that_answering_cuts(title: str, text: str, asked: str):
    given_example = example(text=text, title=title, question=asked)
    packed = pack([given_example])
    expected = windows(
        asked,
        [given_example.passage],
        tokenizer(),
        longest=LONGEST,
        stride=STRIDE,
        with_header=bool(title),
    )
    question = packed._sequence(int(packed.question[0]))
    cut = packed._cut(question, 0)
    assert [window.ids.tolist() for window in cut] == [window.tokens.ids.tolist() for window in expected]
    assert [window.types.tolist() for window in cut] == [window.tokens.types.tolist() for window in expected]
    for ours, theirs in zip(cut, expected, strict=True):
        body = theirs.starts >= 0
        assert theirs.in_title.any() == (bool(title) and ours is cut[0])
        assert not ours.may[~body].any()
        assert (ours.may[body] % 2 == 1).tolist() == theirs.may_start[body].tolist()
        assert (ours.may[body] // 2 == 1).tolist() == theirs.may_end[body].tolist()


def test_title_may_answer_and_its_date_may_not():
    packed = pack([example(title="Kim smiles")])
    (window,) = packed.windows(0)
    question = 4 + 1  # [CLS] who smiled ? [SEP]
    # kim smiles ( 5 september 2012 )
    assert window.may[question : question + 7].tolist() == [3, 3, 0, 0, 0, 0, 0]
    assert window.may[question + 7] == 3


def test_each_context_stands_once():
    twice = [example((10, 13)), replace(example(), id="q2")]
    packed = pack([twice[0]], [twice[1]], [replace(twice[0], question="Who met Kim?")])
    assert len(packed.ends) == 3  # two questions, one context


def test_others_stand_beside_and_can_be_chosen():
    other = example(text="Rain fell on Bath.")
    packed = pack([example((10, 13)), other, replace(other, passage=example(text="Sun.").passage)])
    assert len(packed.windows(0)) == 3
    first, third = packed.contexts(0)[0], packed.contexts(0)[2]
    assert [window.first for window in packed.windows(0, [third, first])][0] == ()
    assert packed.size(0, [first, third]) == sum(len(window) for window in packed.windows(0, [first, third]))


def test_of_a_long_context_the_windows_with_the_answer_are_taken():
    long = "Rain fell. " * 150 + "Kim smiled. " + "Sun rose. " * 150
    packed = pack([example((long.index("Kim"), long.index("Kim") + 3), text=long)])
    found = packed.windows(0)
    assert 1 <= len(found) < 4
    assert all(words(packed, window) == ["kim"] for window in found)


def test_file_gives_back_what_was_written(tmp_path: Path):
    packed = pack([example((10, 13), title="Kim smiles"), example(text="Rain.")], [example()])
    size = packed.save(tmp_path / "deep" / "packed.xz")
    back = Packed.load(tmp_path / "deep" / "packed.xz")
    assert size == (tmp_path / "deep" / "packed.xz").stat().st_size
    assert (back.sets, back.special) == (packed.sets, packed.special)
    for number in range(2):
        for ours, theirs in zip(packed.windows(number), back.windows(number), strict=True):
            assert np.array_equal(ours.ids, theirs.ids)
            assert (ours.first, ours.last, ours.may.tolist()) == (
                theirs.first,
                theirs.last,
                theirs.may.tolist(),
            )


def test_file_that_was_not_made_is_missed(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        Packed.load(tmp_path / "packed.xz")
