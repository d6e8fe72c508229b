"""This machine -> what runs the bundled models on it, in which number type, and what each type took.

Imported by the commands when they run, for it loads models.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from qa.models.conversion import times_of
from qa.models.device import chosen_device
from qa.models.facts import Kind
from qa.models.openvino_runtime import processor
from qa.models.weights import prepare
from qa.settings import BUNDLED_EMBEDDER, BUNDLED_READER


@dataclass(frozen=True, slots=True)
class ModelHere:
    """A bundled model as it runs here."""

    kind: Kind
    numbers: str  # "float" or "int8"
    milliseconds: dict[str, float]  # that each number type took for some passages, when it was converted


@dataclass(frozen=True, slots=True)
class Machine:
    """What runs the models."""

    engine: str  # "openvino" or "torch"
    processor: str
    abilities: tuple[str, ...]  # number types that the processor computes in
    cores: int
    models: tuple[ModelHere, ...]


def models_here() -> Machine:
    """Convert the bundled models, if that was not done yet, and report how they run.

    :raises ModelError: if one is missing or damaged.
    """
    device = chosen_device()
    known = processor() if device.engine == "openvino" else None
    models = []
    bundled: tuple[tuple[str, Kind], ...] = ((BUNDLED_EMBEDDER, "embedder"), (BUNDLED_READER, "reader"))
    for name, kind in bundled:
        model = prepare(name, kind)
        took = {numbers: round(1000 * seconds, 1) for numbers, seconds in times_of(model.folder).items()}
        models.append(ModelHere(kind, model.numbers, took))
    return Machine(
        device.engine,
        known.name if known else "",
        known.abilities if known else (),
        os.cpu_count() or 1,
        tuple(models),
    )


def lines_of(machine: Machine) -> str:
    """Say it in lines for people."""
    named = f"{machine.processor} ({', '.join(machine.abilities)})" if machine.processor else "by torch"
    lines = [f"{machine.engine}, {machine.cores} cores: {named}"]
    for model in machine.models:
        took = ", ".join(f"{numbers} {ms:,.1f} ms" for numbers, ms in sorted(model.milliseconds.items()))
        lines.append(
            f"{model.kind}: {model.numbers}" + (f" (measured when converted: {took})" if took else "")
        )
    return "\n".join(lines)
