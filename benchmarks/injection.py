"""Faults on purpose: processes that are killed, disks that fail, readers that never pause.

A nursery is a process that has loaded all libraries and forks a child for each build or reader, so that
a child begins its work at once and a kill at a random moment hits the work, not the loading.
"""

from __future__ import annotations

import builtins
import errno
import importlib
import io
import json
import logging
import os
import random
import re
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import qa
from benchmarks.deaths import die_after_the_swap, die_in_lite
from qa.errors import IndexDamaged, QAError
from qa.index.local import checksums, generation
from qa.index.shards import Shard
from qa.settings import IndexSettings

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = IndexSettings("words", passage_tokens=20, overlap_tokens=0)
QUESTION = "Which edition tells of the harbour?"
QUESTIONS = ("Who won the election?", "How many people died in the earthquake?", "When did the strike begin?")


class Words:
    """Texts as bags of hashed words on the unit sphere, the same in every process."""

    name = "words"
    weights_sha256 = "0" * 64

    def embed_passages(
        self, texts: Sequence[str], *, done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        if done is not None:
            done(len(texts))
        return np.stack([self.embed_question(text) for text in texts])

    def embed_question(self, question: str) -> np.ndarray:
        vector = np.full(16, 0.01, dtype=np.float32)
        for word in re.findall(r"\w+", question.lower()):
            vector[zlib.crc32(word.encode()) % 16] += 1
        return vector / np.linalg.norm(vector)

    def token_offsets(self, texts: Sequence[str]) -> list[np.ndarray]:
        return [
            np.array([word.span() for word in re.finditer(r"\w+", text)], dtype=np.int32).reshape(-1, 2)
            for text in texts
        ]


def write_edition(path: Path, number: int, articles: int = 40) -> Path:
    """Write a file of articles that all name their edition; half of the texts are the same in all."""
    lines = []
    edition = f"Edition {number}"
    for n in range(articles):
        about = number if n % 2 else 0
        text = f"Article {n} of edition {about} tells of the harbour. It has a lamp, a ship and a pier {n}."
        lines.append({"id": f"{n}", "title": edition, "text": text, "source": edition})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def build(edition: Path, index: Path) -> None:
    """Build an edition into the index."""
    qa.build([edition], index, settings=SETTINGS, embedder=Words())


def add(edition: Path, index: Path) -> None:
    """Add an edition to the index."""
    qa.build([edition], index, settings=SETTINGS, embedder=Words(), add=True)


def shard(edition: Path, index: Path) -> None:
    """Write the first of an edition's two shards into the index, in place."""
    qa.build([edition], index, settings=SETTINGS, embedder=Words(), shard=Shard(1, 2))


def forget(index: Path, article: Path) -> None:
    """Forget the article of this id."""
    qa.forget(index, ids=[article.name])


def answers(retriever: qa.Retriever) -> list[tuple[str, str, float]]:
    """Return all that a search tells of all articles."""
    hits = retriever.search(QUESTION, 1000, as_of=qa.NO_DAY)
    return [(hit.passage.text, hit.passage.article.title, hit.score) for hit in hits]


def opened(index: Path) -> qa.Retriever:
    """Return the index with the stand-in embedder."""
    return qa.Retriever.open(index, settings=qa.AskSettings(candidates=1000), embedder=Words())


@dataclass(frozen=True, slots=True)
class Seen:
    """All that an index holds."""

    articles: dict[str, tuple[str, str]]  # title and text by id
    found: tuple[str, ...]  # texts of all passages, sorted


def seen_in(index: Path, must_be_whole: bool) -> Seen:
    """Return what an index holds.

    :raises ArchiveError: if it cannot be read, or must be whole and does not pass the check.
    """
    if must_be_whole:
        qa.check(index)
    retriever = opened(index)
    listed = retriever.listing(0, 100_000).articles
    found = sorted(text for text, _, _ in answers(retriever))
    return Seen({article.id: (article.title, article.text) for article in listed}, tuple(found))


def look(index: Path, must_be_whole: bool, log: Path) -> None:
    """Write down what an index holds."""
    seen = seen_in(index, must_be_whole)
    articles = [(one, *what) for one, what in seen.articles.items()]
    log.write_text(json.dumps([articles, seen.found]), encoding="utf-8")


class Nursery:
    """Forks children that do what is in :data:`_WORK`; a context manager."""

    def __init__(self, modules: Sequence[str] = ()) -> None:
        """``modules``: loaded beside those of a folder before anything is forked."""
        self._modules = modules

    def __enter__(self) -> Nursery:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.injection", *self._modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._answer()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def start(self, work: str, *arguments: object) -> int:
        """Return the child's process id."""
        self._process.stdin.write(json.dumps([work, *map(str, arguments)]) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def wait(self, child: int) -> int:
        """Return the exit code of a child, negative for a signal."""
        self._process.stdin.write(json.dumps(["wait", child]) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def run(self, work: str, *arguments: object) -> None:
        """Let a child do its work to the end.

        :raises RuntimeError: if it fails; why is on standard error.
        """
        if self.wait(self.start(work, *arguments)) != 0:
            raise RuntimeError(f"{work} failed: {' '.join(map(str, arguments))}")

    def killed(self, seconds: float, work: str, *arguments: object) -> bool:
        """Kill a child after so long; whether it was still at work."""
        child = self.start(work, *arguments)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        return self.wait(child) == -signal.SIGKILL

    def _answer(self) -> str:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the nursery died")
        return line


def read_on(index: Path, log: Path) -> None:
    """Ask without pause until there is a file ``stop``; write down each edition when it is first seen.

    A reply that mixes editions, or any fault, is written down instead and ends the reader.
    """
    with log.open("w", encoding="utf-8") as stream:
        try:
            retriever = opened(index)
            seen = ""
            while True:
                stopping = (index.parent / "stop").exists()
                retriever.refresh()
                titles = {title for _, title, _ in answers(retriever)}
                titles |= {source for source, _ in retriever.overview().sources}
                if len(titles) != 1:
                    stream.write(f"mixed: {sorted(titles)}\n")
                    return
                if titles != {seen}:
                    (seen,) = titles
                    stream.write(f"{seen} {time.time()}\n")
                    stream.flush()
                if stopping:
                    return
        except Exception as fault:
            stream.write(f"fault: {type(fault).__name__}: {fault}\n")


def watch(index: Path, feed: str) -> None:
    """Poll a feed of this machine once for the index."""
    from qa.maintain.watch import Watcher

    Watcher([feed], index, {}, Words, memory=index / "watch.json", allow_private=True).poll()


def flip(index: Path, edition: Path, log: Path, first: int, last: int, *, large: bool) -> None:
    """Build an index and flip bits in it; write down what came of each.

    ``large``: it is taken for one that is too large to be read at opening. Bits are told by their number, the
    same in every process. Times are kept, as when a disk decays.
    """
    if large:
        generation.VERIFIED_AT_OPEN, checksums.BLOCK = 0, 1 << 9
    logging.disable()  # the guard logs every finding, and there are hundreds
    build(edition, index)
    _flip_in_turn(index, log, first, last, _all_of)


def decay(index: Path, log: Path, first: int, last: int) -> None:
    """Flip bits, as :func:`flip` does, in a copy of an index that is large indeed, with its own embedder."""
    logging.disable()
    embedder = qa.Retriever.open(index).embedder

    def ask(index: Path) -> object:
        retriever = qa.Retriever.open(index, embedder=embedder)
        found = [retriever.search(question, 20, as_of=qa.NO_DAY) for question in QUESTIONS]
        hits = [(hit.passage.article, hit.passage.start, hit.score) for hits in found for hit in hits]
        return hits, retriever.listing(0, 20).articles, retriever.overview().sources

    _flip_in_turn(index, log, first, last, ask)


def _flip_in_turn(index: Path, log: Path, first: int, last: int, ask: Callable[[Path], object]) -> None:
    now = generation.read_manifest(index)
    files = [(index / now.generation / name, facts.bytes) for name, facts in now.files.items()]
    whole = ask(index)
    with log.open("w", encoding="utf-8") as stream:
        for number in range(first, last):
            chance = random.Random(number)
            path, size = chance.choice(files)
            at, bit = chance.randrange(size), 1 << chance.randrange(8)
            stream.write("try\n")
            stream.flush()
            _flip(path, at, bit)
            try:
                found = "same" if ask(index) == whole else f"wrong {path.name} {at}"
            except IndexDamaged:
                found = "told"
            except Exception as fault:
                found = f"uncaught {path.name} {at} {type(fault).__name__}"
            _flip(path, at, bit)
            stream.write(f"{found}\n")
            stream.flush()


def _all_of(index: Path) -> object:
    retriever = opened(index)
    return answers(retriever), retriever.listing(0, 100_000).articles, retriever.overview().sources


def _flip(path: Path, at: int, bit: int) -> None:
    status = path.stat()
    with path.open("r+b") as stream:
        stream.seek(at)
        (byte,) = stream.read(1)
        stream.seek(at)
        stream.write(bytes([byte ^ bit]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


class FailingDisk:
    """Counts what is written; from the n-th write on everything fails, as on a full or dying disk.

    Writes are the pieces in which files reach the system, and every sync, rename and new folder.
    """

    def __init__(self, fails_at: int | None = None, code: int = errno.ENOSPC) -> None:
        self.writes = 0
        self._fails_at = fails_at
        self._code = code

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let all writing of this process go through this disk."""
        opening = io.open
        calls = {name: getattr(os, name) for name in ("fsync", "mkdir", "replace")}
        disk = self

        class File(io.FileIO):
            def write(self, data: bytes) -> int:
                disk._count()
                return super().write(data)

        def open_(file, mode="r", *arguments, **options):
            if "w" not in mode or not isinstance(file, (str, os.PathLike)):
                return opening(file, mode, *arguments, **options)
            stream = io.BufferedWriter(File(os.fspath(file), "w"))
            return stream if "b" in mode else io.TextIOWrapper(stream, encoding="utf-8")

        def counted(call):
            def through(*arguments, **options):
                disk._count()
                return call(*arguments, **options)

            return through

        try:
            io.open = builtins.open = open_
            for name, call in calls.items():
                setattr(os, name, counted(call))
            yield
        finally:
            io.open = builtins.open = opening
            for name, call in calls.items():
                setattr(os, name, call)

    def _count(self) -> None:
        self.writes += 1
        if self._fails_at is not None and self.writes >= self._fails_at:
            raise OSError(self._code, os.strerror(self._code))


# Arguments come from the command line, so they are strings.
_WORK: dict[str, Callable[..., None]] = {
    "build": lambda edition, index: build(Path(edition), Path(index)),
    "add": lambda edition, index: add(Path(edition), Path(index)),
    "shard": lambda edition, index: shard(Path(edition), Path(index)),
    "forget": lambda index, article: forget(Path(index), Path(article)),
    "decay": lambda index, log, first, last: decay(Path(index), Path(log), int(first), int(last)),
    "read": lambda index, log: read_on(Path(index), Path(log)),
    "look": lambda index, whole, log: look(Path(index), whole == "1", Path(log)),
    "die": lambda at, log, work, *arguments: die_after_the_swap(
        int(at), Path(log), lambda: _WORK[work](*arguments)
    ),
    "die in lite": lambda at, log, work, *arguments: die_in_lite(
        int(at), Path(log), lambda: _WORK[work](*arguments)
    ),
    "watch": lambda index, feed: watch(Path(index), feed),
    "flip": lambda index, edition, log, first, last, large: flip(
        *map(Path, (index, edition, log)), int(first), int(last), large=large == "1"
    ),
}


def _nurse() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        work, *arguments = json.loads(line)
        if work == "wait":
            _, status = os.waitpid(int(arguments[0]), 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            code = 1
            try:
                _WORK[work](*arguments)
                code = 0
            except QAError as fault:
                print(fault, file=sys.stderr)
            finally:
                os._exit(code)
        print(child, flush=True)


if __name__ == "__main__":
    # Load all modules that a build, a poll and a search need before any process is forked.
    import feedparser  # noqa: F401

    import qa.index.local.backend
    import qa.maintain.watch
    import qa.retrieve.retriever

    for module in sys.argv[1:]:
        importlib.import_module(module)
    _nurse()
