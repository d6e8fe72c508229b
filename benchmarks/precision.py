"""Embedder and reader in float32, in bfloat16 and in 8-bit integers: what each gains and costs.

    python -m benchmarks.precision FOLDER/news-2022-2023 FOLDER/squad2-dev-half.json

The gate: half a point of recall@10 for the embedder, half a point of F1 for the reader. The embedder is
judged on quiz questions of 2022 over the passages nearest to each in the built archive, embedded anew in
every precision (``python -m benchmarks.quiz`` builds it), and on questions of a SQuAD-format file over the
paragraphs of all of them; the reader on questions of that file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

import qa
from benchmarks.precisions import in_numbers
from benchmarks.quiz import INDEX
from benchmarks.quiz_questions import TUNED_ON
from benchmarks.quiz_questions import questions as quiz_questions
from benchmarks.reader import FORCED
from benchmarks.reader import measure as read_all
from benchmarks.report import console, machine, save, table, tracked
from qa.evaluate.metrics import best_threshold, contains, figures
from qa.evaluate.questions import spaced
from qa.evaluate.squad import SquadQuestion, load_squad
from qa.models.embedder import SentenceEmbedder
from qa.models.openvino_runtime import Transformer
from qa.models.tokenizer import Tokenizer
from qa.models.weights import PreparedModel, prepare
from qa.passages import embedded_text
from qa.read.reader import ExtractiveReader
from qa.settings import AskSettings, IndexSettings

POOL = 50  # nearest passages of each question that are embedded again
SETTINGS = AskSettings()
FLOAT32, BFLOAT16, INT8 = PRECISIONS = "float32", "bfloat16", "8-bit integers"
Rows = dict[str, dict[str, float]]  # figure -> precision -> value


@dataclass(frozen=True, slots=True)
class Sides:
    """One model in every precision, by the precision's name."""

    model: PreparedModel
    tokenizer: Tokenizer
    transformers: dict[str, Transformer]


def main(
    archive: Annotated[Path, typer.Argument(help="Folder with questions.jsonl of the built archive.")],
    squad: Annotated[Path, typer.Argument(help="SQuAD format, for the reader.")],
    asked: Annotated[int, typer.Option(help="Quiz questions.")] = 525,
    read: Annotated[int, typer.Option(help="Questions of the SQuAD-format file.")] = 1500,
) -> None:
    """Convert both models anew and compare; nothing is kept but the figures."""
    console.print(machine())
    contexts = load_squad(squad)
    embedder = _sides(prepare(IndexSettings().embedder, "embedder"))
    found = _embedder_figures(embedder, archive, asked) | _paragraph_figures(embedder, contexts)
    reader = _sides(prepare(SETTINGS.reader, "reader"))
    found |= _reader_figures(reader, spaced(contexts, read))
    rows = [(name, *(_cell(name, values[p]) for p in PRECISIONS)) for name, values in found.items()]
    table("Precision", ("", *PRECISIONS), rows)
    save("precision", {"command": "python -m benchmarks.precision ARCHIVE SQUAD", **found})


def _cell(name: str, value: float) -> str | float:
    return f"{value:,}" if name.endswith("/s") else value


def _sides(model: PreparedModel) -> Sides:
    transformers = {
        FLOAT32: in_numbers(model, "f32"),
        BFLOAT16: in_numbers(model, "bf16"),
        INT8: in_numbers(model, "int8"),
    }
    return Sides(model, Tokenizer.load(model.folder), transformers)


def _embedder_figures(sides: Sides, archive: Path, asked: int) -> Rows:
    """Return passages a second, and how often one of the ten nearest of the pool holds the answer."""
    held = [q for q in quiz_questions(archive) if q.year == TUNED_ON and q.answerable]
    retriever = qa.Retriever.open(INDEX, settings=AskSettings(lexical_weight=0.0, day_weight=0.0))
    questions = spaced(held, asked)
    pools = [
        [hit.passage for hit in retriever.search(question.question, POOL, as_of=qa.NO_DAY)]
        for question in tracked(questions, "searching")
    ]
    texts = list(dict.fromkeys(embedded_text(passage) for pool in pools for passage in pool))
    rates, recalls, tens = {}, {}, {}
    for name, transformer in sides.transformers.items():
        embedder = _embedder(sides, transformer)
        vectors, seconds = _timed(lambda e=embedder: e.embed_passages(texts))
        row = dict(zip(texts, vectors, strict=True))
        best = [
            np.argsort(-np.stack([row[embedded_text(p)] for p in pool]) @ embedder.embed_question(q.question))
            for q, pool in zip(questions, pools, strict=True)
        ]
        hits = [
            any(contains(pool[at].text, q.answer) for at in order[:10])
            for q, pool, order in zip(questions, pools, best, strict=True)
        ]
        rates[name] = round(len(texts) / seconds, 1)
        recalls[name] = float(np.mean(hits))
        tens[name] = [set(order[:10].tolist()) for order in best]
    return {
        "embedder: passages/s": rates,
        "embedder: an answer in the ten nearest": recalls,
        "embedder: the same ten nearest": {name: _common(tens[FLOAT32], ten) for name, ten in tens.items()},
    }


def _paragraph_figures(sides: Sides, questions: Sequence[SquadQuestion]) -> Rows:
    """Return how often the paragraph that a question was asked about is among the ten nearest of all."""
    texts = list(dict.fromkeys(question.context for question in questions))
    place = {text: at for at, text in enumerate(texts)}
    asked = [question for question in questions if question.golds]
    recalls = {}
    for name, transformer in sides.transformers.items():
        embedder = _embedder(sides, transformer)
        vectors = embedder.embed_passages(texts)
        ranks = []
        for question in tracked(asked, f"asking in {name}"):
            cosines = vectors @ embedder.embed_question(question.question)
            ranks.append(np.count_nonzero(cosines > cosines[place[question.context]]))
        recalls[name] = float(np.mean(np.array(ranks) < 10))
    return {f"embedder: the paragraph of {len(asked):,} questions in the ten nearest": recalls}


def _common(one: Sequence[set[int]], other: Sequence[set[int]]) -> float:
    return float(np.mean([len(a & b) / 10 for a, b in zip(one, other, strict=True)]))


def _embedder(sides: Sides, transformer: Transformer) -> SentenceEmbedder:
    model = sides.model
    about = {"name": model.name, "weights_sha256": model.weights_sha256, "longest": model.longest}
    return SentenceEmbedder(transformer, sides.tokenizer, **about)


def _reader_figures(sides: Sides, questions: Sequence[SquadQuestion]) -> Rows:
    """Return F1 and questions a second."""
    bests, forced, rates = {}, {}, {}
    for name, transformer in sides.transformers.items():
        reader = ExtractiveReader(
            transformer, sides.tokenizer, None, SETTINGS, longest=SETTINGS.window_tokens
        )
        measured, seconds = _timed(lambda r=reader: read_all(r, questions, with_title=False))
        worths = [found.worth for found in measured]
        bests[name] = figures(worths, best_threshold(worths)).f1
        forced[name] = figures(worths, FORCED).has_f1
        rates[name] = round(len(questions) / seconds, 1)
    return {
        "reader: questions/s": rates,
        "reader: F1 at the best threshold": bests,
        "reader: F1 forced, answerable": forced,
    }


def _timed(call: Callable[[], object]) -> tuple[object, float]:
    began = time.perf_counter()
    return call(), time.perf_counter() - began


if __name__ == "__main__":
    typer.run(main)
