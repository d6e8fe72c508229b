"""A BERT read without torch gives what torch gives; whatever is not quite one goes the other way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, Pooling, Transformer

from qa.models.bert import Bert, read_bert
from qa.models.bert_graph import graph_of
from qa.models.facts import Kind
from qa.models.openvino_runtime import OpenVinoTransformer, openvino_library
from qa.models.pretrained import load_pretrained
from qa.models.tokenizer import Tokens
from tests.tiny_readers import LONGEST, save_tiny_reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_reader("Bert", tmp_path_factory.mktemp("reader"))


@pytest.fixture(scope="module", params=["mean", "cls"])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_embedder(tmp_path_factory.mktemp("embedder"), request.param)


def save_tiny_embedder(folder: Path, pooling: str) -> Path:
    words = save_tiny_reader("Bert", folder / "words")
    transformer = Transformer(str(words), max_seq_length=20)
    model = SentenceTransformer(modules=[transformer, Pooling(16, pooling), Normalize()], device="cpu")
    model.prompts = {"query": "ask: ", "document": "tell: "}
    model.save_pretrained(str(folder / "embedder"))
    return folder / "embedder"


def compiled(bert: Bert, *, integers: bool = False) -> OpenVinoTransformer:
    graph = graph_of(bert, integers=integers)
    options = {"INFERENCE_PRECISION_HINT": "f32"}
    return OpenVinoTransformer(
        openvino_library().Core().compile_model(graph, "CPU", options),
        pad_id=bert.facts.pad_id,
        longest=bert.facts.longest,
    )


def by_torch(folder: Path, kind: Kind, sequence: Tokens) -> list[np.ndarray]:
    ids, types = (torch.from_numpy(part)[None] for part in (sequence.ids, sequence.types))
    with torch.inference_mode():
        outputs = load_pretrained(folder, kind).forward(ids, torch.ones_like(ids), types)
    return [output[0].numpy() for output in outputs]


SEQUENCES = st.lists(
    st.lists(st.tuples(st.integers(5, 60), st.integers(0, 1)), min_size=1, max_size=20),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, deadline=None)
@given(drawn=SEQUENCES)
def test_spans_have_the_logits_of_torch_whatever_is_batched_with_what(reader: Path, drawn: list):
    bert = read_bert(reader, "reader")
    assert bert is not None
    sequences = [Tokens(*np.array(pairs, dtype=np.int64).T) for pairs in drawn]
    found = compiled(bert).run(sequences, token_budget=4096)
    for sequence, logits in zip(sequences, found, strict=True):
        for one, expected in zip(logits, by_torch(reader, "reader", sequence), strict=True):
            assert np.abs(one[: len(sequence)] - expected).max() < 1e-3


def test_vectors_point_where_those_of_sentence_transformers_do(embedder: Path):
    bert = read_bert(embedder, "embedder")
    assert bert is not None
    sequences = [Tokens(np.arange(5, 5 + n), np.zeros(n, dtype=np.int64)) for n in (1, 7, 20)]
    for sequence, (vector,) in zip(sequences, compiled(bert).run(sequences), strict=True):
        (expected,) = by_torch(embedder, "embedder", sequence)
        assert np.abs(vector / np.linalg.norm(vector) - expected).max() < 1e-5


@pytest.mark.parametrize("kind", ["reader", "embedder"])
def test_facts_are_those_that_the_libraries_report(kind: Kind, reader: Path, embedder: Path):
    folder = reader if kind == "reader" else embedder
    bert, expected = read_bert(folder, kind), load_pretrained(folder, kind)
    assert bert is not None
    assert bert.facts == expected.facts
    assert bert.tokenizer.to_str() == expected.tokenizer.to_str()
    assert bert.facts.longest == (LONGEST if kind == "reader" else 20)


def test_integers_are_within_their_rounding(reader: Path):
    bert = read_bert(reader, "reader")
    assert bert is not None
    sequence = Tokens(np.arange(5, 25), np.zeros(20, dtype=np.int64))
    exact, rounded = (compiled(bert, integers=i).run([sequence])[0] for i in (False, True))
    size = max(np.abs(logits).max() for logits in exact)
    apart = max(np.abs(a - b).max() for a, b in zip(exact, rounded, strict=True))
    assert 0 < apart < 0.1 * size


def of_config(**changes: object) -> Callable[[Path], None]:
    return of_json("config.json", **changes)


def of_json(name: str, **changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


def of_weights(change: Callable[[dict[str, np.ndarray]], object]) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        weights = load_file(folder / "model.safetensors")
        change(weights)
        save_file(weights, folder / "model.safetensors")

    return changed


ODD = {
    "another family": of_config(model_type="electra"),
    "another activation": of_config(hidden_act="gelu_new"),
    "relative positions": of_config(position_embedding_type="relative_key"),
    "a decoder": of_config(is_decoder=True),
    "heads that do not divide": of_config(num_attention_heads=3),
    "no heads": of_config(num_attention_heads=0),
    "more layers than weights": of_config(num_hidden_layers=2),
    "a size that is no number": of_config(hidden_size="16"),
    "a tensor more": of_weights(lambda w: w.update(extra=np.zeros(2, np.float32))),
    "a tensor less": of_weights(lambda w: w.pop("qa_outputs.bias")),
    "another shape": of_weights(lambda w: w.update({"qa_outputs.bias": np.zeros(3, np.float32)})),
    "integers for weights": of_weights(lambda w: w.update({"qa_outputs.bias": np.zeros(2, np.int8)})),
    "no tokenizer": lambda folder: (folder / "tokenizer.json").unlink(),
    "a broken tokenizer": lambda folder: (folder / "tokenizer.json").write_text("{}"),
    "no weights": lambda folder: (folder / "model.safetensors").unlink(),
    "broken weights": lambda folder: (folder / "model.safetensors").write_bytes(b"{}"),
    "no configuration": lambda folder: (folder / "config.json").unlink(),
    "broken configuration": lambda folder: (folder / "config.json").write_text("["),
    "another padding": of_json("tokenizer_config.json", pad_token="[NONE]"),
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD.keys())
def test_reader_with_anything_not_known_here_goes_through_torch(tmp_path: Path, change: Callable):
    folder = save_tiny_reader("Bert", tmp_path)
    assert read_bert(folder, "reader") is not None
    change(folder)
    assert read_bert(folder, "reader") is None


DENSE = {"type": "sentence_transformers.models.Dense", "path": "3_Dense"}
ODD_EMBEDDERS = {
    "the greatest of the tokens": of_json("1_Pooling/config.json", pooling_mode="max"),
    "two ways at once": of_json("1_Pooling/config.json", pooling_mode_cls_token=True),
    "no prompt in the mean": of_json("1_Pooling/config.json", include_prompt=False),
    "lower case by the library": of_json("sentence_bert_config.json", do_lower_case=True),
    "another output": of_json("sentence_bert_config.json", module_output_name="all_layers"),
    "longer than its places": of_json("sentence_bert_config.json", max_seq_length=LONGEST + 1),
    "a prompt by default": of_json("config_sentence_transformers.json", default_prompt_name="query"),
    "no modules": lambda folder: (folder / "modules.json").unlink(),
    "a module more": lambda folder: (folder / "modules.json").write_text(
        json.dumps([*json.loads((folder / "modules.json").read_text()), DENSE])
    ),
}


@pytest.mark.parametrize("change", ODD_EMBEDDERS.values(), ids=ODD_EMBEDDERS.keys())
def test_embedder_with_anything_not_known_here_goes_through_torch(tmp_path: Path, change: Callable):
    folder = save_tiny_embedder(tmp_path, "mean")
    assert read_bert(folder, "embedder") is not None
    change(folder)
    assert read_bert(folder, "embedder") is None
