"""Archives of growing size -> time to open, search and update, memory, recall, and how these grow.

python -m benchmarks.scale FOLDER/news-2022-2023 [--passages 10000 ...]

Articles are recombined from sentences of real ones; vectors are real embeddings of a few thousand real
passages, perturbed and made unit vectors again. Reading, cutting and embedding are left out; everything
else is the code that people use. Each archive is measured in a process of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

import qa
from benchmarks.archives import BORN, DAYS, Perturbed, articles_of, material, pool_of
from benchmarks.plots import growth
from benchmarks.report import RESULTS, WORK, console, machine, save, table
from qa.index.engine import BuildJob, Gathered, ignore_progress
from qa.index.local import vectors
from qa.index.local.build import build_in_folder
from qa.index.local.engine import LocalEngine
from qa.index.local.generation import Manifest, read_manifest, segment_folders, writing
from qa.index.local.incoming import change_of
from qa.index.local.segments import Fresh
from qa.index.local.writer import write_generation
from qa.models.embedder import SentenceEmbedder
from qa.records import Article, Filter

UPDATED = 100  # articles
ASKED = 100  # questions
WINDOW = timedelta(days=DAYS / 100)  # a filter that keeps 1 %
SETTINGS = qa.IndexSettings()


@dataclass(frozen=True, slots=True)
class Measured:
    """One archive."""

    passages: int
    articles: int
    megabytes: float  # on disk
    build_seconds: float
    open_seconds: float
    memory_opened: float  # resident megabytes, before the first search
    memory: float  # resident megabytes, after all searches
    embed_p50: float  # milliseconds to embed the question, which does not depend on the archive
    search_p50: float  # milliseconds, without embedding the question
    search_p95: float
    search_cpu: float  # median milliseconds of one core; other programs that run do not change it
    filtered_p50: float
    filtered_p95: float
    filtered_cpu: float
    recall: float  # share of the exact 10 nearest that are found
    recall_filtered: float
    update_seconds: float  # for 100 articles; half are new and half replace others


def main(
    folder: Annotated[Path, typer.Argument(help="A folder with articles.jsonl.gz and questions.jsonl.")],
    passages: Annotated[list[int] | None, typer.Option(help="Sizes; repeat for more.")] = None,
    rebuild: Annotated[bool, typer.Option(help="Build archives anew that are there.")] = False,
    cells: Annotated[bool, typer.Option("--cells", help="Search as large archives are searched.")] = False,
) -> None:
    """Build each archive if it is not there, and measure it."""
    console.print(machine())
    found = []
    for many in passages if passages else [10_000, 100_000]:
        index = WORK / "scale" / str(many)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as worker:
            if rebuild or not (index / "manifest.json").exists():
                worker.submit(build, folder, index, many).result()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as worker:
            found.append(worker.submit(measure, folder, index, cells).result())
        rows = [(name, *(f"{getattr(one, name):,}" for one in found)) for name in asdict(found[-1])]
        table("scale", ["", *(f"{one.passages:,}" for one in found)], rows)
        about = {"command": f"python -m benchmarks.scale{' --cells' if cells else ''}"}
        save("scale-cells" if cells else "scale", {**about, "sizes": [asdict(one) for one in found]})
    if len(found) > 1 and not cells:
        growth([asdict(one) for one in found], RESULTS / "scale.png")


def build(folder: Path, index: Path, passages: int) -> None:
    """Write an archive of so many passages; how long it took is kept beside it."""
    began = time.perf_counter()
    sentences, real = material(folder, WORK / "scale")
    articles, spans = articles_of(sentences, passages)
    change = change_of(None, articles, add=False)
    fresh = Fresh(change.incoming, spans, pool_of(real, passages))
    with writing(index):
        write_generation(index, None, change.kept, fresh, _make(real.shape[1]), ignore_progress)
    (index / "seconds.txt").write_text(f"{time.perf_counter() - began:.1f}")


def measure(folder: Path, index: Path, cells: bool) -> Measured:
    """Open, search and update; ``cells``: through the inverted files, whatever the size."""
    if cells:
        vectors.EXACT_UP_TO = 0
        for segment in segment_folders(index / read_manifest(index).generation):
            vectors.write_cells(segment)
    began = time.perf_counter()
    engine = LocalEngine.open(index)
    opened = time.perf_counter() - began
    memory_opened = _resident()
    embedder = SentenceEmbedder.load(SETTINGS.embedder)
    before = _resident()
    questions = _questions(folder)
    asked = [embedder.embed_question(question) for question in questions]
    embedding, _ = _milliseconds(lambda at: embedder.embed_question(questions[at]))
    windows = _windows()
    everything = [Filter()] * ASKED
    (plain, plain_cpu), (filtered, filtered_cpu) = (
        _milliseconds(lambda at, where=where: _search(engine, questions[at], asked[at], where[at]))
        for where in (everything, windows)
    )
    memory = memory_opened + _resident() - before
    recall, recall_filtered = (_recall(engine, asked, where) for where in (everything, windows))
    facts = engine.overview()
    update = _update(folder, index)
    return Measured(
        passages=facts.passages,
        articles=facts.articles,
        megabytes=round(facts.bytes_on_disk / 1e6),
        build_seconds=float((index / "seconds.txt").read_text()),
        open_seconds=round(opened, 3),
        memory_opened=round(memory_opened),
        memory=round(memory),
        embed_p50=_quantile(embedding, 0.5),
        search_p50=_quantile(plain, 0.5),
        search_p95=_quantile(plain, 0.95),
        search_cpu=_quantile(plain_cpu, 0.5),
        filtered_p50=_quantile(filtered, 0.5),
        filtered_p95=_quantile(filtered, 0.95),
        filtered_cpu=_quantile(filtered_cpu, 0.5),
        recall=round(recall, 4),
        recall_filtered=round(recall_filtered, 4),
        update_seconds=round(update, 2),
    )


def _search(engine: LocalEngine, question: str, vector: np.ndarray, where: Filter) -> None:
    candidates = engine.candidates(question, vector, qa.AskSettings().candidates, where)
    engine.found(candidates.keys[:10])


def _recall(engine: LocalEngine, asked: Sequence[np.ndarray], wheres: Sequence[Filter]) -> float:
    hits = expected = 0
    every = engine.vectors.take(np.arange(len(engine.vectors)))
    for vector, where in zip(asked, wheres, strict=True):
        allowed = engine.store.allowed(where)
        cosines = every @ vector
        cosines[~(engine.store.alive_passages if allowed is None else allowed)] = -2
        best = np.argpartition(-cosines, 10)[:10]
        found, _ = engine.vectors.search(vector, qa.AskSettings().candidates, allowed)
        hits += len(np.intersect1d(best, found[:10]))
        expected += 10
    return hits / expected


def _update(folder: Path, index: Path) -> float:
    """Return the seconds to add articles, every second one in place of one that is there."""
    sentences, real = material(folder, WORK / "scale")
    fresh, _ = articles_of(sentences, 8 * UPDATED, seed=time.time_ns() % 2**32)
    engine = LocalEngine.open(index)
    old = engine.store.ids(np.linspace(0, len(engine.store) - 1, UPDATED // 2).astype(int))
    articles = [_renamed(article, id_) for article, id_ in zip(fresh, old, strict=False)]
    articles += [_renamed(a, f"new-{time.time_ns()}-{n}") for n, a in enumerate(fresh[len(articles) :])]
    embedder = Perturbed(real, SETTINGS.embedder, engine.embedder_sha256)
    began = time.perf_counter()
    job = BuildJob(
        Gathered(articles, [], 0), True, None, SETTINGS, embedder, ignore_progress, time.monotonic()
    )
    report = build_in_folder(index, job)
    spent = time.perf_counter() - began
    if report.added != UPDATED:
        raise RuntimeError(f"{report.added} articles were added instead of {UPDATED}")
    return spent


def _renamed(article: Article, id_: str) -> Article:
    return Article(id_, article.title, article.text, article.published, source=article.source)


def _make(dimension: int) -> Manifest:
    embedder = SentenceEmbedder.load(SETTINGS.embedder)
    return Manifest(
        generation="",
        built="",
        embedder=embedder.name,
        embedder_sha256=embedder.weights_sha256,
        dimension=dimension,
        passage_tokens=SETTINGS.passage_tokens,
        overlap_tokens=SETTINGS.overlap_tokens,
        articles=0,
        passages=0,
        skipped=(),
        files={},
    )


def _questions(folder: Path) -> list[str]:

    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines[:: len(lines) // ASKED]][:ASKED]


def _windows() -> list[Filter]:
    firsts = np.random.default_rng(2).uniform(0, DAYS - WINDOW.days, ASKED)
    starts = [BORN + timedelta(days=float(first)) for first in firsts]
    return [Filter(since=start, until=start + WINDOW) for start in starts]


def _milliseconds(call: Callable[[int], object]) -> tuple[list[float], list[float]]:
    """Time one call after the other, by wall and processor; each question was asked once before."""
    for at in range(ASKED):
        call(at)
    wall, processor = [], []
    for at in range(ASKED):
        began, worked = time.perf_counter(), time.process_time()
        call(at)
        wall.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - worked))
    return wall, processor


def _quantile(milliseconds: Sequence[float], share: float) -> float:
    return round(float(np.quantile(milliseconds, share)), 1)


def _resident() -> float:
    """Return the megabytes of memory that this process holds, mapped files included."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise RuntimeError("this system does not tell the memory of a process")


if __name__ == "__main__":
    typer.run(main)
