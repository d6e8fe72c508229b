"""``log.jsonl`` of one or more runs -> their curves as a picture.

python -m training.curves training/work/run --picture training/curves.png
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import typer


def main(
    runs: Annotated[list[Path], typer.Argument(help="Folders of training.train.")],
    picture: Annotated[Path, typer.Option(help="Where the picture goes.")] = Path("training/curves.png"),
) -> None:
    """Loss on the left, F1 of the questions held out on the right."""
    figure, (losses, scores) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for run in runs:
        lines = [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
        # A run that was killed tells some steps again when it goes on.
        steps = list({line["step"]: line for line in lines if "loss" in line}.values())
        losses.plot([line["step"] for line in steps], [line["loss"] for line in steps], label=run.name)
        measured = [line for line in lines if "best_f1" in line]
        for name, style in (("forced_f1", "--"), ("best_f1", "-")):
            points = [line["step"] for line in measured], [line[name] for line in measured]
            scores.plot(*points, style, marker="o", label=f"{run.name}, {name.partition('_')[0]}")
    losses.set(xlabel="step", ylabel="loss, smoothed", title="Training questions")
    scores.set(xlabel="step", ylabel="F1 in tokens", title="Questions held out")
    for axes in (losses, scores):
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    figure.savefig(picture, dpi=130)


if __name__ == "__main__":
    typer.run(main)
