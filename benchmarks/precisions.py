"""A bundled model -> the same in the number type wanted; to measure beside what ships."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from qa.models.bert import Bert, read_bert
from qa.models.bert_graph import graph_of
from qa.models.facts import Kind
from qa.models.openvino_runtime import ROUNDED_TOGETHER, OpenVinoTransformer, openvino_library
from qa.models.weights import PreparedModel

NumberType = Literal["f32", "bf16", "int8"]


def in_numbers(model: PreparedModel, numbers: NumberType) -> OpenVinoTransformer:
    """Draw the model anew and compile it; int8 computes beside its integers in what the processor has."""
    graph = graph_of(bert_of(model.source, model.kind), integers=numbers == "int8")
    wanted = {"PERFORMANCE_HINT": "THROUGHPUT", "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(ROUNDED_TOGETHER)}
    if numbers != "int8":
        wanted["INFERENCE_PRECISION_HINT"] = numbers
    compiled = openvino_library().Core().compile_model(graph, "CPU", wanted)
    return OpenVinoTransformer(compiled, pad_id=model.pad_id, longest=model.longest)


def bert_of(source: Path, kind: Kind) -> Bert:
    """Return the weights of a model that must be a BERT.

    :raises SystemExit: if it is none.
    """
    bert = read_bert(source, kind)
    if bert is None:
        raise SystemExit(f"{source} is no BERT, and only those are measured here")
    return bert
