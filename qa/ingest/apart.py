"""An untrusted form -> its records, read in a process of its own: its death is a line, not ours.

The process is kept for the next input. It is given time for every record and memory in all; what passes
either, or crashes, costs the rest of that input alone.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from qa.ingest.asked import Asked
from qa.ingest.limits import MOST_APART_BYTES, MOST_APART_SECONDS, MOST_RECORD_BYTES
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream, Unreadable
from qa.reports import Skipped

MARK = "QA_READS_APART"  # set in the process that reads for another one
_ROOT = Path(__file__).resolve().parents[2]
_WAITING = 16  # records that are held between the two processes
_idle: list[_Worker] = []
_lock = threading.Lock()


def is_apart() -> bool:
    """Return whether this is such a process."""
    return MARK in os.environ


def read_apart(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield all records of a stream, read in another process.

    :raises Unreadable: what the reader itself raises.
    """
    with tempfile.NamedTemporaryFile(prefix="qa-apart-") as copy, stream.as_file() as file:
        path = getattr(file, "name", None)
        if not isinstance(path, str) or not Path(path).is_file():
            _copied(file, copy)
            path = copy.name
        worker = _taken()
        done = False
        try:
            yield from worker.read(str(Path(path).resolve()), asked)
            done = True
        except Unreadable:
            done = True  # it has said so and waits for the next: a folder of broken files costs one start
            raise
        finally:
            # Who stops in the middle, or meets a dead one, leaves nothing that could be used again.
            worker.give_back() if done and worker.is_well else worker.end()


def _copied(file: BinaryIO, copy: object) -> None:
    while chunk := file.read(2**20):
        copy.write(chunk)  # type: ignore[attr-defined]
    copy.flush()  # type: ignore[attr-defined]


def _taken() -> _Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.is_well:
                return worker
    return _Worker()


class _Worker:
    """A process that reads inputs, one at a time."""

    def __init__(self) -> None:
        inherited = os.environ.get("PYTHONPATH")
        paths = os.pathsep.join([str(_ROOT), *([inherited] if inherited else [])])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "qa.ingest.apart_worker", str(MOST_APART_BYTES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, MARK: "1", "PYTHONPATH": paths},
        )
        assert self._process.stdin is not None and self._process.stdout is not None  # both are pipes
        self._input, self._output = self._process.stdin, self._process.stdout
        self._lines: queue.Queue[bytes] = queue.Queue(_WAITING)
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def is_well(self) -> bool:
        return self._process.poll() is None

    def read(self, path: str, asked: Asked) -> Iterator[Raw | Skipped]:
        settings = asdict(replace(asked, mapping=dict(asked.mapping))) | {"as_of": asked.as_of.isoformat()}
        try:
            self._input.write(json.dumps({"path": path, "asked": settings}).encode() + b"\n")
            self._input.flush()
        except OSError:
            yield Skipped(asked.name, "It cannot be read: the process for untrusted files did not start.")
            return
        number = 0
        while True:
            try:
                line = self._lines.get(timeout=MOST_APART_SECONDS)
            except queue.Empty:
                self.end()
                yield Skipped(asked.name, self._why(f"took more than {MOST_APART_SECONDS:g} seconds", number))
                return
            if not line:
                yield Skipped(
                    asked.name, self._why("ended the process that read it, as damaged files do", number)
                )
                return
            said = json.loads(line, object_hook=_from_json)
            if "end" in said:
                if said["end"]:
                    raise Unreadable(said["end"])
                return
            number += 1
            yield Skipped(said["where"], said["why"]) if "why" in said else Raw(**said)

    def end(self) -> None:
        """Stop the process, whatever it does."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        with suppress(queue.Empty):  # the listener may wait for room
            while True:
                self._lines.get_nowait()

    def give_back(self) -> None:
        with _lock:
            _idle.append(self)

    def _listen(self) -> None:
        while line := self._output.readline(2 * MOST_RECORD_BYTES):
            self._lines.put(line)
        self._lines.put(b"")

    def _why(self, what: str, number: int) -> str:
        behind = f" behind record {number:,}" if number else ""
        return f"The file {what}{behind}; the rest of it was left out."


def to_json(value: object) -> object:
    """Return what JSON does not know: moments keep their kind, everything else becomes a text."""
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    return None if isinstance(value, (bytes, bytearray)) else str(value)


def _from_json(value: dict[str, object]) -> object:
    if len(value) == 1:
        ((name, inner),) = value.items()
        if name == "$moment" and isinstance(inner, str):
            return datetime.fromisoformat(inner)
        if name == "$day" and isinstance(inner, str):
            return date.fromisoformat(inner)
    return value


@atexit.register
def end_all() -> None:
    """End the processes that wait for an input."""
    with _lock:
        for worker in _idle:
            worker.end()
        _idle.clear()
