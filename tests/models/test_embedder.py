"""The embedder around its model: blocks of texts, in order, tokenised ahead."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from qa.models.embedder import SentenceEmbedder


@pytest.fixture(autouse=True)
def blocks_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.models.embedder.TOKENISED_AHEAD", 3)


class Counting:
    """Points each text along the axis of its number of tokens."""

    def run(self, sequences, *, done=None):
        if done is not None:
            done(len(sequences))
        return [(2.0 * np.eye(16)[len(sequence)],) for sequence in sequences]


def embedder(transformer, tokenizer) -> SentenceEmbedder:
    return SentenceEmbedder(
        transformer, tokenizer, name="n", weights_sha256="", longest=15, document_prefix="kim "
    )


def test_vectors_come_in_the_order_of_the_texts_whatever_the_blocks(word_tokenizer):
    texts = ["a " * n for n in (3, 1, 0, 2, 5, 4, 1)]
    told: list[int] = []
    vectors = embedder(Counting(), word_tokenizer).embed_passages(texts, done=told.append)
    assert vectors.dtype == np.float32
    # A prefix and two special tokens are added to each.
    assert vectors.tolist() == np.eye(16)[[6, 4, 3, 5, 8, 7, 4]].tolist()
    assert told == [3, 3, 1]


def test_next_texts_are_tokenised_while_the_model_runs(word_tokenizer):
    second_block = threading.Event()

    class Watched:
        def encode(self, texts, *, longest):
            if "kim last" in texts:
                second_block.set()
            return word_tokenizer.encode(texts, longest=longest)

    class Waiting(Counting):
        def run(self, sequences, *, done=None):
            assert second_block.wait(timeout=30), "the second block waits for the model"
            return super().run(sequences)

    assert embedder(Waiting(), Watched()).embed_passages(["a", "b", "c", "last"]).shape == (4, 16)


def test_fault_in_the_model_is_reported(word_tokenizer):
    class Broken:
        def run(self, sequences, *, done=None):
            raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        embedder(Broken(), word_tokenizer).embed_passages(["a"] * 7)
