"""Groups of windows -> the reader's weights, in one loop; on a GPU in minutes, on two cores in hours.

    python -m training.prepare ../shared/data/reader
    python -m training.train                      # killed at any moment, the same command goes on
    python -m training.train --steps 1000         # end earlier: the rate decays over the last steps

The loss to expect from the starting reader: about 1.55 over the first 50 steps, 1.10 at the end of
1,000 (the mean of start and end). Every figure goes to ``log.jsonl``; ``python -m training.curves`` draws it.
"""

from __future__ import annotations

import json
import math
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from safetensors.torch import load_file, save_file
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from qa.metrics import best_threshold, figures
from training.groups import Batch, Group, collate, shuffled_batches
from training.loss import ALONE, span_loss
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
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
) -> None:
    """Train, or go on where a run was killed."""
    recipe = Recipe(start=start, steps=steps, epochs=epochs, peak_rate=rate, alone=alone)
    train, dev = load_groups(groups / "train.npz"), load_groups(groups / "dev.npz")
    order = _order(train, recipe)
    torch.manual_seed(recipe.seed)
    model = load_model(recipe.start).to(device)
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
        loss = loss_of(model, batch, device, alone=recipe.alone)
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
    _put(model, mean)
    model.half().save_pretrained(out / "model")
    AutoTokenizer.from_pretrained(recipe.start).save_pretrained(out / "model")


def load_model(folder: str) -> torch.nn.Module:
    """A reader in float32 whose word vectors stay as they are.

    Without dropout, which the tenth of a gain is not worth 1.6 times the time; with plain attention,
    whose backward pass is 2.4 times as fast on the CPU as the fused one at these lengths.
    """
    model = AutoModelForQuestionAnswering.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", use_safetensors=True
    )
    model.base_model.embeddings.word_embeddings.requires_grad_(False)
    model.base_model.embeddings.position_embeddings.requires_grad_(False)
    return model.eval()


def loss_of(model: torch.nn.Module, batch: Batch, device: str, *, alone: float) -> torch.Tensor:
    """The mean of the start's and the end's loss over a batch."""
    start, end = forward(model, batch, device)
    group = torch.from_numpy(batch.group).to(device)

    def one_end(logits: torch.Tensor, may: np.ndarray, right: np.ndarray) -> torch.Tensor:
        chosen = torch.from_numpy(may).to(device), torch.from_numpy(right).to(device)
        return span_loss(logits, *chosen, group, alone=alone)

    losses = one_end(start, batch.may_start, batch.first), one_end(end, batch.may_end, batch.last)
    return (losses[0] + losses[1]) / 2


def forward(model: torch.nn.Module, batch: Batch, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Start and end logits ``(w, n)`` float32."""
    with torch.autocast(torch.device(device).type, dtype=torch.bfloat16):
        output = model(
            input_ids=torch.from_numpy(batch.ids).to(device),
            attention_mask=torch.from_numpy(batch.mask).to(device),
            token_type_ids=torch.from_numpy(batch.types).to(device),
        )
    return output.start_logits.float(), output.end_logits.float()


def learning_rate(step: int, steps: int, recipe: Recipe) -> float:
    """Warm-up, a plateau, then a straight fall to 0; the plateau lets a run be ended at any time."""
    falling = (steps - step) / max(1.0, recipe.decay * steps)
    return recipe.peak_rate * min(1.0, (step + 1) / recipe.warmup, falling)


def measure(
    model: torch.nn.Module, mean: dict[str, torch.Tensor], dev: list[Group], device: str
) -> dict[str, float]:
    """Token F1 of the averaged weights on questions held out, forced and with the best threshold."""
    own = _put(model, mean)
    results = []
    with torch.inference_mode():
        for positions in shuffled_batches(dev, 8192, random.Random(0)):
            held = [dev[i] for i in positions]
            batch = collate(held, model.config.pad_token_id)
            results += worth(held, batch, *(t.cpu().numpy() for t in forward(model, batch, device)))
    _put(model, own)
    best = figures(results, best_threshold(results))
    found = {
        "forced_f1": figures(results, -math.inf).has_f1,
        "best_f1": best.f1,
        "has_f1": best.has_f1,
        "refused": best.no_answer,
    }
    # Quiz questions have no unanswerable ones among them, so nothing to refuse.
    return {name: round(value, 4) for name, value in found.items() if value is not None}


def checkpoint(
    out: Path,
    step: int,
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    mean: dict[str, torch.Tensor],
) -> None:
    """Everything needed to go on, as safetensors, swapped in whole."""
    trained = [name for name, p in model.named_parameters() if p.requires_grad]
    tensors = {f"weight {name}": model.get_parameter(name).detach() for name in trained}
    tensors |= {f"mean {name}": tensor for name, tensor in mean.items()}
    state = optimizer.state_dict()["state"]
    for number, name in enumerate(trained):
        tensors |= {f"{key} {name}": state[number][key] for key in ("exp_avg", "exp_avg_sq", "step")}
    fresh = out / "checkpoint.tmp"
    save_file({name: t.contiguous() for name, t in tensors.items()}, fresh, metadata={"step": str(step)})
    fresh.replace(out / "checkpoint.safetensors")


def resume(
    out: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, mean: dict[str, torch.Tensor]
) -> int:
    """Steps done by the checkpoint that was read; 0 if there is none."""
    path = out / "checkpoint.safetensors"
    if not path.is_file():
        return 0
    tensors = load_file(path)
    trained = [name for name, p in model.named_parameters() if p.requires_grad]
    with torch.no_grad():
        for name in trained:
            model.get_parameter(name).copy_(tensors[f"weight {name}"])
            mean[name].copy_(tensors[f"mean {name}"])
    state = optimizer.state_dict()
    state["state"] = {
        number: {key: tensors[f"{key} {name}"] for key in ("exp_avg", "exp_avg_sq", "step")}
        for number, name in enumerate(trained)
    }
    optimizer.load_state_dict(state)
    return int(tensors[f"step {trained[0]}"].item())


def _order(train: list[Group], recipe: Recipe) -> list[list[int]]:
    """Batches of all epochs, one after the other, cut to the steps asked for."""
    rng = random.Random(recipe.seed)
    order: list[list[int]] = []
    for _ in range(math.ceil(recipe.epochs)):
        order += shuffled_batches(train, recipe.token_budget, rng)
    whole = round(len(order) * recipe.epochs / math.ceil(recipe.epochs))
    return order[: recipe.steps if recipe.steps else whole]


def _put(model: torch.nn.Module, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Exchange trained weights for others; what was there comes back."""
    gone = {name: model.get_parameter(name).detach().clone() for name in values}
    with torch.no_grad():
        for name, value in values.items():
            model.get_parameter(name).copy_(value)
    return gone


def _log(out: Path, **figures: object) -> None:
    line = json.dumps(figures)
    print(line, flush=True)
    with (out / "log.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")


if __name__ == "__main__":
    typer.run(main)
