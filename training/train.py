"""A packed file and weights to begin with -> a reader: on a GPU in minutes, on two cores in hours.

    python -m training.pack FOLDER
    python -m training.train --minutes 90          # killed at any moment, the same command goes on
    python -m training.train --device cuda --minutes 25 --parts

The rate falls to 0 at the end of the minutes, so each run ends as a usable reader. Every figure goes to
``log.jsonl``; ``python -m training.curves`` draws it.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain, count
from pathlib import Path
from random import Random
from typing import Annotated

import torch
import typer
from torch.optim.swa_utils import AveragedModel

from training.batches import Group, collate, shuffled_batches
from training.checkpoints import checkpoint, resume
from training.model import Precision, fastest, forward, load, loss_of
from training.packed import DEV, Packed
from training.recipe import Recipe
from training.sampling import epoch
from training.span_scores import summary, worth

WORK = Path("training/work")
MINUTES_BETWEEN_CHECKPOINTS = 4.0
MINUTES_BETWEEN_MEASURES = 15.0
MEASURED = 300  # questions of each held-out set
PART = 15_000_000  # bytes of one file of weights, small enough to copy from another machine
DEFAULT = Recipe()


def main(
    packed: Annotated[Path, typer.Option(help="What training.pack wrote.")] = WORK / "packed.xz",
    out: Annotated[Path, typer.Option(help="Checkpoint, log and, at the end, the model.")] = WORK / "run",
    start: Annotated[str, typer.Option(help="Folder of the weights to begin with.")] = DEFAULT.start,
    minutes: Annotated[float, typer.Option(help="How long to train.")] = DEFAULT.minutes,
    decay: Annotated[float, typer.Option(help="Share of it in which the rate falls to 0.")] = DEFAULT.decay,
    rate: Annotated[float, typer.Option(help="Peak learning rate.")] = DEFAULT.peak_rate,
    layer_decay: Annotated[float, typer.Option(help="Rate of a layer beside the next.")] = 1.0,
    dropout: Annotated[float, typer.Option(help="Of hidden states and attention.")] = DEFAULT.dropout,
    average: Annotated[float, typer.Option(help="Of the weights, step to step.")] = DEFAULT.average,
    alone: Annotated[float, typer.Option(help="Weight of the loss over single windows.")] = DEFAULT.alone,
    tokens: Annotated[int, typer.Option(help="Padded tokens of a step.")] = DEFAULT.token_budget,
    seed: Annotated[int, typer.Option(help="Draws questions and order.")] = DEFAULT.seed,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="Train word vectors, too.")] = False,
    mix: Annotated[list[str] | None, typer.Option(help="NAME=SIGHTS of a set in an epoch; repeat.")] = None,
    teacher: Annotated[
        list[str] | None, typer.Option(help="Folder of a reader to learn from; repeat.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    parts: Annotated[bool, typer.Option("--parts", help="Write the weights in parts of 15 MB.")] = False,
) -> None:
    """Train, or go on where a run was killed."""
    changed = {name: float(passes) for name, _, passes in (each.rpartition("=") for each in mix or [])}
    recipe = replace(
        DEFAULT, start=start, minutes=minutes, peak_rate=rate, layer_decay=layer_decay, dropout=dropout,
        average=average, alone=alone, decay=decay, token_budget=tokens, seed=seed, embeddings=embeddings,
        teachers=tuple(teacher or ()), mix={**DEFAULT.mix, **changed},
    )  # fmt: skip
    run(recipe, Packed.load(packed), out, device)
    if parts:
        split(out / "model" / "model.safetensors", PART)


@dataclass
class _Clock:
    """How much of a run's minutes is used up; time in which it was paused counts as lost."""

    minutes: float
    used: float  # seconds used by earlier starts
    began: float

    def seconds(self) -> float:
        return self.used + time.monotonic() - self.began

    def share(self) -> float:
        return self.seconds() / (60 * self.minutes)


def run(recipe: Recipe, packed: Packed, out: Path, device: str = "cpu") -> torch.nn.Module:
    """Train until the minutes are over and measure on the sets that are held out.

    :returns: the averaged model, in float32; ``out / "model"`` has it in half precision.
    """
    torch.manual_seed(recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    pad = packed.special["pad"]
    batches = _batches(packed, recipe)
    first = next(batches)
    precision = fastest(recipe, collate(first[1], pad), device)
    model = load(recipe.start, recipe, precision.attention).to(device)
    teachers = [load(name, recipe, precision.attention).to(device).eval() for name in recipe.teachers]
    optimizer = torch.optim.AdamW(_by_layer(model, recipe), weight_decay=recipe.weight_decay, fused=True)
    mean = AveragedModel(model, avg_fn=_follow(recipe.average))
    done, used = resume(out, model, optimizer, mean)
    _log(out, precision=str(precision), done=done, recipe=asdict(recipe))
    clock = _Clock(recipe.minutes, used, time.monotonic())
    saved = measured = time.monotonic()
    smoothed, seen, began = 0.0, 0.0, time.monotonic()
    for step, groups in chain([first], batches):
        if step < done:
            continue
        if clock.share() >= 1:
            break
        batch = collate(groups, pad)
        for part in optimizer.param_groups:
            part["lr"] = part["share"] * learning_rate(step, clock.share(), recipe)
        loss = loss_of(model, batch, device, half=precision.half, alone=recipe.alone, teachers=teachers)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        mean.update_parameters(model)
        seen += float(batch.mask.sum())
        smoothed = loss.item() if smoothed == 0 else 0.98 * smoothed + 0.02 * loss.item()
        if (step + 1) % 50 == 0:
            _log(out, step=step + 1, loss=round(smoothed, 4), tokens=round(seen),
                 tokens_per_second=round(seen / (time.monotonic() - began)),
                 lr=optimizer.param_groups[-1]["lr"], minutes=round(clock.seconds() / 60, 1))  # fmt: skip
        if time.monotonic() - measured > 60 * MINUTES_BETWEEN_MEASURES:
            _log(out, step=step + 1, **measure(mean.module, packed, device, precision))
            measured = time.monotonic()
        if time.monotonic() - saved > 60 * MINUTES_BETWEEN_CHECKPOINTS:
            checkpoint(out, step + 1, clock.seconds(), model, optimizer, mean)
            saved = time.monotonic()
    _log(out, end=True, **measure(mean.module, packed, device, precision))
    save(mean.module, recipe.start, out / "model")
    return mean.module


def learning_rate(step: int, share: float, recipe: Recipe) -> float:
    """Return the rate: a warm-up by steps, a plateau, then a straight fall to 0 at the end of the time.

    :param share: of the run's time that is over, 0 to 1.
    """
    falling = (1 - share) / recipe.decay if recipe.decay else 1.0
    return recipe.peak_rate * max(0.0, min(1.0, (step + 1) / recipe.warmup, falling))


def measure(
    model: torch.nn.Module, packed: Packed, device: str, precision: Precision
) -> dict[str, dict[str, float]]:
    """Return the token F1 on questions held out, forced and with the best threshold, set by set."""
    found = {}
    model.eval()
    for name in (name for name in packed.sets if name.startswith(DEV)):
        numbers = packed.of_set(name)
        chosen = numbers[:: max(1, len(numbers) // MEASURED)].tolist()
        groups = [packed.windows(number) for number in chosen]
        results = []
        with torch.inference_mode():
            for positions in shuffled_batches(groups, 8192, Random(0)):
                held = [groups[i] for i in positions]
                batch = collate(held, packed.special["pad"])
                start, end = forward(model, batch, device, half=precision.half)
                results += worth(held, batch, start.cpu().numpy(), end.cpu().numpy())
        found[name] = {key: round(value, 4) for key, value in summary(results).items()}
    model.train()
    return found


def save(model: torch.nn.Module, start: str, folder: Path) -> None:
    """Write the weights in half precision, beside the tokenizer of the reader that was begun with."""
    half = {name: tensor.half() for name, tensor in model.state_dict().items()}
    model.save_pretrained(folder, state_dict=half)
    for name in ("tokenizer.json", "tokenizer_config.json", "config.json"):
        shutil.copyfile(Path(start) / name, folder / name)


def split(file: Path, size: int) -> list[Path]:
    """Cut a file into parts that ``cat`` joins again, in order of their names."""
    whole = file.read_bytes()
    found = []
    for number, low in enumerate(range(0, len(whole), size), 1):
        part = file.with_name(f"{file.name}.part{number:02}")
        part.write_bytes(whole[low : low + size])
        found.append(part)
    return found


def _batches(packed: Packed, recipe: Recipe) -> Iterator[tuple[int, list[Group]]]:
    """Yield all steps, epoch after epoch, without end; the same for the same seed."""
    step = 0
    for number in count():
        groups = epoch(packed, recipe, number)
        for positions in shuffled_batches(groups, recipe.token_budget, Random(f"{recipe.seed} {number}")):
            yield step, [groups[i] for i in positions]
            step += 1


def _by_layer(model: torch.nn.Module, recipe: Recipe) -> list[dict[str, object]]:
    """Group parameters, each group with its share of the rate: deeper layers learn less."""
    layers = model.config.num_hidden_layers
    shares: dict[float, list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            number = int(name.split(".layer.")[1].split(".")[0]) if ".layer." in name else -1
            height = layers if "qa_outputs" in name else number
            shares.setdefault(recipe.layer_decay ** (layers - height), []).append(parameter)
    return [{"params": parameters, "share": share} for share, parameters in sorted(shares.items())]


def _follow(average: float):
    """Set how fast the mean of the weights follows: quickly at first, or it would keep the first weights."""

    def follow(mean: torch.Tensor, current: torch.Tensor, averaged: torch.Tensor) -> torch.Tensor:
        keep = min(average, (float(averaged) + 1) / (float(averaged) + 10))
        return torch.lerp(mean, current, 1 - keep)

    return follow


def _log(out: Path, **figures: object) -> None:
    line = json.dumps(figures)
    print(line, flush=True)
    with (out / "log.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")


if __name__ == "__main__":
    typer.run(main)
