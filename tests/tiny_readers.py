"""Tiny readers with random weights, one of each family, saved to a folder as users have them.

Each has its family's own tokenizer class, with a vocabulary made here of the same few words. It is the
same in every run: the ``tokenizers`` library cuts a tie between equal pieces now so, now so.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer as RustTokenizer
from tokenizers import models, pre_tokenizers, trainers

WORDS = [
    "Sergei Shoigu visited North Korea on 25 July 2023, officials said.",
    "Kim Jong Un met him in Pyongyang and showed him missiles and drones.",
    "Who visited North Korea in the summer, and when did he return to Moscow?",
]
LONGEST = 64  # tokens in one sequence
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]

# Weights far larger than those of trained models, so that types and positions matter to every logit.
SHARED = {"initializer_range": 0.5}
SIZES = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
RELATIVE = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_buckets": 8}
# DeBERTa v3 has neither types nor absolute positions.
V3 = {"position_biased_input": False, "share_att_key": True, "norm_rel_ebd": "layer_norm"}
FAMILIES = {
    "Bert": SIZES | {"max_position_embeddings": LONGEST, "type_vocab_size": 2},
    "Electra": SIZES | {"max_position_embeddings": LONGEST, "embedding_size": 8},
    "DistilBert": {"dim": 16, "n_layers": 1, "n_heads": 2, "max_position_embeddings": LONGEST},
    # Positions count from the padding's id + 1, so 66 places hold 64 tokens.
    "Roberta": SIZES | {"max_position_embeddings": LONGEST + 2, "type_vocab_size": 1},
    "DebertaV2": SIZES | RELATIVE | {"max_position_embeddings": LONGEST, "type_vocab_size": 2},
    "DebertaV3": SIZES | RELATIVE | V3 | {"max_position_embeddings": LONGEST, "type_vocab_size": 0},
}


def save_tiny_reader(family: str, folder: Path, *, layers: int = 1) -> Path:
    """Save a model of the family with random weights, and its tokenizer; ``layers`` of any but DistilBERT."""
    code = "DebertaV2" if family == "DebertaV3" else family
    tokenizer = _tokenizer(code)
    config = getattr(transformers, f"{code}Config")(
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        **FAMILIES[family] | {name: layers for name in FAMILIES[family] if name == "num_hidden_layers"},
        **SHARED,
    )
    torch.manual_seed(0)
    model = getattr(transformers, f"{code}ForQuestionAnswering")(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            # Transformers sets biases to 0, so a forgotten bias would not be noticed.
            if name.endswith("bias"):
                weights.normal_()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer(code: str) -> transformers.PreTrainedTokenizerBase:
    if code == "Roberta":
        trained = _trained(_byte_pairs())
        merges = [tuple(pair) for pair in trained["merges"]]
        return transformers.RobertaTokenizer(vocab=trained["vocab"], merges=merges)
    if code == "DebertaV2":
        pieces = sorted(piece for piece, _ in _trained(_unigrams())["vocab"] if piece not in BERT)
        # Scores of our own, because training on so few words gives equal ones.
        scored = [(piece, -math.sqrt(place)) for place, piece in enumerate([*BERT, *pieces], start=2)]
        return transformers.DebertaV2Tokenizer(vocab=scored)
    kind = transformers.DistilBertTokenizer if code == "DistilBert" else transformers.BertTokenizer
    return kind(vocab={piece: number for number, piece in enumerate([*BERT, *_word_pieces()])})


def _trained(tokenizer: RustTokenizer) -> dict[str, object]:
    return json.loads(tokenizer.to_str())["model"]


def _word_pieces() -> list[str]:
    """Short words whole, of longer ones the first four letters and the rest, and every letter alone."""
    words = {word for sentence in WORDS for word in re.findall(r"\w+|[^\w\s]", sentence.lower())}
    pieces = {word[:4] for word in words} | {f"##{word[4:]}" for word in words if len(word) > 4}
    letters = {letter for word in words for letter in word}
    return sorted(pieces | letters | {f"##{letter}" for letter in letters})


def _byte_pairs() -> RustTokenizer:
    rust = RustTokenizer(models.BPE())
    rust.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()  # every byte has a token
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=ROBERTA, initial_alphabet=alphabet)
    rust.train_from_iterator(WORDS, trainer)
    return rust


def _unigrams() -> RustTokenizer:
    rust = RustTokenizer(models.Unigram())
    rust.pre_tokenizer = pre_tokenizers.Metaspace()  # a token holds the blank before its word
    rust.train_from_iterator(
        WORDS, trainers.UnigramTrainer(vocab_size=120, special_tokens=BERT, unk_token="[UNK]")
    )
    return rust
