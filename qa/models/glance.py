"""A small file beside a reader's weights -> heads that judge a passage before all layers have read it.

From the hidden states of a lower layer two linear heads guess the start and end logits that the last layer
will give. The guess is good enough to say which passages need not be read to the end
(:mod:`qa.read.leading`). ``python -m training.glance`` makes the file.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.errors import ModelError
from qa.small_json import BrokenJson, read_object

FILE = "glance.json"


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """Two linear heads on the hidden states that a layer gives."""

    layer: int  # how many layers come before them
    weight: np.ndarray  # (2, width) float32: of the start logit and of the end logit
    bias: np.ndarray  # (2,) float32

    @classmethod
    def load(cls, folder: Path, weights: Path, *, layers: int, width: int) -> Glance | None:
        """Read the heads beside a model of so many layers; None where there are none.

        :raises ModelError: if they were made for other weights, or are broken.
        """
        path = folder / FILE
        if not path.exists():
            return None
        try:
            found = read_object(path)
            layer = found.get("layer")
            heads = np.array([found.get("start"), found.get("end")], dtype=np.float32)
            if type(layer) is not int or not 0 < layer < layers:
                raise ValueError(f"the layer is {layer!r}, and the model has {layers}")
            if heads.shape != (2, width + 1) or not np.isfinite(heads).all():
                raise ValueError(f"start and end must each be {width} finite weights and a bias")
            if found.get("weights_sha256") != hash_of(weights):
                raise ValueError("it was made for other weights")
        except (BrokenJson, OSError, TypeError, ValueError) as fault:
            raise ModelError(
                f"the heads that look ahead do not fit this reader: {fault}",
                where=path,
                cure="Delete the file: all passages are then read to the end.",
            ) from fault
        return cls(layer, heads[:, :-1], heads[:, -1])

    def save(self, folder: Path, weights: Path) -> None:
        """Write the heads beside the weights that they were made for."""
        start, end = np.concatenate([self.weight, self.bias[:, None]], axis=1).tolist()
        about = {"layer": self.layer, "start": start, "end": end, "weights_sha256": hash_of(weights)}
        (folder / FILE).write_text(json.dumps(about), encoding="utf-8")


def hash_of(weights: Path) -> str:
    """Return the SHA-256 of a file of weights."""
    with weights.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
