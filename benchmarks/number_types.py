"""The reader on ten passages: float and 8-bit integers, small and large requests, now and as it was traced.

    python -m benchmarks.number_types

"traced, 8 bits" is what shipped until the graph was drawn here: a trace of torch's model, its weights made
integers, 256 tokens in a request. All are timed in turn in one run; the least time of each counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import typer

from benchmarks.precisions import bert_of
from benchmarks.report import console, machine, save, table
from qa.models.bert_graph import graph_of
from qa.models.facts import MOST_TOKENS
from qa.models.openvino_runtime import (
    LEAST_TOKENS,
    OpenVinoTransformer,
    processor,
    traced_graph,
)
from qa.models.pretrained import load_pretrained
from qa.models.tokenizer import Tokens
from qa.models.weights import prepare
from qa.settings import BUNDLED_READER

LENGTHS = (
    232,
    228,
    240,
    219,
    231,
    225,
    238,
    160,
    236,
    229,
)  # tokens of the sample's passages with a question
WORDS = 28_000  # ids below this are words
OPERATIONS_A_TOKEN = 2 * 6 * (4 * 384**2 + 2 * 384 * 1536)  # of the matrix products, without attention
if TYPE_CHECKING:
    from qa.models.openvino_runtime import Graph

BASE = "traced, 8 bits, 256 tokens"


def main(rounds: int = 15) -> None:
    """Time each and print it beside what was before."""
    console.print(machine(), processor())
    runs = _runs()
    best = dict.fromkeys(runs, float("inf"))
    for turn in range(rounds + 1):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            if turn:
                best[name] = min(best[name], time.perf_counter() - began)
    operations = OPERATIONS_A_TOKEN * sum(LENGTHS)
    rows = [
        (
            name,
            f"{1000 * seconds:.1f}",
            f"{seconds / best[BASE]:.2f}",
            f"{operations / seconds / 1e9:,.0f}",
        )
        for name, seconds in best.items()
    ]
    table("The reader on ten passages", ("", "ms", "of before", "GFLOP/s"), rows)
    save("number_types", {"processor": processor().name, "seconds": best})


def passages() -> list[Tokens]:
    """Return a question with each of ten passages, of words by chance."""
    random = np.random.default_rng(0)
    return [
        Tokens(random.integers(1000, WORDS, length), (np.arange(length) > 11).astype(np.int64))
        for length in LENGTHS
    ]


def _runs() -> dict[str, Callable[[], object]]:
    sequences = passages()
    model = prepare(BUNDLED_READER, "reader")
    bert = bert_of(model.source, "reader")

    def of(graph: Graph) -> OpenVinoTransformer:
        return OpenVinoTransformer.of(graph, pad_id=model.pad_id, longest=model.longest)

    before = of(_in_integers(traced_graph(load_pretrained(model.source, "reader"))))
    floats, integers = (of(graph_of(bert, integers=integers)) for integers in (False, True))
    runs: dict[str, Callable[[], object]] = {BASE: lambda: before.run(sequences, token_budget=256)}
    for name, transformer in (("float", floats), ("8 bits", integers)):
        for budget in (LEAST_TOKENS, MOST_TOKENS):
            runs[f"{name}, {budget} tokens"] = lambda t=transformer, b=budget: t.run(  # type: ignore[misc]
                sequences, token_budget=b
            )
        runs[f"{name}, an even share"] = lambda t=transformer: t.run(sequences)  # type: ignore[misc]
    return runs


def _in_integers(graph: Graph) -> Graph:
    import nncf  # it made the integer weights; in requirements-benchmarks.txt

    return nncf.compress_weights(graph, mode=nncf.CompressWeightsMode.INT8_ASYM)


if __name__ == "__main__":
    typer.run(main)
