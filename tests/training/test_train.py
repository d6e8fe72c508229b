"""The training loop on a tiny reader and a task it can learn: point at the one token that differs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer as RustTokenizer
from tokenizers import models
from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

from training.groups import Group, Sighted, collate
from training.objective import forward, load_model, loss_of
from training.prepare import load_groups, save
from training.train import Recipe, learning_rate, main
from training.train import run as run_recipe

WORDS = 12  # in the vocabulary; 5 is the answer wherever it stands


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random reader of two layers."""
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("start")
    config = BertConfig(
        vocab_size=WORDS,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=32,
    )
    BertForQuestionAnswering(config).save_pretrained(folder)
    rust = RustTokenizer(models.WordLevel({f"w{i}": i for i in range(WORDS)}, "w0"))
    PreTrainedTokenizerFast(tokenizer_object=rust, pad_token="w0", unk_token="w0").save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("groups")
    random = np.random.default_rng(0)
    save([one(random) for _ in range(200)], folder / "train.npz")
    save([one(random) for _ in range(60)], folder / "dev.npz")
    return folder


def one(random: np.random.Generator) -> Group:
    n = int(random.integers(8, 16))
    ids = random.integers(6, WORDS, n)
    answered = random.random() < 0.7
    at = int(random.integers(3, n))
    if answered:
        ids[at] = 5
    may = np.where(np.arange(n) < 3, 0, 3)
    places = (at,) if answered else ()
    return (Sighted(ids.astype(np.int32), (may > 0).astype(np.int8), may.astype(np.int8), places, places),)


def run(out: Path, start: Path, groups: Path, steps: int) -> dict[str, torch.Tensor]:
    main(groups=groups, out=out, start=str(start), steps=steps, epochs=40, rate=3e-3, alone=0.5, device="cpu")
    return load_file(out / "model" / "model.safetensors")


def test_reader_learns_to_point_and_to_refuse(tmp_path: Path, start: Path, groups: Path):
    run(tmp_path, start, groups, steps=40)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["step"] == 40
    assert lines[-1]["forced_f1"] > 0.95
    assert lines[-1]["refused"] > 0.9


def test_run_that_is_cut_off_goes_on_as_if_it_had_not_been(tmp_path: Path, start: Path, groups: Path):
    whole = run(tmp_path / "whole", start, groups, steps=12)
    killed = tmp_path / "killed"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.train.MINUTES_BETWEEN_CHECKPOINTS", 0.0)  # after every step
        patch.setattr("training.train.learning_rate", _stopping(after=7))
        with pytest.raises(KeyboardInterrupt):
            run(killed, start, groups, steps=12)
    resumed = run(killed, start, groups, steps=12)
    assert whole.keys() == resumed.keys()
    for name, tensor in whole.items():
        assert torch.equal(tensor, resumed[name]), name


def _stopping(after: int):
    def rate(step: int, steps: int, recipe: Recipe) -> float:
        if step == after:
            raise KeyboardInterrupt
        return learning_rate(step, steps, recipe)

    return rate


def test_learning_rate_climbs_stays_and_falls_to_nothing():
    recipe = Recipe(peak_rate=1.0, warmup=10, decay=0.2)
    rates = [learning_rate(step, 100, recipe) for step in range(100)]
    assert rates[:2] == [0.1, 0.2]
    assert rates[10:80] == [1.0] * 70
    assert rates[90] == pytest.approx(0.5)
    assert rates[99] == pytest.approx(0.05)


def test_learning_rate_falls_along_a_cosine():
    recipe = Recipe(peak_rate=1.0, warmup=10, cosine=True)
    rates = [learning_rate(step, 100, recipe) for step in range(100)]
    assert rates[0] == 0.1
    assert rates[25] == pytest.approx((1 + 0.5**0.5) / 2)
    assert rates[50] == pytest.approx(0.5)
    assert rates[99] == pytest.approx(0.0, abs=1e-3)


def test_word_vectors_stay_as_they_are(tmp_path: Path, start: Path, groups: Path):
    name = "bert.embeddings.word_embeddings.weight"
    before = load_file(start / "model.safetensors")[name]
    assert torch.equal(run(tmp_path, start, groups, steps=3)[name], before.half())


def test_head_of_its_own_begins_as_no_head_and_learns_to_refuse(tmp_path: Path, start: Path, groups: Path):
    batch = collate(load_groups(groups / "dev.npz"), 0)
    plain, headed = load_model(str(start)), load_model(str(start), null_head=True)
    for without, with_head in zip(forward(plain, batch, "cpu"), forward(headed, batch, "cpu"), strict=True):
        assert torch.equal(without, with_head)
    recipe = Recipe(start=str(start), steps=40, epochs=40, peak_rate=3e-3, null_head=True)
    model = run_recipe(recipe, groups, tmp_path)
    assert model.null_head.weight.abs().max() > 0.01
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["refused"] > 0.9


def test_teachers_are_half_of_the_loss(start: Path, groups: Path):
    batch = collate(load_groups(groups / "dev.npz"), 0)
    model = load_model(str(start))
    alone = loss_of(model, batch, "cpu").item()
    lesson = 2 * loss_of(model, batch, "cpu", teachers=[model]).item() - alone
    twice = 2 * loss_of(model, batch, "cpu", teachers=[model, model]).item() - alone
    assert twice == pytest.approx(lesson, abs=1e-5)  # the mean of two alike is one
    # Its own probabilities: the mean entropy of start and end, each over the places and the null.
    may = torch.from_numpy(batch.may_start).clone()
    may[:, 0] = True
    entropies = [
        torch.distributions.Categorical(logits=torch.where(may, logits, -1e4)).entropy().mean()
        for logits in forward(model, batch, "cpu")
    ]
    assert lesson == pytest.approx(float(sum(entropies)) / 2, abs=1e-5)
