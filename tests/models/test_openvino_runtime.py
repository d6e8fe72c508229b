"""Compiled models give what the torch models give, whatever is batched with what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import load_file

from qa.errors import ModelError
from qa.models import conversion
from qa.models.batching import padded
from qa.models.bert import Bert, read_bert
from qa.models.bert_graph import graph_of
from qa.models.embedder import SentenceEmbedder
from qa.models.facts import MOST_TOKENS
from qa.models.openvino_runtime import (
    GRAPH,
    LEAST_TOKENS,
    ROUNDED_TOGETHER,
    OpenVinoTransformer,
    openvino_library,
)
from qa.models.tokenizer import Tokenizer, Tokens
from qa.models.weights import PreparedModel, load_transformer, prepare
from qa.settings import BUNDLED_EMBEDDER, BUNDLED_READER
from tests.tiny_readers import save_tiny_reader

TEXTS = [
    "Shoigu visits North Korea (25 July 2023)\nHe met Kim Jong Un in Pyongyang.",
    "Yes.",
    "김정은 👍🏽 سلام",
    "The negotiators met again in the capital on Tuesday. " * 60,  # longer than the embedder reads
]


@pytest.fixture(scope="module")
def torch_vectors() -> np.ndarray:
    """Mean of the last hidden states, as the embedder's model card has it."""
    source = prepare(BUNDLED_EMBEDDER, "embedder").source
    tokenizer = transformers.AutoTokenizer.from_pretrained(source)
    model = transformers.AutoModel.from_pretrained(source, dtype=torch.float32).eval()
    inputs = tokenizer(TEXTS, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.inference_mode():
        hidden = model(**inputs).last_hidden_state
    mask = inputs["attention_mask"][:, :, None]
    mean = (hidden * mask).sum(1) / mask.sum(1)
    return (mean / mean.norm(dim=1, keepdim=True)).numpy()


@pytest.mark.parametrize("faster", ["float", "int8"])
def test_embedder_in_either_number_type_agrees_with_torch_within_its_rounding(
    torch_vectors: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faster: str
):
    monkeypatch.setenv("QA_CACHE", str(tmp_path))
    monkeypatch.setattr(
        conversion, "timed", lambda bert, graphs: {name: float(name != faster) for name in graphs}
    )
    vectors = SentenceEmbedder.load(BUNDLED_EMBEDDER).embed_passages(TEXTS)
    article, word, *others = (vectors * torch_vectors).sum(axis=1)
    assert min(article, *others) >= 0.997
    assert word >= 0.99
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-6)


@pytest.mark.parametrize(("int8", "numbers", "least"), [(0.9, "int8", 1.0), (0.99, "float", 2.0)])
def test_integers_are_taken_where_they_save_a_twentieth_of_the_time_and_of_bundled_models_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, int8: float, numbers: str, least: float
):
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(conversion, "timed", lambda bert, graphs: {"float": 1.0, "int8": int8})
    bundled = prepare(BUNDLED_READER, "reader")
    assert bundled.numbers == numbers
    # The published reader has 16 bits a weight, so "float" means 2 bytes.
    assert least <= bytes_a_weight(bundled) < 1.1 * least
    assert conversion.times_of(bundled.folder) == {"float": 1.0, "int8": int8}
    other = prepare(str(save_tiny_reader("Bert", tmp_path / "other")), "reader")
    assert (other.numbers, conversion.times_of(other.folder)) == ("float", {})


def test_both_number_types_are_timed(bundled_reader_as_bert: Bert):
    graphs = {name: graph_of(bundled_reader_as_bert, integers=name == "int8") for name in ("float", "int8")}
    took = conversion.timed(bundled_reader_as_bert, graphs)
    assert set(took) == {"float", "int8"}
    assert all(0 < seconds < 60 for seconds in took.values())


@pytest.mark.parametrize(
    ("few", "many", "most"), [(0.94, 1.0, LEAST_TOKENS), (0.96, 1.0, MOST_TOKENS), (2.0, 1.0, MOST_TOKENS)]
)
def test_requests_are_small_where_that_saves_a_twentieth_of_the_time(
    bundled_reader_as_bert: Bert, monkeypatch: pytest.MonkeyPatch, few: float, many: float, most: int
):
    clock = Clock()
    monkeypatch.setattr(conversion.time, "perf_counter", lambda: clock.now)
    monkeypatch.setattr(conversion, "_compiled", lambda bert, graph: TimedModel(clock, few, many))
    assert conversion.fastest_request(bundled_reader_as_bert, graph=None) == most


@dataclass
class Clock:
    now: float = 0.0


@dataclass
class TimedModel:
    """A model that takes as long as it is told to, for small requests and for large ones; more at first."""

    clock: Clock
    few: float
    many: float
    runs: int = 0

    def run(self, passages: list[Tokens], *, token_budget: int) -> None:
        self.runs += 1
        spent = self.few if token_budget == LEAST_TOKENS else self.many
        self.clock.now += spent if self.runs > 2 else 9 / spent


def test_a_request_has_no_more_tokens_than_suits_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QA_CACHE", str(tmp_path))
    monkeypatch.setattr(conversion, "timed", lambda bert, graphs: dict.fromkeys(graphs, 1.0))
    monkeypatch.setattr(conversion, "fastest_request", lambda bert, graph: LEAST_TOKENS)
    model = prepare(BUNDLED_EMBEDDER, "embedder")
    assert model.request_tokens == LEAST_TOKENS
    transformer = load_transformer(model)
    assert isinstance(transformer, OpenVinoTransformer)
    widths: list[int] = []

    def batch(group: list[int], width: int) -> dict[str, np.ndarray]:
        widths.append(len(group) * width)
        return padded([Tokens(np.full(width, 7), np.zeros(width, int))] * len(group), pad_id=0)

    transformer.run_batches([100] * 20, batch)
    assert max(widths) == 224  # two of 112 each: three would be 336


@pytest.fixture(scope="module")
def bundled_reader_as_bert() -> Bert:
    bert = read_bert(Path(BUNDLED_READER), "reader")
    assert bert is not None
    return bert


def bytes_a_weight(model: PreparedModel) -> float:
    weights = sum(tensor.numel() for tensor in load_file(model.source / "model.safetensors").values())
    return sum(path.stat().st_size for path in model.folder.glob("*.bin")) / weights


def test_activations_are_rounded_in_the_groups_that_were_measured():
    model = prepare(BUNDLED_EMBEDDER, "embedder")
    transformer = OpenVinoTransformer.load(model.folder, pad_id=model.pad_id, longest=model.longest)
    assert transformer._compiled.get_property("DYNAMIC_QUANTIZATION_GROUP_SIZE") == ROUNDED_TOGETHER
    assert [width % ROUNDED_TOGETHER for width in (384, 1536)] == [0, 0]  # of the layers of both


# OpenVINO reports to its makers when it is imported and when it converts, if it can.
CONVERTING = """
import sys
called = []
NET = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request")
sys.addaudithook(lambda event, details: called.append(event) if event in NET else None)
from qa.models.weights import load_transformer, prepare
for name, kind in ((sys.argv[1], "embedder"), (sys.argv[2], "reader")):
    load_transformer(prepare(name, kind))
import threading
for thread in threading.enumerate():
    if thread is not threading.current_thread() and not thread.daemon:
        thread.join(5)
print([name for name in ("torch", "transformers") if name in sys.modules], called)
"""


def test_converting_the_bundled_models_prints_nothing_calls_nobody_and_needs_no_torch(
    run_python, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))  # where consent would be noted
    # OpenVINO sends nothing by itself where these are set.
    for name in ("CI", "GITHUB_ACTIONS", "JENKINS_URL", "TF_BUILD"):
        monkeypatch.delenv(name, raising=False)
    assert run_python(CONVERTING, BUNDLED_EMBEDDER, BUNDLED_READER) == "[] []"


def test_embedder_in_float32_agrees_with_torch_to_the_fifth_digit(full_precision, torch_vectors: np.ndarray):
    embedder = SentenceEmbedder.load(BUNDLED_EMBEDDER)
    assert np.abs(embedder.embed_passages(TEXTS) - torch_vectors).max() < 1e-5
    assert np.abs(embedder.embed_question(TEXTS[0]) - torch_vectors[0]).max() < 1e-5


def test_neither_batches_nor_padding_nor_order_change_an_output(full_precision):
    model = prepare(BUNDLED_EMBEDDER, "embedder")
    transformer = OpenVinoTransformer.load(model.folder, pad_id=model.pad_id, longest=model.longest)
    texts = [" ".join(["word", "kim", "ship"][: 1 + n % 3] * (1 + n * 7 % 23)) for n in range(40)]
    sequences = Tokenizer.load(model.folder).encode(texts, longest=64)
    alone = [transformer.run([sequence])[0][0] for sequence in sequences]
    told: list[int] = []
    for budget in (1, 100, 4096):
        together = transformer.run(sequences, token_budget=budget, done=told.append)
        assert max(np.abs(a - b[0]).max() for a, b in zip(alone, together, strict=True)) < 1e-5
    assert sum(told) == 3 * 40
    assert transformer.run([]) == []
    with pytest.raises(ValueError, match="token_budget must be at least 1"):
        transformer.run(sequences, token_budget=0)


@pytest.mark.parametrize(
    ("lengths", "longest", "widths"),
    [
        ([3, 16, 17], 64, [16, 16, 32]),  # full steps
        ([33, 40], 40, [40, 40]),  # but never longer than the model allows
        ([5, 30], 20, [16, 30]),  # a longer text is not cut off
    ],
)
def test_few_widths_occur(lengths: list[int], longest: int, widths: list[int]):
    openvino = openvino_library()
    from openvino import opset13

    ids = opset13.parameter([-1, -1], np.int64, name="input_ids")
    ids.output(0).get_tensor().set_names({"input_ids"})
    graph = openvino.Model([opset13.convert(ids, "f32")], [ids], "echo")
    compiled = openvino.Core().compile_model(graph, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})
    transformer = OpenVinoTransformer(compiled, pad_id=7, longest=longest)
    sequences = [Tokens(np.arange(n), np.zeros(n, dtype=np.int64)) for n in lengths]
    echoes = transformer.run(sequences, token_budget=1)
    for length, width, (echo,) in zip(lengths, widths, echoes, strict=True):
        assert echo.tolist() == [*range(length), *[7] * (width - length)]


# Drops the model right after each run. If OpenVINO's threads call back into Python, this hangs three times
# in four. The graph only repeats its input, so that it is made quickly.
DROPPING = """
import numpy as np
from qa.models.openvino_runtime import OpenVinoTransformer, openvino_library
openvino = openvino_library()
from openvino import opset13
from qa.models.tokenizer import Tokens
ids = opset13.parameter([-1, -1], np.int64, name="input_ids")
ids.output(0).get_tensor().set_names({"input_ids"})
graph = openvino.Model([opset13.convert(ids, "f32")], [ids], "echo")
one = Tokens(np.arange(8), np.zeros(8, dtype=np.int64))
for _ in range(300):
    compiled = openvino.Core().compile_model(graph, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})
    transformer = OpenVinoTransformer(compiled, pad_id=0, longest=8)
    del compiled
    results = transformer.run([one] * 3)
    del transformer
print([result[0].tolist() for result in results] == [list(range(8))] * 3)
"""


def test_model_may_be_dropped_at_once_after_its_run(run_python):
    assert run_python(DROPPING) == "True"


@pytest.mark.parametrize("content", [None, "", "<net>"])
def test_missing_or_broken_graph_is_reported_with_the_cure(tmp_path: Path, content: str | None):
    if content is not None:
        (tmp_path / GRAPH).write_text(content)
    with pytest.raises(ModelError) as told:
        OpenVinoTransformer.load(tmp_path, pad_id=0, longest=8)
    assert told.value.what == "the compiled model cannot be read"
    assert told.value.cure == "Delete this folder; it is made anew."
