"""One compiled transformer: token ids -> arrays. Alone knows openvino and nncf.

OpenVINO runs the graph on the CPU, in bfloat16 where the processor has it and in float32 elsewhere,
and multiplies 8-bit integers where the graph's weights are such; on two cores that is 3 to 4 times
torch float32 (``python -m benchmarks.speed``).
"""

from __future__ import annotations

import importlib
import io
import logging
import sys
import warnings
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from qa.errors import ModelError
from qa.models.batching import batches, padded
from qa.models.tokenizer import Tokens

if TYPE_CHECKING:
    from types import ModuleType

    import openvino
    from openvino import InferRequest

    from qa.models.pretrained import PretrainedModel

# Padded tokens in one request: one long passage, or several short ones. A request runs on one core, and
# what it works on fits that core's cache. Up to 4096 builds as fast, takes up to 100 MB more, and shares ten
# passages out among two cores worse.
TOKEN_BUDGET = 256
# Widths of batches are multiples of this. OpenVINO prepares itself for every shape that it meets, and keeps
# what it made: with any width, the questions of the sample archive took 5 % longer and 85 MB more.
WIDTH_STEP = 16
GRAPH = "model.xml"
# Activations that share a scale when they are rounded to 8 bits beside such weights, each token's for itself.
# It divides the widths of the bundled models; 128 is a tenth slower and 384 costs the reader 0.2 of F1.
ROUNDED_TOGETHER = 192


class Transformer(Protocol):
    """What reader and embedder need of a model."""

    def run(
        self, sequences: Sequence[Tokens], *, done: Callable[[int], None] | None = None
    ) -> list[tuple[np.ndarray, ...]]:
        """Outputs of each sequence, in the order given.

        A sequence's outputs keep the model's axes without the batch; those along the length are
        still padded, so take ``[: len(sequence)]``. ``done(n)`` hears of every n finished sequences.
        """
        ...


class OpenVinoTransformer:
    """A graph from input_ids, attention_mask and token_type_ids, each ``(batch, length)``, to float
    outputs whose first axis is the batch."""

    def __init__(self, compiled: openvino.CompiledModel, *, pad_id: int, longest: int) -> None:
        """``longest``: tokens that the model has places for."""
        self._compiled = compiled
        self._pad_id = pad_id
        self._longest = longest
        # A model that ignores an input loses it in tracing.
        self._inputs = [port.any_name for port in compiled.inputs]
        self._requests = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))

    @classmethod
    def load(cls, folder: Path, *, pad_id: int, longest: int) -> OpenVinoTransformer:
        """Compile the graph that :func:`export` wrote.

        :raises ModelError: if the graph is missing or broken.
        """
        wanted = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(ROUNDED_TOGETHER),
        }
        try:
            compiled = openvino_library().Core().compile_model(str(folder / GRAPH), "CPU", wanted)
        except RuntimeError as fault:
            raise ModelError(
                "the compiled model cannot be read", where=folder, cure="Delete this folder; it is made anew."
            ) from fault
        return cls(compiled, pad_id=pad_id, longest=longest)

    def run(
        self,
        sequences: Sequence[Tokens],
        *,
        token_budget: int = TOKEN_BUDGET,
        done: Callable[[int], None] | None = None,
    ) -> list[tuple[np.ndarray, ...]]:
        """As :meth:`Transformer.run`, on both cores at once."""
        results: list[tuple[np.ndarray, ...]] = [()] * len(sequences)
        # Requests are waited for here, not announced by OpenVINO's callbacks: those want Python's lock in
        # a foreign thread, and hang for ever if the model is dropped just then.
        free = [self._compiled.create_infer_request() for _ in range(self._requests)]
        running: deque[tuple[InferRequest, list[int]]] = deque()

        def finish_oldest() -> None:
            request, group = running.popleft()
            request.wait()
            outputs = [np.array(tensor.data, dtype=np.float32) for tensor in request.output_tensors]
            for row, position in enumerate(group):
                results[position] = tuple(output[row] for output in outputs)
            free.append(request)
            if done is not None:
                done(len(group))

        widths = [self._width(len(sequence)) for sequence in sequences]
        for group in batches(widths, token_budget):
            # While the others run.
            batch = padded([sequences[i] for i in group], pad_id=self._pad_id, width=widths[group[0]])
            if not free:
                finish_oldest()
            request = free.pop()
            request.start_async({name: batch[name] for name in self._inputs})
            running.append((request, group))
        while running:
            finish_oldest()
        return results

    def _width(self, length: int) -> int:
        return max(length, min(-(-length // WIDTH_STEP) * WIDTH_STEP, self._longest))


def export(original: PretrainedModel, folder: Path, *, integers: bool) -> None:
    """Trace a model into ``folder``; with ``integers``, its weights as 8-bit integers.

    A row of a weight matrix has a scale and a zero point of its own. Nothing is settled on examples:
    activations are rounded while the model runs.

    :raises ModelError: if it holds something that cannot be converted.
    """
    openvino = openvino_library()

    from qa.models.torch_runtime import traced

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracing warns of branches that do not depend on the input
            graph = traced(original, openvino.convert_model)
    except Exception as fault:
        raise ModelError(
            f"this model cannot be converted for the CPU ({type(fault).__name__})", where=folder
        ) from fault
    openvino.save_model(_rounded(graph) if integers else graph, str(folder / GRAPH), compress_to_fp16=False)


def _rounded(graph: openvino.Model) -> openvino.Model:
    import nncf

    nncf.set_log_level(logging.ERROR)
    # It draws a bar of its own, for a second, where nobody must write but the command that was called.
    with redirect_stdout(io.StringIO()):
        return nncf.compress_weights(graph, mode=nncf.CompressWeightsMode.INT8_ASYM)


def openvino_library() -> ModuleType:
    """OpenVINO, kept from telling its makers over the network that it was imported, and what it converts.

    It and NNCF do without ``openvino_telemetry`` where that is not installed; so it is not, for them.
    """
    # None, which the types of sys.modules do not know, makes its import fail.
    modules: dict[str, Any] = sys.modules
    modules.setdefault("openvino_telemetry", None)
    return importlib.import_module("openvino")
