"""Groups of several folders -> one folder, so that one run sees all of them, shuffled.

    python -m training.mix training/work/groups training/work/quiz training/work/cloze \\
        --out training/work/mixed

A folder that is named twice is seen twice an epoch. What is held out is that of the first.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from training.groups import flat
from training.prepare import load_groups, save


def main(
    folders: Annotated[list[Path], typer.Argument(help="What training.prepare, quiz or cloze wrote.")],
    out: Annotated[Path, typer.Option(help="Where the groups go.")],
) -> None:
    """Write train.npz of all folders and dev.npz of the first."""
    groups = [each for folder in folders for each in load_groups(folder / "train.npz")]
    out.mkdir(parents=True, exist_ok=True)
    save(groups, out / "train.npz")
    shutil.copyfile(folders[0] / "dev.npz", out / "dev.npz")
    print(f"train: {len(groups):,} questions, {sum(map(len, flat(groups))):,} tokens")


if __name__ == "__main__":
    typer.run(main)
