"""An index -> one of a million passages made of it, opened and searched with checksums and without.

python -m benchmarks.million INDEX [--passages 1000000]

Its segments are copied as often as it takes, so that nothing is cut or embedded anew (linked, they would
share the processor's cache). "Without" is how large indexes were read before: no checksum beside the files;
"copied" is with checksums and without the bounds of what is read into memory. Each question is asked of all
kinds in turn; the files are in the system's cache by then, so nothing is said of a cold disk.
"""

from __future__ import annotations

import gc
import shutil
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

import qa
from benchmarks.report import QUESTIONS, WORK, console, save, table
from qa.evaluate.questions import load_questions, spaced
from qa.index.local import generation, owned
from qa.index.local.checksums import CHECKSUMS
from qa.index.local.columns import numpy_of
from qa.index.local.engine import LocalEngine
from qa.index.local.fingerprints import FileFingerprint
from qa.index.local.generation import publish, read_manifest, segment_folder, segment_folders, writing
from qa.index.local.segments import complete_checksums
from qa.index.local.tables import read_rows, write_rows
from qa.index.local.vectors import write_cells
from qa.models.embedder import SentenceEmbedder
from qa.records import Filter

FILES = WORK / "million"
ASKED = 60  # questions in a round
KINDS = ("copied", "with checksums", "without")


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of index, over all rounds."""

    kind: str
    passages: int
    open_seconds: float  # the median round
    ready_seconds: float  # until the thread has compared every byte and, with checksums, copied the files
    ready_processor_seconds: float  # the same in processor time
    search_p50: float  # milliseconds of processor time, without embedding the question
    search_p95: float
    search_wall_p50: float  # the same in elapsed time, which other programs lengthen
    search_wall_p95: float


def main(
    source: Annotated[Path, typer.Argument(metavar="INDEX", help="A built index; it is only read.")],
    passages: Annotated[int, typer.Option(min=1, help="At least so many.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often each kind is opened and asked.")] = 3,
) -> None:
    """Exit code 1 if opening takes over a second or the p95 is over 10 % longer with checksums."""
    for kind in KINDS[1:]:
        if not (FILES / kind / "manifest.json").exists():
            repeat(source, FILES / kind, passages, with_checksums=kind == KINDS[1])
    questions = spaced([known.question for known in load_questions(QUESTIONS)], ASKED)
    embedder = SentenceEmbedder.load(read_manifest(source).embedder)
    asked = [(question, embedder.embed_question(question)) for question in questions]
    runs = [_Run() for _ in KINDS]
    for _ in range(rounds):
        for kind, run in zip(KINDS, runs, strict=True):
            began = time.perf_counter()
            _opened(kind)
            run.opened.append(time.perf_counter() - began)
            gc.collect()
    engines = []
    for kind, run in zip(KINDS, runs, strict=True):
        began, worked = time.perf_counter(), time.process_time()
        engines.append(_opened(kind))
        engines[-1].guard.wait(600)
        run.ready = (time.perf_counter() - began, time.process_time() - worked)
    for number in range(rounds + 1):
        for at, (question, vector) in enumerate(asked):
            for turn in range(len(KINDS)):
                which = (at + number + turn) % len(KINDS)
                took = _search(engines[which], question, vector)
                if number:  # round 0 is not counted: it brings every page into memory
                    runs[which].searches.append(took)
    found = [
        _measured(kind, engine.manifest.passages, run)
        for kind, engine, run in zip(KINDS, engines, runs, strict=True)
    ]
    rows = [
        (name, *(str(getattr(one, name)) for one in found)) for name in asdict(found[0]) if name != "kind"
    ]
    table("a million passages", ["", *KINDS], rows)
    share = found[1].search_p95 / found[2].search_p95
    console.print(f"p95 with checksums: {100 * (share - 1):+.1f} % of that without")
    save("million", {"command": "python -m benchmarks.million", "kinds": [asdict(one) for one in found]})
    raise typer.Exit(1 if found[1].open_seconds > 1 or share > 1.1 else 0)


def repeat(source: Path, target: Path, passages: int, *, with_checksums: bool) -> None:
    """Write an index of at least so many passages that repeats the segments of another."""
    manifest = read_manifest(source)
    times = -(-passages // manifest.passages)
    shutil.rmtree(target, ignore_errors=True)
    with writing(target):
        folder = generation.new_generation(target)
        own = segment_folders(source / manifest.generation)
        known: dict[str, FileFingerprint] = {}
        for number, segment in enumerate(own):
            first = segment_folder(folder, number)
            shutil.copytree(segment, first)
            write_cells(first)
            (first / CHECKSUMS).unlink(missing_ok=True)
            if with_checksums:
                complete_checksums(first)
            facts = {path.name: FileFingerprint.of(path) for path in first.iterdir()}
            for again in range(times):
                other = segment_folder(folder, number + again * len(own))
                known |= {f"{other.name}/{name}": one for name, one in facts.items()}
                if again:
                    shutil.copytree(first, other)
        _write_rows(source / manifest.generation, folder, times)
        made = replace(manifest, articles=times * manifest.articles, passages=times * manifest.passages)
        publish(target, folder, made, known)


def _write_rows(before: Path, folder: Path, times: int) -> None:
    rows = read_rows(before)
    alive, copy_of, arrived = (numpy_of(rows[name]) for name in ("alive", "copy_of", "arrived"))
    shifted = [copy_of + number * len(copy_of) for number in range(times)]
    write_rows(
        folder,
        alive=np.tile(alive, times),
        duplicate_of=np.concatenate(shifted).astype(np.int32),
        arrived=np.tile(arrived, times),
    )


@dataclass(slots=True)
class _Run:
    opened: list[float] = field(default_factory=list)
    ready: tuple[float, float] = (0.0, 0.0)
    searches: list[tuple[float, float]] = field(default_factory=list)


def _opened(kind: str) -> LocalEngine:
    owned.SHARE, owned.MOST = (1 / 2, 1 << 40) if kind == KINDS[0] else (0, 0)
    return LocalEngine.open(FILES / (KINDS[1] if kind == KINDS[0] else kind))


def _search(engine: LocalEngine, question: str, vector: np.ndarray) -> tuple[float, float]:
    """Return milliseconds of processor time, and by the clock."""
    began, worked = time.perf_counter(), time.process_time()
    engine.candidates(question, vector, qa.AskSettings().candidates, Filter())
    return 1000 * (time.process_time() - worked), 1000 * (time.perf_counter() - began)


def _measured(kind: str, passages: int, run: _Run) -> Measured:
    figures = (float(np.quantile(one, at)) for one in zip(*run.searches, strict=True) for at in (0.5, 0.95))
    return Measured(
        kind,
        passages,
        round(float(np.median(run.opened)), 3),
        *(round(one, 1) for one in run.ready),
        *(round(one, 1) for one in figures),
    )


if __name__ == "__main__":
    typer.run(main)
