"""A bundled model -> the same without integers, in the float type wanted; to measure beside what ships."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from qa.models.openvino_runtime import GRAPH, OpenVinoTransformer, export, openvino_library
from qa.models.pretrained import load_pretrained
from qa.models.weights import PreparedModel


def in_floats(model: PreparedModel, precision: Literal["f32", "bf16"]) -> OpenVinoTransformer:
    """Convert the model anew, beside the cache, and compile it."""
    wanted = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": precision}
    with tempfile.TemporaryDirectory() as folder:
        export(load_pretrained(model.source, model.kind), Path(folder), integers=False)
        compiled = openvino_library().Core().compile_model(str(Path(folder) / GRAPH), "CPU", wanted)
    return OpenVinoTransformer(compiled, pad_id=model.pad_id, longest=model.longest)
