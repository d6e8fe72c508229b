"""One compiled transformer: token ids -> arrays, by OpenVINO.

OpenVINO runs the graph on the CPU, in bfloat16 where the processor has it and in float32 elsewhere,
and multiplies 8-bit integers where the graph's weights are such; on two cores that is 3 to 5 times
torch float32 (``python -m benchmarks.speed``).
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from qa.errors import ModelError
from qa.models.batching import batches, padded
from qa.models.facts import MOST_TOKENS
from qa.models.tokenizer import Tokens

if TYPE_CHECKING:
    from types import ModuleType

    import openvino
    from openvino import InferRequest

    from qa.models.pretrained import PretrainedModel

    Graph: TypeAlias = openvino.Model

# Padded tokens in one request. A request runs on one core: few sequences are shared out evenly among the
# cores, but in no smaller pieces than one long passage; of many each request takes as much as suits the
# processor. With AMX 1024 take a ninth less time a token than 256, without it 256 may be faster (AMD Zen 5: a
# tenth), so the most is settled when a model is converted (``python -m benchmarks.number_types``).
LEAST_TOKENS = 256
# Widths of batches are multiples of this. OpenVINO prepares itself for every shape that it meets, and keeps
# what it made: with any width, the questions of the sample archive took 5 % longer and 85 MB more.
WIDTH_STEP = 16
GRAPH = "model.xml"
# Activations that share a scale when they are rounded to 8 bits beside such weights, each token's for itself.
# It divides the widths of the bundled models; 128 is a tenth slower and 384 costs the reader 0.2 of F1.
ROUNDED_TOGETHER = 192
COMPILED_FOR = {
    "PERFORMANCE_HINT": "THROUGHPUT",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(ROUNDED_TOGETHER),
}


class Transformer(Protocol):
    """What reader and embedder need of a model."""

    def run(
        self, sequences: Sequence[Tokens], *, done: Callable[[int], None] | None = None
    ) -> list[tuple[np.ndarray, ...]]:
        """Return the outputs of each sequence, in the order given.

        A sequence's outputs keep the model's axes without the batch; those along the length are
        still padded, so take ``[: len(sequence)]``. ``done(n)`` hears of every n finished sequences.
        """
        ...


class OpenVinoTransformer:
    """A graph from input_ids, attention_mask and token_type_ids, each ``(batch, length)``, to float
    outputs whose first axis is the batch."""

    def __init__(
        self,
        compiled: openvino.CompiledModel,
        *,
        pad_id: int,
        longest: int,
        request_tokens: int = MOST_TOKENS,
    ) -> None:
        """``longest``: tokens that the model has places for; ``request_tokens``: the most in one request."""
        self._compiled = compiled
        self._pad_id = pad_id
        self._longest = longest
        self._request_tokens = request_tokens
        # A model that ignores an input loses it in tracing.
        self._inputs = [port.any_name for port in compiled.inputs]
        self._requests = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        pad_id: int,
        longest: int,
        request_tokens: int = MOST_TOKENS,
        file: str = GRAPH,
    ) -> OpenVinoTransformer:
        """Compile the graph that :func:`write` wrote.

        :raises ModelError: if the graph is missing or broken.
        """
        try:
            return cls.of(str(folder / file), pad_id=pad_id, longest=longest, request_tokens=request_tokens)
        except RuntimeError as fault:
            raise ModelError(
                "the compiled model cannot be read", where=folder, cure="Delete this folder; it is made anew."
            ) from fault

    @classmethod
    def of(
        cls, graph: Graph | str, *, pad_id: int, longest: int, request_tokens: int = MOST_TOKENS
    ) -> OpenVinoTransformer:
        """Compile a graph, or the file of one."""
        compiled = openvino_library().Core().compile_model(graph, "CPU", COMPILED_FOR)
        return cls(compiled, pad_id=pad_id, longest=longest, request_tokens=request_tokens)

    def run(
        self,
        sequences: Sequence[Tokens],
        *,
        token_budget: int | None = None,
        done: Callable[[int], None] | None = None,
    ) -> list[tuple[np.ndarray, ...]]:
        """Run as :meth:`Transformer.run`, on all cores at once.

        :param token_budget: padded tokens in one request; by default an even share of all for each core, but
            no more than suits the processor.
        """

        def batch(group: list[int], width: int) -> Mapping[str, np.ndarray]:
            return padded([sequences[i] for i in group], pad_id=self._pad_id, width=width)

        lengths = [len(sequence) for sequence in sequences]
        return self.run_batches(lengths, batch, token_budget=token_budget, done=done)

    def run_batches(
        self,
        lengths: Sequence[int],
        batch: Callable[[list[int], int], Mapping[str, np.ndarray]],
        *,
        token_budget: int | None = None,
        done: Callable[[int], None] | None = None,
    ) -> list[tuple[np.ndarray, ...]]:
        """Run sequences of these lengths; ``batch(positions, width)`` gives the inputs of some, padded."""
        results: list[tuple[np.ndarray, ...]] = [()] * len(lengths)
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

        widths = [self._width(length) for length in lengths]
        if token_budget is None:
            token_budget = max(LEAST_TOKENS, min(self._request_tokens, -(-sum(widths) // self._requests)))
        for group in batches(widths, token_budget):
            # While the others run.
            inputs = batch(group, widths[group[0]])
            if not free:
                finish_oldest()
            request = free.pop()
            request.start_async({name: inputs[name] for name in self._inputs})
            running.append((request, group))
        while running:
            finish_oldest()
        return results

    def _width(self, length: int) -> int:
        return max(length, min(-(-length // WIDTH_STEP) * WIDTH_STEP, self._longest))


def traced_graph(original: PretrainedModel) -> Graph:
    """Trace a torch model.

    :raises Exception: any, if it holds something that cannot be converted.
    """
    library = openvino_library()

    from qa.models.torch_runtime import traced

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of branches that do not depend on the input
        return traced(original, library.convert_model)


def write(graph: Graph, folder: Path, *, halves: bool = False, file: str = GRAPH) -> None:
    """Write a graph where :meth:`OpenVinoTransformer.load` finds it; with ``halves``, floats in 16 bits."""
    openvino_library().save_model(graph, str(folder / file), compress_to_fp16=halves)


@dataclass(frozen=True, slots=True)
class Processor:
    """What OpenVINO says of the machine's processor."""

    name: str
    abilities: tuple[str, ...]  # number types that it computes in, sorted

    @property
    def kind(self) -> str:
        """Eight digits that processors of one kind share."""
        return hashlib.sha256("\n".join((self.name, *self.abilities)).encode()).hexdigest()[:8]


def processor() -> Processor:
    """Ask OpenVINO for the processor that it computes on."""
    core = openvino_library().Core()
    abilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return Processor(str(core.get_property("CPU", "FULL_DEVICE_NAME")).strip(), tuple(sorted(abilities)))


def openvino_library() -> ModuleType:
    """Import OpenVINO, without its reports to its makers on what is imported and converted.

    It does without ``openvino_telemetry`` where that is not installed; so it is not, for it.
    """
    # None, which the types of sys.modules do not know, makes its import fail.
    modules: dict[str, Any] = sys.modules
    modules.setdefault("openvino_telemetry", None)
    return importlib.import_module("openvino")
