"""A span that two windows see, and readers that see little at a time; logits are made by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.models.tokenizer import Tokenizer, Tokens
from qa.read.reader import ExtractiveReader
from qa.records import Article, Passage
from qa.settings import BUNDLED_READER, AskSettings

QUESTION = "Which animal came?"
MARK = "zebra"


class Pointing:
    """A transformer that points at the token of MARK, in each window with a score of its own."""

    def __init__(self, token: int, scores: Sequence[float]) -> None:
        self.token, self.scores = token, scores
        self.widths: list[int] = []

    def run(
        self, sequences: Sequence[Tokens], *, done: Callable[[int], None] | None = None
    ) -> list[tuple[np.ndarray, ...]]:
        self.widths = [len(sequence) for sequence in sequences]
        seen = iter(self.scores)
        outputs = []
        for sequence in sequences:
            logits = np.full(len(sequence), -9.0, dtype=np.float32)
            logits[0] = 0.0
            if self.token in sequence.ids:
                logits[sequence.ids == self.token] = next(seen)
            outputs.append((logits, logits))
        return outputs


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.load(Path(BUNDLED_READER))


def reading(tokenizer: Tokenizer, scores: Sequence[float], longest: int) -> tuple[ExtractiveReader, Pointing]:
    token = int(tokenizer.encode([MARK], longest=8)[0].ids[1])
    pointing = Pointing(token, scores)
    return ExtractiveReader(pointing, tokenizer, None, AskSettings(), longest=longest), pointing


def passage_with_mark(before: int, after: int) -> Passage:
    text = " ".join(["rain"] * before + [MARK] + ["rain"] * after) + "."
    return Passage(Article("1", "", text), 0, len(text))


@pytest.mark.parametrize("scores", [(3.0, 7.0), (7.0, 3.0)])
def test_of_two_windows_that_contain_a_span_the_better_score_counts(
    tokenizer: Tokenizer, scores: tuple[float, float]
):
    passage = passage_with_mark(70, 60)
    reader, pointing = reading(tokenizer, scores, 100)
    reader._settings = replace(reader._settings, stride_tokens=60)
    best = reader.read(QUESTION, [passage])[0]
    assert len(pointing.widths) > 1
    assert passage.article.text[best.start : best.end] == MARK
    assert best.margin == 14.0  # 7 at its start and at its end, the null is 0


@pytest.mark.parametrize("longest", [64, 100, 160])
def test_a_reader_of_few_tokens_overlaps_its_windows_by_a_quarter(tokenizer: Tokenizer, longest: int):
    """The usual stride of 128 tokens would leave such a reader no room to move on."""
    passage = passage_with_mark(300, 20)
    reader, pointing = reading(tokenizer, [5.0, 5.0, 5.0], longest)
    best = reader.read(QUESTION, [passage])[0]
    assert passage.article.text[best.start : best.end] == MARK
    assert max(pointing.widths) <= longest
    # Each window but the last moves on by its room less the overlap.
    question = len(tokenizer.encode([QUESTION], longest=64)[0])
    body = 323  # tokens of the passage: a word each, and the full stop
    assert len(pointing.widths) <= 2 + body // (longest - question - 8 - longest // 4)
