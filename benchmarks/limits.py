"""The reader on ten passages -> how near each kind of operation comes to what the processor can do.

    python -m benchmarks.limits

The limit is measured: large matrix products that stay in the cache, on all cores at once, in each number
type. The reader's operations over that limit are the least time in which all its tokens can be read. The
profile is OpenVINO's own, of one request on one core.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import typer

from benchmarks.number_types import LENGTHS, OPERATIONS_A_TOKEN, passages
from benchmarks.precisions import bert_of
from benchmarks.report import console, machine, save, table
from qa.models.batching import padded
from qa.models.bert_graph import graph_of
from qa.models.openvino_runtime import COMPILED_FOR, OpenVinoTransformer, openvino_library, processor
from qa.models.tokenizer import Tokens
from qa.models.weights import prepare
from qa.settings import BUNDLED_READER

if TYPE_CHECKING:
    import openvino

WIDTH, ROWS, PRODUCTS = 1536, 768, 12  # of the large products: a square matrix of 8 bits is 2.4 MB
WIDTH_OF_READER, LAYERS = 384, 6
PROFILED = 240  # tokens of the request that is profiled: one passage with a question
# What OpenVINO calls its operations -> what they are in the model. A "Subgraph" is several fused to one:
# here scores, softmax and sums of the attention.
KINDS = {
    "FullyConnected": "matrix products",
    "MatMul": "matrix products",
    "ScaledDotProductAttention": "attention",
    "Subgraph": "attention",
    "MVN": "normalisation and sums",
    "Add": "normalisation and sums",
    "MulAdd": "normalisation and sums",
}
OTHER = "the rest: reshaping, conversion, looking up words"


def main(rounds: int = 15) -> None:
    """Measure the limit, the reader, and where its time goes."""
    console.print(machine(), processor())
    model = prepare(BUNDLED_READER, "reader")
    bert = bert_of(model.source, "reader")
    sequences = passages()
    # Scores and sums of each head: every token with every other of its passage, twice.
    attention = sum(LAYERS * 4 * n * n * WIDTH_OF_READER for n in LENGTHS)
    operations = OPERATIONS_A_TOKEN * sum(LENGTHS) + attention
    console.print(f"{operations / 1e9:.1f} billion operations, {attention / 1e9:.1f} of them attention")
    rows, kept = [], {}
    for name, integers in (("float", False), ("8-bit integers", True)):
        graph = graph_of(bert, integers=integers)
        transformer = OpenVinoTransformer.of(graph, pad_id=model.pad_id, longest=model.longest)
        limit = _limit(rounds, integers=integers)
        seconds = _least(lambda t=transformer: t.run(sequences), rounds)  # type: ignore[misc]
        least = operations / limit
        rows.append(
            (name, f"{limit / 1e9:,.0f}", f"{1000 * least:.1f}", f"{1000 * seconds:.1f}",
             f"{100 * least / seconds:.0f} %")
        )  # fmt: skip
        profile = _profile(graph, sequences[2])
        kept[name] = {"limit": limit, "seconds": seconds, "profile": profile}
        total = sum(profile.values())
        parts = [
            (kind, f"{1000 * spent:.2f}", f"{100 * spent / total:.1f} %") for kind, spent in profile.items()
        ]
        table(f"One passage of {PROFILED} tokens, {name}", ("operations", "ms", "share"), parts)
    heads = ("", "limit, GFLOP/s", "ten passages at the limit, ms", "as read, ms", "of the limit")
    table("The reader beside the processor's limit", heads, rows)
    save("limits", {"processor": processor().name, "operations": operations, **kept})


def _least(run: Callable[[], object], rounds: int) -> float:
    """Return the least time of a call, after one that warms up."""
    run()
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - began)
    return best


def _limit(rounds: int, *, integers: bool) -> float:
    """Return the operations a second of large matrix products, one request on each core."""
    from openvino import opset13 as op

    random = np.random.default_rng(1)
    rows = op.parameter([ROWS, WIDTH], np.float32, name="rows")
    value = rows
    for _ in range(PRODUCTS):
        if integers:
            weights = op.constant(random.integers(0, 256, (WIDTH, WIDTH), dtype=np.uint8))
            centred = op.subtract(op.convert(weights, np.float32), op.constant(np.float32(128)))
            matrix = op.multiply(centred, op.constant(np.full((WIDTH, 1), 1e-4, dtype=np.float32)))
        else:
            matrix = op.constant(random.standard_normal((WIDTH, WIDTH)).astype(np.float32) / WIDTH**0.5)
        value = op.matmul(value, matrix, False, True)
    library = openvino_library()
    graph = library.Model([value], [rows], "products")
    compiled = library.Core().compile_model(graph, "CPU", COMPILED_FOR)
    many = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
    requests = [compiled.create_infer_request() for _ in range(many)]
    given = random.standard_normal((ROWS, WIDTH)).astype(np.float32)

    def run() -> None:
        for request in requests:
            request.start_async({"rows": given})
        for request in requests:
            request.wait()

    return many * PRODUCTS * 2 * ROWS * WIDTH**2 / _least(run, rounds)


def _profile(graph: openvino.Model, sequence: Tokens, *, runs: int = 20) -> Mapping[str, float]:
    """Return the mean seconds of each kind of operation in one request, the longest first."""
    counting = {**COMPILED_FOR, "PERF_COUNT": "YES"}
    compiled = openvino_library().Core().compile_model(graph, "CPU", counting)
    batch = padded([sequence], pad_id=0)
    request = compiled.create_infer_request()
    names = [port.any_name for port in compiled.inputs]
    spent: dict[str, float] = defaultdict(float)
    for turn in range(runs + 1):
        request.infer({name: batch[name] for name in names})
        if not turn:
            continue
        for step in request.profiling_info:
            kind = KINDS.get(step.node_type.removesuffix("Compressed"), OTHER)
            spent[kind] += step.real_time.total_seconds() / runs
    return dict(sorted(spent.items(), key=lambda part: -part[1]))


if __name__ == "__main__":
    typer.run(main)
