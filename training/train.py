"""Groups of windows -> the reader's weights, in one loop; on a GPU in minutes, on two cores in hours.

    python -m training.prepare ../shared/data/reader
    python -m training.train                      # killed at any moment, the same command goes on
    python -m training.train --steps 1000         # end earlier: the rate decays over the last steps

The loss to expect from the starting reader: about 1.55 over the first 50 steps, 1.10 at the end of
1,000 (the mean of start and end). Every figure goes to ``log.jsonl``; ``python -m training.curves`` draws it.
"""

from __future__ import annotations

import copy
import json
import math
import random
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import torch
import typer
from transformers import AutoTokenizer

from training.checkpoints import checkpoint, exchange, resume
from training.groups import Group, collate, shuffled_batches
from training.judging import summary
from training.loss import ALONE
from training.objective import forward, load_model, loss_of
from training.prepare import WORK, load_groups
from training.sighting import worth


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that the result depends on, beside the data."""

    start: str = "models/reader"  # weights to begin with; the shipped run began with the starting reader's
    seed: int = 7
    epochs: float = 1.0  # one sight of each question gains most an hour on two cores
    steps: int = 0  # 0: as many as the epochs take
    token_budget: int = 4096  # padded tokens in a step, about 24 paragraphs; larger was no faster
    peak_rate: float = 1e-4  # 1.5e-4 made the starting reader from the bare encoder; it need move less now
    warmup: int = 60  # steps, for Adam's second moments
    decay: float = 0.3  # share of the steps at the end over which the rate falls to 0 (Hu et al. 2024)
    weight_decay: float = 0.01
    clip: float = 1.0  # norm of the gradient
    alone: float = ALONE  # weight of the loss over single windows (training.loss)
    average: float = 0.998  # of the weights, step to step; what is measured and saved
    # For training.trials; what ships was trained without.
    smoothing: float = 0.0  # share of the label that is spread over all places (Szegedy et al. 2016)
    teachers: tuple[str, ...] = ()  # readers whose probabilities are half of the lesson (Hinton et al. 2015)
    null_head: bool = False  # "no answer" is scored by a layer of its own at token 0
    cosine: bool = False  # after the warm-up the rate falls along a cosine (Loshchilov & Hutter 2017)


SHIPPED = Recipe()
MINUTES_BETWEEN_CHECKPOINTS = 4.0
STEPS_BETWEEN_MEASURES = 500


def main(
    groups: Annotated[Path, typer.Option(help="What training.prepare wrote.")] = WORK / "groups",
    out: Annotated[Path, typer.Option(help="Checkpoint, log and, at the end, the model.")] = WORK / "run",
    start: Annotated[str, typer.Option(help="Folder of the weights to begin with.")] = SHIPPED.start,
    steps: Annotated[int, typer.Option(help="End after so many; 0: all epochs.")] = 0,
    epochs: Annotated[float, typer.Option(help="Sights of each question.")] = SHIPPED.epochs,
    rate: Annotated[float, typer.Option(help="Peak learning rate.")] = SHIPPED.peak_rate,
    alone: Annotated[float, typer.Option(help="Weight of the loss over single windows.")] = SHIPPED.alone,
    teacher: Annotated[
        list[str] | None, typer.Option(help="Folder of a reader to learn from; repeat.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
) -> None:
    """Train, or go on where a run was killed."""
    recipe = replace(
        SHIPPED,
        start=start,
        steps=steps,
        epochs=epochs,
        peak_rate=rate,
        alone=alone,
        teachers=tuple(teacher or ()),
    )
    run(recipe, groups, out, device)


def run(recipe: Recipe, groups: Path, out: Path, device: str = "cpu") -> torch.nn.Module:
    """Train on ``train.npz`` of ``groups`` and measure on its ``dev.npz``.

    :returns: the averaged model, in float32; ``out / "model"`` has it in half precision.
    """
    train, dev = load_groups(groups / "train.npz"), load_groups(groups / "dev.npz")
    order = _order(train, recipe)
    torch.manual_seed(recipe.seed)
    model = load_model(recipe.start, null_head=recipe.null_head).to(device)
    teachers = [load_model(folder).to(device).requires_grad_(False) for folder in recipe.teachers]
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], weight_decay=recipe.weight_decay, fused=True
    )
    mean = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    out.mkdir(parents=True, exist_ok=True)
    done = resume(out, model, optimizer, mean)
    print(f"{len(order):,} steps, {done:,} done; {json.dumps(asdict(recipe))}", flush=True)
    saved = time.monotonic()
    seen = smoothed = 0.0
    began = time.monotonic()
    for step in range(done, len(order)):
        batch = collate([train[i] for i in order[step]], model.config.pad_token_id)
        for part in optimizer.param_groups:
            part["lr"] = learning_rate(step, len(order), recipe)
        loss = loss_of(
            model, batch, device, alone=recipe.alone, smoothing=recipe.smoothing, teachers=teachers
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        # Early on the mean follows quickly, or it would carry the first weights along.
        keep = min(recipe.average, (step + 1) / (step + 10))
        trained = [p.detach() for p in model.parameters() if p.requires_grad]
        torch._foreach_lerp_(list(mean.values()), trained, 1 - keep)
        seen += batch.mask.sum()
        smoothed = loss.item() if smoothed == 0 else 0.98 * smoothed + 0.02 * loss.item()
        if (step + 1) % 50 == 0:
            rate_now = seen / (time.monotonic() - began)
            left = (len(order) - step - 1) * (time.monotonic() - began) / (step + 1 - done) / 60
            _log(out, step=step + 1, loss=round(smoothed, 4), tokens_per_second=round(float(rate_now)),
                 lr=optimizer.param_groups[0]["lr"], minutes_left=round(left, 1))  # fmt: skip
        if (step + 1) % STEPS_BETWEEN_MEASURES == 0 or step + 1 == len(order):
            _log(out, step=step + 1, **measure(model, mean, dev, device))
        if time.monotonic() - saved > 60 * MINUTES_BETWEEN_CHECKPOINTS or step + 1 == len(order):
            checkpoint(out, step + 1, model, optimizer, mean)
            saved = time.monotonic()
    exchange(model, mean)
    copy.deepcopy(model).half().save_pretrained(out / "model")
    AutoTokenizer.from_pretrained(recipe.start).save_pretrained(out / "model")
    return model


def learning_rate(step: int, steps: int, recipe: Recipe) -> float:
    """Warm-up, a plateau, then a straight fall to 0; the plateau lets a run be ended at any time.

    With ``recipe.cosine`` a fall along a cosine all the way.
    """
    if recipe.cosine:
        falling = (1 + math.cos(math.pi * step / steps)) / 2
    else:
        falling = (steps - step) / max(1.0, recipe.decay * steps)
    return recipe.peak_rate * min(1.0, (step + 1) / recipe.warmup, falling)


def measure(
    model: torch.nn.Module, mean: dict[str, torch.Tensor], dev: list[Group], device: str
) -> dict[str, float]:
    """Token F1 of the averaged weights on questions held out, forced and with the best threshold."""
    own = exchange(model, mean)
    results = []
    with torch.inference_mode():
        for positions in shuffled_batches(dev, 8192, random.Random(0)):
            held = [dev[i] for i in positions]
            batch = collate(held, model.config.pad_token_id)
            results += worth(held, batch, *(t.cpu().numpy() for t in forward(model, batch, device)))
    exchange(model, own)
    return {name: round(value, 4) for name, value in summary(results).items()}


def _order(train: list[Group], recipe: Recipe) -> list[list[int]]:
    """Batches of all epochs, one after the other, cut to the steps asked for."""
    rng = random.Random(recipe.seed)
    order: list[list[int]] = []
    for _ in range(math.ceil(recipe.epochs)):
        order += shuffled_batches(train, recipe.token_budget, rng)
    whole = round(len(order) * recipe.epochs / math.ceil(recipe.epochs))
    return order[: recipe.steps if recipe.steps else whole]


def _log(out: Path, **figures: object) -> None:
    line = json.dumps(figures)
    print(line, flush=True)
    with (out / "log.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")


if __name__ == "__main__":
    typer.run(main)
