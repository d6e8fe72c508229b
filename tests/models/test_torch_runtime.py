"""Torch gives what OpenVINO gives, in float32 to 1e-4: vectors, logits, answers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from qa.errors import ModelError
from qa.models.batching import padded
from qa.models.device import Device
from qa.models.embedder import SentenceEmbedder
from qa.models.openvino_runtime import OpenVinoTransformer
from qa.models.tokenizer import Tokenizer, Tokens
from qa.models.torch_runtime import TorchTransformer, require_cuda
from qa.models.weights import load_transformer, prepare
from qa.settings import BUNDLED_EMBEDDER
from tests.tiny_readers import save_tiny_reader

TOLERANCE = 1e-4

TEXTS = [
    "Shoigu visits North Korea (25 July 2023)\nHe met Kim Jong Un in Pyongyang.",
    "Yes.",
    "김정은 👍🏽 سلام",
    "The negotiators met again in the capital on Tuesday. " * 60,  # longer than the embedder reads
]


@pytest.fixture
def without_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every import of OpenVINO fail, as on a machine that has none."""
    monkeypatch.setitem(sys.modules, "openvino", None)


def test_embedder_gives_the_same_vectors_without_openvino(full_precision, monkeypatch: pytest.MonkeyPatch):
    with_openvino = SentenceEmbedder.load(BUNDLED_EMBEDDER).embed_passages(TEXTS)
    monkeypatch.setitem(sys.modules, "openvino", None)
    embedder = SentenceEmbedder.load(BUNDLED_EMBEDDER)
    assert isinstance(embedder._transformer, TorchTransformer)
    assert np.abs(embedder.embed_passages(TEXTS) - with_openvino).max() < TOLERANCE
    assert np.abs(embedder.embed_question(TEXTS[0]) - with_openvino[0]).max() < TOLERANCE


@pytest.mark.parametrize("family", ["Bert", "Roberta"])
def test_reader_gives_the_same_logits_without_openvino(
    family: str, tmp_path: Path, full_precision, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    folder = save_tiny_reader(family, tmp_path / "model")
    random = np.random.default_rng(0)
    sequences = []
    for length in (3, 60, 17, 17, 1):
        types = (np.arange(length) > length // 2).astype(np.int64)
        sequences.append(Tokens(random.integers(5, 60, length), types))

    compiled = prepare(str(folder), "reader")
    assert isinstance(load_transformer(compiled), OpenVinoTransformer)
    with_openvino = load_transformer(compiled).run(sequences)
    monkeypatch.setitem(sys.modules, "openvino", None)
    plain = prepare(str(folder), "reader")
    assert (plain.longest, plain.pad_id) == (compiled.longest, compiled.pad_id)
    assert sorted(path.name for path in plain.folder.iterdir()) == ["about.json", "tokenizer.json"]
    without = load_transformer(plain).run(sequences)

    for tokens, expected, found in zip(sequences, with_openvino, without, strict=True):
        assert len(found) == len(expected) == 2
        for one, other in zip(found, expected, strict=True):
            assert one[: len(tokens)] == pytest.approx(other[: len(tokens)], abs=TOLERANCE)


def summing(input_ids, attention_mask, token_type_ids):
    """Return each token's id times its type, if it counts: small enough to be worked out by hand."""
    return (input_ids * token_type_ids * attention_mask, (input_ids * attention_mask).sum(1))


def test_outputs_come_in_the_order_given_whatever_is_batched_with_what():
    transformer = TorchTransformer(summing, pad_id=99)
    sequences = [Tokens(np.arange(n) + 1, np.ones(n, dtype=np.int64)) for n in (2, 5, 1, 3)]
    for budget in (None, 1, 6):
        told: list[int] = []
        outputs = transformer.run(sequences, token_budget=budget, done=told.append)
        assert [float(total) for _, total in outputs] == [3, 15, 1, 6]
        assert [row[: len(s)].tolist() for (row, _), s in zip(outputs, sequences, strict=True)] == [
            [1, 2],
            [1, 2, 3, 4, 5],
            [1],
            [1, 2, 3],
        ]
        assert sum(told) == 4
    assert transformer.run([]) == []


def test_padding_has_the_pads_id_and_does_not_count():
    batch = padded(
        [Tokens(np.array([5, 6]), np.array([0, 1])), Tokens(np.array([7]), np.array([1]))], pad_id=9
    )
    assert {name: array.tolist() for name, array in batch.items()} == {
        "input_ids": [[5, 6], [7, 9]],
        "attention_mask": [[1, 1], [1, 0]],
        "token_type_ids": [[0, 1], [1, 0]],
    }


def test_tokenizer_and_facts_need_no_openvino(without_openvino):
    model = prepare(BUNDLED_EMBEDDER, "embedder")
    assert (model.device, model.longest) == (Device("torch", "cpu"), 256)
    assert len(Tokenizer.load(model.folder).encode(["Yes."], longest=8)[0]) == 4


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_missing_cuda_device_is_reported_in_one_line():
    with pytest.raises(ModelError) as told:
        require_cuda()
    assert told.value.what.startswith(
        f"QA_DEVICE is cuda, but torch {torch.__version__} finds no CUDA device ("
    )
    assert told.value.cure == "Set QA_DEVICE=cpu, or install torch for your card."


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
def test_embedder_on_a_gpu_gives_the_vectors_of_the_processor(
    full_precision, monkeypatch: pytest.MonkeyPatch
):
    on_processor = SentenceEmbedder.load(BUNDLED_EMBEDDER).embed_passages(TEXTS)
    monkeypatch.setenv("QA_DEVICE", "cuda")
    on_gpu = SentenceEmbedder.load(BUNDLED_EMBEDDER).embed_passages(TEXTS)
    assert np.abs(on_gpu - on_processor).max() < TOLERANCE
