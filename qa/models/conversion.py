"""A folder of weights -> an OpenVINO graph, in the number type and request size that are fastest here.

8-bit integers save time on some processors and cost it on others: one with AMX multiplies bfloat16 so fast
that unpacking integers takes longer than they save. So both are timed, once, and the faster is kept.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer as RustTokenizer

from qa.errors import ModelError
from qa.models.bert import Bert, read_bert
from qa.models.bert_graph import graph_of, stages_of
from qa.models.facts import MOST_TOKENS, Kind, ModelFacts
from qa.models.openvino_runtime import LEAST_TOKENS, OpenVinoTransformer, traced_graph, write
from qa.models.pretrained import load_pretrained
from qa.models.staged import UPPER
from qa.models.tokenizer import Tokens
from qa.small_json import read_object

if TYPE_CHECKING:
    from qa.models.openvino_runtime import Graph

FLOAT, INT8 = "float", "int8"
TIMED = "timed.json"  # the seconds of each number type, for people
SEQUENCES, LENGTH = 4, 224  # of what is timed: some passages of the usual length
ROUNDS = 4  # in turn, the least of each counts: other work on the machine only ever adds time
WORTH = 0.95  # integers cost a little accuracy, so they must save at least a twentieth of the time


def convert(source: Path, kind: Kind, folder: Path, *, integers: bool) -> tuple[RustTokenizer, ModelFacts]:
    """Write the graph of a model into a folder.

    :param integers: whether 8-bit integers may be used, since it is known what they cost this model.
    :returns: its tokenizer, and what must be known of it.
    :raises ModelError: if it is of another kind, or holds something that cannot be converted.
    """
    bert = read_bert(source, kind)
    if bert is None:
        original = load_pretrained(source, kind)
        try:
            graph = traced_graph(original)
        except Exception as fault:
            raise ModelError(
                f"this model cannot be converted for the CPU ({type(fault).__name__})", where=source
            ) from fault
        write(graph, folder)
        return original.tokenizer, original.facts
    graphs = {FLOAT: graph_of(bert, integers=False)}
    if integers:
        graphs[INT8] = graph_of(bert, integers=True)
    numbers, most = FLOAT, MOST_TOKENS
    if len(graphs) > 1:
        took = timed(bert, graphs)
        numbers = INT8 if took[INT8] < WORTH * took[FLOAT] else FLOAT
        most = fastest_request(bert, graphs[numbers])
        (folder / TIMED).write_text(json.dumps(took), encoding="utf-8")
    # What was published in 16 bits loses nothing in them.
    halves = all(weights.dtype == np.float16 for weights in bert.weights.values())
    if bert.glance is None:
        write(graphs[numbers], folder, halves=halves)
    else:
        lower, upper = stages_of(bert, bert.glance, integers=numbers == INT8)
        write(lower, folder, halves=halves)
        write(upper, folder, halves=halves, file=UPPER)
    return bert.tokenizer, replace(bert.facts, numbers=numbers, request_tokens=most)


def timed(bert: Bert, graphs: Mapping[str, Graph]) -> dict[str, float]:
    """Return the seconds that each graph takes to read some passages; a second of work, or two."""
    passages = _passages(bert) * SEQUENCES
    models = {name: _compiled(bert, graph) for name, graph in graphs.items()}
    return _least({name: partial(model.run, passages) for name, model in models.items()})


def fastest_request(bert: Bert, graph: Graph) -> int:
    """Return the most tokens that a request may have: few only where they save a twentieth of the time."""
    model, passages = _compiled(bert, graph), _passages(bert) * 2 * SEQUENCES
    sizes = (MOST_TOKENS, LEAST_TOKENS)
    took = _least({str(most): partial(model.run, passages, token_budget=most) for most in sizes})
    return LEAST_TOKENS if took[str(LEAST_TOKENS)] < WORTH * took[str(MOST_TOKENS)] else MOST_TOKENS


def _compiled(bert: Bert, graph: Graph) -> OpenVinoTransformer:
    return OpenVinoTransformer.of(graph, pad_id=bert.facts.pad_id, longest=bert.facts.longest)


def _passages(bert: Bert) -> list[Tokens]:
    """Return one passage of the usual length, in a list."""
    length = min(LENGTH, bert.facts.longest)
    return [Tokens(np.arange(length, dtype=np.int64) % 100, np.zeros(length, dtype=np.int64))]


def _least(runs: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Run each in turn; return the least seconds of each, without those of a first run that warms up."""
    best = dict.fromkeys(runs, float("inf"))
    for turn in range(1 + ROUNDS):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            if turn:
                best[name] = min(best[name], time.perf_counter() - began)
    return best


def times_of(folder: Path) -> dict[str, float]:
    """Return the seconds of each number type that were measured when a model was converted, if they were."""
    if not (folder / TIMED).is_file():
        return {}
    return {name: float(str(seconds)) for name, seconds in read_object(folder / TIMED).items()}
