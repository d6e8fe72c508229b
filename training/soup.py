"""Readers -> one whose weights are their mean; it is as fast as each and often steadier than all.

    git show e3d8c2a:models/reader/model.safetensors > training/work/start.safetensors
    python -m training.soup training/work/start.safetensors training/work/run/model/model.safetensors \\
        --out training/work/soup.safetensors

Weights of runs that began at the same place may be averaged (Wortsman et al. 2022, "Model soups"). A
run on new data gains on what it is like and loses on what it is not; the mean keeps most of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from safetensors.torch import load_file, save_file


def main(
    weights: Annotated[list[Path], typer.Argument(help="Files of weights of one architecture.")],
    out: Annotated[Path, typer.Option(help="Where the mean goes.")],
) -> None:
    """Write the mean in half precision."""
    save_file(mean([load_file(path) for path in weights]), out, metadata={"format": "pt"})


def mean(readers: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Return the mean of every tensor, reckoned in float32.

    :raises ValueError: if the readers have different tensors.
    """
    for other in readers[1:]:
        if other.keys() != readers[0].keys():
            raise ValueError(f"tensors {sorted(other.keys() ^ readers[0].keys())} are not in all readers")
    return {
        name: torch.stack([reader[name].float() for reader in readers]).mean(dim=0).half()
        for name in readers[0]
    }


if __name__ == "__main__":
    typer.run(main)
