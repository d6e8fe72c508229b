"""Masked words of news text, guessed by a tiny encoder."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import torch
from tokenizers import Tokenizer as RustTokenizer
from tokenizers import models, pre_tokenizers
from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast

from qa.records import Article
from training import masked

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "green", "blue", "grey"]


@pytest.fixture
def guesser() -> tuple[BertForMaskedLM, PreTrainedTokenizerFast]:
    torch.manual_seed(0)
    rust = RustTokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, "[UNK]"))
    rust.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=rust, pad_token="[PAD]", mask_token="[MASK]")
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=16,
    )
    return BertForMaskedLM(config).eval(), tokenizer


def test_words_that_follow_a_rule_are_learned_and_word_vectors_stay(guesser, monkeypatch):
    model, tokenizer = guesser
    monkeypatch.setattr(masked, "RATE", 3e-2)
    before = model.base_model.embeddings.word_embeddings.weight.clone()
    losses = masked.guess(model, tokenizer, ["red red red red", "blue blue blue blue"] * 8 * 60)
    assert len(losses) == 60
    assert losses[0] > 1.8  # the logarithm of 9 words is 2.2
    assert sum(losses[-10:]) / 10 < 1.0
    assert torch.equal(model.base_model.embeddings.word_embeddings.weight, before)


def test_only_articles_that_no_measured_question_is_about_are_read():
    def article(name: str, year: int | None) -> Article:
        day = None if year is None else datetime(year, 6, 1, tzinfo=UTC)
        return Article(name, "", f"text {name}", published=day)

    found = [article("a", 2021), article("b", 2022), article("c", 2023), article("d", None), "a skipped one"]
    assert sorted(masked.texts_of(found, 10)) == ["text a", "text b"]
    assert len(masked.texts_of(found, 1)) == 1
