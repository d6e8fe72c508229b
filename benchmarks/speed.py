"""An index -> build rate, latency of search and ask, cold start and memory, beside torch float32.

python -m benchmarks.speed [--index benchmarks/work/archive] [--questions FILE]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

import qa
from benchmarks.quiz_questions import wordings
from benchmarks.report import QUESTIONS, ROOT, WORK, console, machine, save, tracked
from qa.evaluate.metrics import percentile
from qa.index.local.generation import read_manifest
from qa.index.local.store import Store
from qa.models.embedder import SentenceEmbedder
from qa.models.weights import prepare
from qa.passages import embedded_text
from qa.records import Article

RUNS = 5  # cold starts; the median counts


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished process of its own."""

    seconds: float
    megabytes: float  # peak memory
    output: str


def main(
    index: Annotated[Path, typer.Option(help="A built index.")] = WORK / "archive",
    questions: Annotated[Path, typer.Option(help='JSONL with "question".')] = QUESTIONS,
    passages: Annotated[int, typer.Option(help="Passages to build and embed.")] = 1000,
    asked: Annotated[int, typer.Option(help="Questions to search and ask.")] = 100,
) -> None:
    """Measure on this machine; nothing else should run on it."""
    manifest = read_manifest(index)
    store = Store.open(index / manifest.generation)
    articles = _articles(store, passages)
    wording = wordings(questions, asked)
    console.print(f"{machine()}\n{index}: {manifest.articles:,} articles, {manifest.passages:,} passages")

    built = _build(articles)
    report = json.loads(built.output)
    texts = [embedded_text(store.passage(n)) for n in range(min(store.passages, passages))]
    ours, torch = _embedding_rates(manifest.embedder, texts)
    news = qa.open(index)
    searched = _seconds(lambda q: news.search(q, 10, as_of=qa.NO_DAY), wording, "searching")
    replied = _seconds(lambda q: news.ask(q, as_of=qa.NO_DAY), wording, "asking")
    starts = [
        _run("ask", wording[0], "--index", str(index.resolve())) for _ in tracked(range(RUNS), "starting")
    ]

    figures = {
        "build, passages/s": round(report["passages"] / report["seconds"], 1),
        "build, passages": report["passages"],
        "build, peak MB": round(built.megabytes),
        "embed, passages/s": round(ours, 1),
        "embed with torch float32, passages/s": round(torch, 1),
        "embed, ratio to torch float32": round(ours / torch, 2),
        "search p50, ms": round(1000 * percentile(searched, 0.5), 1),
        "search p95, ms": round(1000 * percentile(searched, 0.95), 1),
        "ask p50, ms": round(1000 * percentile(replied, 0.5)),
        "ask p95, ms": round(1000 * percentile(replied, 0.95)),
        "cold start of ask p50, s": round(percentile([s.seconds for s in starts], 0.5), 2),
        "cold start of ask, slowest, s": round(max(s.seconds for s in starts), 2),
        "ask, peak MB": round(max(s.megabytes for s in starts)),
    }
    for name, value in figures.items():
        console.print(f"{name:<40}{value:>10,}")
    about = {"index": index.name, "articles": manifest.articles, "passages": manifest.passages}
    save(f"speed-{index.name}", {"command": "python -m benchmarks.speed", **about, **figures})


def _articles(store: Store, passages: int) -> list[Article]:
    """Return the first articles that together have at least so many passages, or all."""
    rows = []
    held = 0
    for row in range(len(store)):
        rows.append(row)
        held += len(store.passages_of(row))
        if held >= passages:
            break
    return [store.article(row) for row in rows]


def _build(articles: Sequence[Article]) -> Ran:
    """Build an index from the articles alone, in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "articles.jsonl"
        with source.open("w", encoding="utf-8") as stream:
            for article in articles:
                moment = article.published.isoformat() if article.published else None
                record = {"id": article.id, "title": article.title, "text": article.text, "published": moment}
                stream.write(json.dumps(record) + "\n")
        return _run("build", str(source), "--index", str(Path(scratch) / "index"), "--json")


def _embedding_rates(name: str, texts: Sequence[str]) -> tuple[float, float]:
    """Return passages a second of our embedder, and of sentence-transformers with torch in float32."""
    from sentence_transformers import SentenceTransformer

    ours = SentenceEmbedder.load(name)
    torch = SentenceTransformer(str(prepare(name, "embedder").source), device="cpu")
    # Run each once before, so that first calls are not measured.
    ours.embed_passages(texts[:32])
    torch.encode(list(texts[:32]))
    (our_seconds,) = _seconds(lambda batch: ours.embed_passages(batch), [texts], "embedding")
    (torch_seconds,) = _seconds(
        lambda batch: torch.encode(list(batch), batch_size=32, normalize_embeddings=True),
        [texts],
        "embedding with torch",
    )
    return len(texts) / our_seconds, len(texts) / torch_seconds


def _seconds(call: Callable[[object], object], arguments: Sequence[object], doing: str) -> list[float]:
    """Return how long each call takes, after one that does not count."""
    if len(arguments) > 1:
        call(arguments[0])
    spent = []
    for argument in tracked(arguments, doing):
        began = time.perf_counter()
        call(argument)
        spent.append(time.perf_counter() - began)
    return spent


def _run(*arguments: str) -> Ran:
    """Run ``python -m qa ...`` as a process of its own.

    :raises RuntimeError: if it fails otherwise than by not finding an answer.
    """
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, "-m", "qa", *arguments], cwd=ROOT, stdout=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        output = said.read().decode()
    if process.returncode not in (0, 1):
        raise RuntimeError(f"qa {arguments[0]} ended with exit code {process.returncode}: {output}")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return Ran(seconds, usage.ru_maxrss * unit / 1e6, output)


if __name__ == "__main__":
    typer.run(main)
