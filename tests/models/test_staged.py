"""A reader cut into two graphs gives what it gives in one, and what its heads guess is what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.models.bert import WEIGHTS, Bert, read_bert
from qa.models.bert_graph import graph_of, stages_of
from qa.models.glance import FILE, Glance, hash_of
from qa.models.openvino_runtime import GRAPH, OpenVinoTransformer, openvino_library
from qa.models.staged import UPPER, StagedTransformer
from qa.models.tokenizer import Tokens
from qa.models.weights import load_transformer, prepare
from tests.tiny_readers import save_tiny_reader

LAYERS, WIDTH = 3, 16


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_reader("Bert", tmp_path_factory.mktemp("reader"), layers=LAYERS)


@pytest.fixture(scope="module")
def bert(reader: Path) -> Bert:
    found = read_bert(reader, "reader")
    assert found is not None
    return found


def heads(layer: int) -> Glance:
    random = np.random.default_rng(layer)
    weight = random.standard_normal((2, WIDTH)).astype(np.float32)
    return Glance(layer, weight, np.array([0.5, -2.0], dtype=np.float32))


def sequences() -> list[Tokens]:
    random = np.random.default_rng(0)
    return [Tokens(random.integers(5, 40, n), (np.arange(n) > 4).astype(np.int64)) for n in (9, 31, 9, 2, 17)]


def compiled(graph: object) -> OpenVinoTransformer:
    model = openvino_library().Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return OpenVinoTransformer(model, pad_id=0, longest=64)


def staged(bert: Bert, glance: Glance) -> StagedTransformer:
    return StagedTransformer(*(compiled(graph) for graph in stages_of(bert, glance, integers=False)))


@pytest.mark.parametrize("layer", [1, 2])
def test_two_stages_give_the_logits_that_one_graph_gives(bert: Bert, layer: int):
    whole = compiled(graph_of(bert, integers=False)).run(sequences())
    parted = staged(bert, heads(layer)).run(sequences())
    for one, expected, got in zip(sequences(), whole, parted, strict=True):
        for part in (0, 1):
            assert got[part][: len(one)] == pytest.approx(expected[part][: len(one)], abs=1e-4)


def test_some_sequences_alone_can_be_finished_in_any_order(bert: Bert):
    transformer = staged(bert, heads(2))
    begun = transformer.begin(sequences())
    whole = transformer.finish(begun)
    third, first = transformer.finish([begun[2], begun[0]])
    assert third[0][:9] == pytest.approx(whole[2][0][:9], abs=1e-5)
    assert first[1][:9] == pytest.approx(whole[0][1][:9], abs=1e-5)
    assert transformer.finish([]) == []


def test_guesses_are_the_heads_on_the_states_and_as_long_as_the_sequence(bert: Bert):
    glance = heads(1)
    for one, begun in zip(sequences(), staged(bert, glance).begin(sequences()), strict=True):
        assert begun.states.shape == (len(one), WIDTH)
        guessed = begun.states @ glance.weight.T + glance.bias
        assert begun.start == pytest.approx(guessed[:, 0], abs=1e-4)
        assert begun.end == pytest.approx(guessed[:, 1], abs=1e-4)


def test_finished_sequences_are_reported(bert: Bert):
    heard: list[int] = []
    staged(bert, heads(2)).run(sequences(), done=heard.append)
    assert sum(heard) == 5


def test_reader_with_heads_is_converted_in_two_graphs_and_without_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    folder = save_tiny_reader("Bert", tmp_path / "reader", layers=LAYERS)
    plain = prepare(str(folder), "reader")
    assert not (plain.folder / UPPER).exists()
    heads(2).save(folder, folder / WEIGHTS)
    parted = prepare(str(folder), "reader")
    assert parted.folder != plain.folder
    assert {path.name for path in parted.folder.iterdir()} >= {GRAPH, UPPER}
    whole, two = load_transformer(plain), load_transformer(parted)
    assert isinstance(whole, OpenVinoTransformer)
    assert isinstance(two, StagedTransformer)
    one = sequences()[1]
    (expected,), (got,) = whole.run([one]), two.run([one])
    # The bundled precision of the processor may be bfloat16.
    assert got[0][:31] == pytest.approx(expected[0][:31], abs=0.05 * float(np.abs(expected[0]).max()))


def test_heads_are_read_as_they_were_saved(reader: Path, tmp_path: Path):
    heads(2).save(tmp_path, reader / WEIGHTS)
    found = Glance.load(tmp_path, reader / WEIGHTS, layers=LAYERS, width=WIDTH)
    assert found is not None
    assert found.layer == 2
    assert (found.weight == heads(2).weight).all()
    assert (found.bias == heads(2).bias).all()


def test_reader_without_heads_has_none(reader: Path, tmp_path: Path):
    assert Glance.load(tmp_path, reader / WEIGHTS, layers=LAYERS, width=WIDTH) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda about: about | {"layer": 0}, "the layer is 0, and the model has 3"),
        (lambda about: about | {"layer": 3}, "the layer is 3, and the model has 3"),
        (lambda about: about | {"layer": True}, "the layer is True"),
        (lambda about: about | {"start": about["start"][1:]}, ""),
        (lambda about: {**about, "start": about["start"][1:], "end": about["end"][1:]}, "16 finite weights"),
        (lambda about: about | {"end": ["a"] * 17}, ""),
        (lambda about: about | {"end": None}, ""),
        (lambda about: about | {"weights_sha256": "0" * 64}, "made for other weights"),
        (lambda about: [about], "it holds no object"),
    ],
)
def test_heads_that_do_not_fit_are_refused_with_their_cure(
    reader: Path, tmp_path: Path, change: Callable[[dict[str, object]], object], said: str
):
    heads(2).save(tmp_path, reader / WEIGHTS)
    about = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps(change(about)))
    with pytest.raises(ModelError, match="Delete the file") as caught:
        Glance.load(tmp_path, reader / WEIGHTS, layers=LAYERS, width=WIDTH)
    assert said in str(caught.value)


def test_hash_is_that_of_the_whole_file(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"abc")
    assert hash_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
