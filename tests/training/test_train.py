"""The training loop on a tiny reader and a task it can learn: point at the one token that differs."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer as RustTokenizer
from tokenizers import models
from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

from training import train
from training.batches import collate
from training.model import CHOICES, Precision, load, loss_of
from training.packed import Packed
from training.recipe import Recipe
from training.train import learning_rate, split

WORDS = 16  # in the vocabulary: 0 to 2 are special, 5 is the answer wherever it stands


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a random reader of two layers."""
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
def packed() -> Packed:
    """Pack 200 questions to train on and 60 held out; seven in ten have an answer."""
    random = np.random.default_rng(0)
    sequences, answers = [np.array([3, 4])], []
    for _ in range(260):
        ids = random.integers(6, WORDS, int(random.integers(8, 16)))
        at = int(random.integers(0, len(ids)))
        answered = random.random() < 0.7
        ids[at] = 5 if answered else ids[at]
        sequences.append(ids)
        answers.append([at] if answered else [])
    places = np.array([at for own in answers for at in own], dtype=np.int16)
    return Packed(
        sets=("news", "dev news"),
        special={"cls": 1, "sep": 2, "pad": 0},
        continues=np.zeros(WORDS, dtype=bool),
        tokens=np.concatenate(sequences).astype(np.uint16),
        ends=np.cumsum([len(ids) for ids in sequences]),
        title=np.zeros(261, dtype=np.int16),
        head=np.zeros(261, dtype=np.int16),
        question=np.zeros(260, dtype=np.int32),
        set_of=np.array([0] * 200 + [1] * 60, dtype=np.int16),
        contexts_end=np.arange(1, 261),
        context=np.arange(1, 261, dtype=np.int32),
        answers_end=np.cumsum([len(own) for own in answers]),
        first=places,
        last=places,
    )


class Steps:
    """A clock that ends a run after a number of steps, however long they take."""

    def __init__(self, steps: int, done: int = 0) -> None:
        self.steps, self.done = steps, done

    def seconds(self) -> float:
        return float(self.done)

    def share(self) -> float:
        self.done += 1
        return (self.done - 1) / self.steps


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch):
    """Let a run last so many steps: its shares are asked for twice a step."""

    def set_to(steps: int) -> None:
        monkeypatch.setattr(train, "_Clock", lambda _, used, __: Steps(2 * steps, int(used)))
        monkeypatch.setattr(train, "fastest", lambda *_: Precision(half=False, attention="eager"))

    return set_to


def recipe(start: Path, **changed: object) -> Recipe:
    small = Recipe(start=str(start), token_budget=512, peak_rate=3e-3, warmup=10, average=0.9)
    return replace(small, **changed)


def weights(out: Path) -> dict[str, torch.Tensor]:
    return load_file(out / "model" / "model.safetensors")


def test_reader_learns_to_point_and_to_refuse(tmp_path: Path, start: Path, packed: Packed, in_steps):
    in_steps(150)
    train.run(recipe(start), packed, tmp_path)
    last = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()][-1]
    assert last["dev news"]["forced_f1"] > 0.95
    assert last["dev news"]["refused"] > 0.9


def test_run_that_is_cut_off_goes_on_as_if_it_had_not_been(
    tmp_path: Path, start: Path, packed: Packed, in_steps, monkeypatch: pytest.MonkeyPatch
):
    in_steps(12)
    train.run(recipe(start), packed, tmp_path / "whole")
    killed = tmp_path / "killed"
    with monkeypatch.context() as patch:
        patch.setattr(train, "MINUTES_BETWEEN_CHECKPOINTS", 0.0)  # after every step
        patch.setattr(train, "learning_rate", _stopping(after=7))
        with pytest.raises(KeyboardInterrupt):
            train.run(recipe(start), packed, killed)
    train.run(recipe(start), packed, killed)
    for name, tensor in weights(tmp_path / "whole").items():
        assert torch.equal(tensor, weights(killed)[name]), name


def _stopping(after: int):
    def rate(step: int, share: float, recipe: Recipe) -> float:
        if step == after:
            raise KeyboardInterrupt
        return learning_rate(step, share, recipe)

    return rate


def test_learning_rate_climbs_stays_and_falls_to_nothing_with_the_time():
    plain = Recipe(peak_rate=1.0, warmup=10, decay=0.2)
    rates = [learning_rate(step, step / 100, plain) for step in range(101)]
    assert rates[:2] == [0.1, 0.2]
    assert rates[10:80] == [1.0] * 70
    assert rates[90] == pytest.approx(0.5)
    assert rates[100] == 0.0
    assert learning_rate(50, 1.1, plain) == 0.0  # past the end
    assert learning_rate(50, 0.99, replace(plain, decay=0.0)) == 1.0


@pytest.mark.parametrize("trained", [False, True])
def test_word_vectors_move_only_where_the_recipe_trains_them(
    tmp_path: Path, start: Path, packed: Packed, in_steps, trained: bool
):
    in_steps(3)
    train.run(recipe(start, embeddings=trained), packed, tmp_path)
    name = "bert.embeddings.word_embeddings.weight"
    before = load_file(start / "model.safetensors")[name].half()
    assert torch.equal(weights(tmp_path)[name], before) is not trained


@pytest.mark.parametrize(("clip", "moves"), [(1e-12, False), (1.0, True)])
def test_gradients_are_cut_to_the_norm_that_the_recipe_allows(
    tmp_path: Path, start: Path, packed: Packed, in_steps, clip: float, moves: bool
):
    in_steps(3)
    train.run(recipe(start, clip=clip, weight_decay=0.0), packed, tmp_path)
    before = load_file(start / "model.safetensors")
    # Under a norm of 1e-12 AdamW divides by its epsilon of 1e-8, and next to nothing moves.
    moved = max(
        (tensor.float() - before[name].float()).abs().max().item()
        for name, tensor in weights(tmp_path).items()
    )
    assert (moved > 1e-4) is moves


def test_deeper_layers_learn_less(start: Path):
    shares = {
        group["share"]: sum(p.numel() for p in group["params"])
        for group in train._by_layer(load(str(start), recipe(start), "eager"), recipe(start, layer_decay=0.5))
    }
    # Embeddings stand three below the head, the layers two and one below it.
    assert list(shares) == [0.125, 0.25, 0.5, 1.0]
    assert shares[0.25] == shares[0.5]
    assert shares[1.0] == 2 * 32 + 2


def test_teachers_are_half_of_the_loss(start: Path, packed: Packed):
    batch = collate([packed.windows(number) for number in packed.of_set("dev news")], 0)
    model = load(str(start), recipe(start), "eager")

    def loss(*teachers: torch.nn.Module) -> float:
        return loss_of(model, batch, "cpu", half=False, alone=0.5, teachers=teachers).item()

    lesson = 2 * loss(model) - loss()
    # The mean of two equal teachers is one of them.
    assert 2 * loss(model, model) - loss() == pytest.approx(lesson, abs=1e-5)
    # Its own probabilities: the mean entropy of start and end, each over the places and the null.
    may = torch.from_numpy(batch.may_start).clone()
    may[:, 0] = True
    entropies = [
        torch.distributions.Categorical(logits=torch.where(may, logits, -1e4)).entropy().mean()
        for logits in train.forward(model, batch, "cpu", half=False)
    ]
    assert lesson == pytest.approx(float(sum(entropies)) / 2, abs=1e-5)


def test_fastest_precision_is_one_that_was_timed(start: Path, packed: Packed, capsys):
    batch = collate([packed.windows(0), packed.windows(1)], 0)
    assert train.fastest(recipe(start), batch, "cpu") in CHOICES
    assert capsys.readouterr().out.count("tokens a second") == len(CHOICES)


def test_parts_of_the_weights_join_to_the_whole(tmp_path: Path):
    file = tmp_path / "model.safetensors"
    file.write_bytes(bytes(range(256)) * 5)
    parts = split(file, 500)
    assert [part.name[-6:] for part in parts] == ["part01", "part02", "part03"]
    assert math.fsum(part.stat().st_size for part in parts) == 1280
    assert b"".join(part.read_bytes() for part in sorted(parts)) == file.read_bytes()
