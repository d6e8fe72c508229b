"""Short runs that change the loop or the weights it begins with: what is known to help small readers, tried.

    python -m training.trials ../shared/data/squad2-dev-half.json ../shared/data/newsqa-dev.json.gz \\
        --start models/reader --masked training/work/masked --teacher models/reader \\
        --teacher training/work/run3

All begin with the same reader, but for the one whose encoder has guessed masked words first, and see the same
batches. So short a run shows a direction, not what an epoch would come to.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import torch
import typer

from qa.evaluate.questions import spaced
from qa.evaluate.squad import load_squad
from training.judging import chosen, judged, tell
from training.objective import load_model, reader_of
from training.prepare import WORK, reader_tokenizer
from training.train import SHIPPED, Recipe, run

STEPS = 150
SMOOTHING = 0.1


def main(
    files: Annotated[list[Path], typer.Argument(help="SQuAD format, to judge by.")],
    start: Annotated[Path, typer.Option(help="Folder of the weights to begin with.")],
    masked: Annotated[Path | None, typer.Option(help="The same after training.masked.")] = None,
    teacher: Annotated[list[Path] | None, typer.Option(help="Reader to learn from; repeat.")] = None,
    groups: Annotated[Path, typer.Option(help="What training.prepare wrote.")] = WORK / "groups",
    steps: Annotated[int, typer.Option(help="Steps of each run.")] = STEPS,
    read: Annotated[int, typer.Option(help="Questions of each file.")] = 800,
    only: Annotated[list[str] | None, typer.Option(help="A run, by its name in the log; repeat.")] = None,
) -> None:
    """Print a line of JSON for each run and keep them in training/work/trials.jsonl."""
    tokenizer = reader_tokenizer()
    judges = {path.name.partition(".")[0]: spaced(load_squad(path), read) for path in files}

    def judge(name: str, model: torch.nn.Module) -> None:
        reader = reader_of(model, tokenizer)
        figures = {file: judged(reader, questions) for file, questions in judges.items()}
        tell({"run": name, **figures}, WORK / "trials.jsonl")

    plain = replace(SHIPPED, start=str(start), steps=steps)
    runs = {"before": None, **changed(plain, masked, teacher or [])}
    for name, recipe in chosen(runs, only).items():
        shutil.rmtree(WORK / "trial", ignore_errors=True)
        judge(name, load_model(str(start)) if recipe is None else run(recipe, groups, WORK / "trial"))


def changed(plain: Recipe, masked: Path | None, teachers: Sequence[Path]) -> dict[str, Recipe]:
    """What is tried, by name."""
    found = {
        "nothing changed": plain,
        "label smoothing": replace(plain, smoothing=SMOOTHING),
        "a head for no answer": replace(plain, null_head=True),
        "twice the rate": replace(plain, peak_rate=2 * plain.peak_rate),
        "a cosine": replace(plain, cosine=True),
        "the last weights, no mean of steps": replace(plain, average=0.0),
    }
    if teachers:
        found["teachers"] = replace(plain, teachers=tuple(map(str, teachers)))
    if masked is not None:
        found["masked words first"] = replace(plain, start=str(masked))
    return found


if __name__ == "__main__":
    typer.run(main)
