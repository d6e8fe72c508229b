"""``log.jsonl`` of one or more runs -> their curves as a picture.

python -m training.curves training/work/run --picture training/curves.png
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import typer

from training.packed import DEV


def main(
    runs: Annotated[list[Path], typer.Argument(help="Folders of training.train.")],
    picture: Annotated[Path, typer.Option(help="Where the picture goes.")] = Path("training/curves.png"),
) -> None:
    """Draw the loss on the left, F1 of the questions held out on the right."""
    figure, (losses, scores) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for run in runs:
        lines = [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
        # A killed run logs some steps again when it continues.
        steps = list({line["step"]: line for line in lines if "loss" in line}.values())
        losses.plot([line["step"] for line in steps], [line["loss"] for line in steps], label=run.name)
        for held_out, measured in scores_of(lines).items():
            for name, style in (("forced_f1", "--"), ("best_f1", "-")):
                points = [step for step, _ in measured], [found[name] for _, found in measured]
                label = f"{run.name}, {held_out}, {name.partition('_')[0]}"
                scores.plot(*points, style, marker="o", label=label)
    losses.set(xlabel="step", ylabel="loss, smoothed", title="Training questions")
    scores.set(xlabel="step", ylabel="F1 in tokens", title="Questions held out")
    for axes in (losses, scores):
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    figure.savefig(picture, dpi=130)


def scores_of(lines: Sequence[dict[str, Any]]) -> dict[str, list[tuple[int, dict[str, float]]]]:
    """Return each held-out set -> the step and the figures of each time that it was measured, in order.

    The last measure of a run names no step; it is made after the last step that was logged.
    """
    found: dict[str, list[tuple[int, dict[str, float]]]] = {}
    step = 0
    for line in lines:
        step = line.get("step", step)
        for name, figures in line.items():
            if name.startswith(DEV):
                found.setdefault(name.removeprefix(DEV), []).append((step, figures))
    return found


if __name__ == "__main__":
    typer.run(main)
