"""The reader in half precision -> the same numbers in float32, for who computes in what a file holds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

WEIGHTS, CONFIG = "model.safetensors", "config.json"


def float32_copy(reader: Path, folder: Path) -> Path:
    """Return a folder with the same model, every number exactly as it was.

    transformers loads a model in the type of its file, and in float16 a processor is many times slower.
    """
    shutil.copytree(reader, folder, dirs_exist_ok=True)
    weights = {name: tensor.astype(np.float32) for name, tensor in load_file(reader / WEIGHTS).items()}
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})
    facts = json.loads((reader / CONFIG).read_text(encoding="utf-8"))
    (folder / CONFIG).write_text(json.dumps(facts | {"dtype": "float32"}, indent=1), encoding="utf-8")
    return folder
