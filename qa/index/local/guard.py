"""The files of an opened generation -> a guard over what is read of them, before and after.

Files are mapped into memory, which has two dangers. First, bytes that a disk has altered are read without
any sign. So each block is compared with its checksum: before the file is used, or when the block is first
touched. Vectors, which FAISS reads by itself, are compared by a thread that begins at opening.

Second, a file that is truncated under its map ends the process. So a small index is not mapped: each file is
read once, and what was compared is what is used. Of a large one what is mapped is replaced by a copy of our
own when the index is opened, as far as memory allows (owned.py), compared as it is made: first what says
where everything lies, then texts, postings and vectors. What stays mapped reads as zeros once its file cannot
give it any more (bus_errors.py); zeros lead nowhere wrong in those, and who asked is told. All sizes are
compared around each question besides: copies answer rightly, but an index that lost a file has to be told.
Leases of the kernel (fcntl(2), F_SETLEASE) were tried: they kept those who write a file waiting for up to 45
seconds.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa

from qa.errors import IndexDamaged, QAError
from qa.index.local import generation
from qa.index.local.checksums import CHECKSUMS, FileChecksums, read_checksums
from qa.index.local.generation import Manifest
from qa.index.local.guarded_file import GuardedFile, Place
from qa.index.local.owned import Room
from qa.index.local.tables import ROWS, map_file
from qa.shipped import COMMAND

# So long after opening questions wait for the thread, in which a disk of 200 MB/s reads 2 GB, the vectors of
# a million passages. Later the thread goes on, and closes the index if it finds damage.
FIRST_QUESTION_WAITS = 10.0  # seconds


class Guard:
    """Over the files of a generation; without any it lets everything pass. Safe to share between threads."""

    def __init__(
        self,
        files: Sequence[GuardedFile] = (),
        memory: Mapping[Path, pa.Buffer] | None = None,
        room: Room | None = None,
        early: Room | None = None,
    ) -> None:
        """``memory``: of files that were read; none if not given.

        ``room``: for copies of what is mapped, ``early`` of what in it says where all lies; likewise.
        """
        self._files = {file.path: file for file in files}
        self._memory = {} if memory is None else dict(memory)  # of each file that is in use
        self._places: list[tuple[int, GuardedFile]] = []  # where each that is mapped begins, ascending
        self._room = Room(0) if room is None else room
        self._early = Room(0) if early is None else early
        self._found: list[IndexDamaged] = []
        self._opened = time.monotonic()
        self._stop, self._done = threading.Event(), threading.Event()
        self._done.set()

    @classmethod
    def open(cls, index: Path, manifest: Manifest, *, every_byte: bool = False) -> Guard:
        """Compare what must be whole before anything is used: of a small index, or if asked, every byte.

        :raises IndexDamaged: at the first file that is gone, truncated or altered.
        """
        folder = index / manifest.generation
        small = sum(facts.bytes for facts in manifest.files.values()) <= generation.VERIFIED_AT_OPEN
        known: dict[Path, dict[str, FileChecksums]] = {}
        files, memory = [], {}
        for name in sorted(manifest.files, key=lambda name: not name.endswith(CHECKSUMS)):
            facts, path = manifest.files[name], folder / name
            if small or path.name in (ROWS, CHECKSUMS):
                file = GuardedFile.open(path, facts, None)
                memory[path] = file.read()
            else:
                facts.verify(path, every_byte=every_byte)
                file = GuardedFile.open(path, facts, known.get(path.parent, {}).get(path.name))
                file.whole = every_byte
                if not file.whole:
                    file.compare_early()
            if path.name == CHECKSUMS:
                known[path.parent] = read_checksums(path.parent, mapped=memory.pop)
                continue  # never read again
            files.append(file)
        return cls(files, memory, Room.now(), Room.now(bounded=False))

    def map(self, path: Path) -> pa.Buffer:
        """Return all of a file, read or mapped; the same memory each time, and as long as this lives.

        :raises OSError: if it cannot be read.
        :raises IndexDamaged: if it is not as it was written, as far as it is compared here.
        """
        file = self._files.get(path)
        if file is None:
            return map_file(path)
        if path not in self._memory:
            memory = file.map()
            place = Place(memory.address, weakref.ref(memory))
            file.hold(place)
            if file.whole and self._room.take(file.size):
                file.own(place, self._stop)
            elif self._early.take(file.size_of(early=True)):
                file.own_early(place)  # the rest takes long: see watch
            self._places.append((memory.address, file))
            self._places.sort(key=lambda place: place[0])
            self._memory[path] = memory
        return self._memory[path]

    def need(self, address: int, size: int) -> None:
        """Compare bytes that are about to be read from memory, if they belong to a file.

        :raises IndexDamaged: if they are not as they were written.
        """
        at = bisect_right(self._places, address, key=lambda place: place[0]) - 1
        if at < 0:
            return
        base, file = self._places[at]
        if address < base + file.size:
            try:
                file.compare(address - base, address - base + size)
            except IndexDamaged as fault:
                self._found.append(fault)
                raise _closing(fault) from fault

    def need_array(self, values: np.ndarray) -> None:
        """Compare the bytes of a contiguous array, as :meth:`need` does."""
        self.need(values.ctypes.data, values.nbytes)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read what is mapped, between two looks at the files.

        :raises IndexDamaged: if a file was truncated or found damaged, from then on always.
        """
        self.look()
        try:
            yield
        except (QAError, KeyError):  # KeyError: an article that is not there
            self.look()
            raise
        except Exception as fault:
            self.look()
            self._explain(fault)
            raise
        self.look()

    @contextmanager
    def taking_over(self) -> Iterator[None]:
        """Read what goes into the next generation; copies of our own may go on without their files.

        :raises IndexDamaged: if something that was read could not be given any more.
        """
        try:
            yield
        except Exception:
            self.look_at_losses()
            raise
        self.look_at_losses()

    def look_at_losses(self) -> None:
        """Look whether all that was read could be given, whatever became of the files since.

        :raises IndexDamaged: if not; from then on always.
        """
        for file in self._files.values():
            try:
                file.look_at_losses()
            except IndexDamaged as fault:
                self._found.append(fault)
                raise _closing(fault) from fault

    def _explain(self, fault: Exception) -> None:
        """Compare what was not compared yet: a number that a disk has altered may lead anywhere.

        :raises IndexDamaged: if damage was the cause, from then on always.
        """
        for file in self._files.values():
            try:
                file.compare_rest(threading.Event())
            except IndexDamaged as damage:
                self._found.append(damage)
                raise _closing(damage) from fault

    def look(self) -> None:
        """Look, before anything is read, whether a file was truncated or found damaged.

        :raises IndexDamaged: if so; from then on always.
        """
        if not self._found:
            try:
                for file in self._files.values():
                    file.look()
            except IndexDamaged as fault:
                self._found.append(fault)
        if self._found:
            raise _closing(self._found[0])

    def watch(self, first: Sequence[Path]) -> None:
        """Begin, in a thread, to compare and to own the files of which not every byte was compared yet.

        ``first``: files that are read at every question; they come before all others.
        """
        jobs: list[tuple[GuardedFile, Place | None]] = []
        places = {file.path: address for address, file in self._places}
        left = [file for file in self._files.values() if not file.whole]
        # All or nothing: an index of which one file stays mapped is closed when that is truncated.
        fit = self._room.take(sum(file.size_of(early=False) for file in left))
        for file in sorted(left, key=lambda file: file.path not in first):
            if fit and file.path in places:
                jobs.append((file, Place(places[file.path], weakref.ref(self._memory[file.path]))))
            elif file.path in first or not file.has_checksums:
                jobs.append((file, None))
        if jobs:
            self._done.clear()
            arguments = (jobs, self._stop, self._done, self._found)
            threading.Thread(target=_take_care, args=arguments, name="index guard", daemon=True).start()

    def wait(self, seconds: float = FIRST_QUESTION_WAITS) -> bool:
        """Wait until the thread is done, at most so long after opening; whether it is.

        :raises IndexDamaged: if it found damage.
        """
        done = self._done.wait(max(0.0, self._opened + seconds - time.monotonic()))
        self.look()
        return done

    def __del__(self) -> None:
        self._stop.set()


NO_GUARD = Guard()  # for what was compared byte by byte just before


def _take_care(
    jobs: Sequence[tuple[GuardedFile, Place | None]],
    stop: threading.Event,
    done: threading.Event,
    found: list[IndexDamaged],
) -> None:
    """Compare files, and own those whose places in memory are given."""
    # It must not know the guard: the guard ends it when the last reader moves on.
    try:
        for file, place in jobs:
            if stop.is_set():
                return
            if place is None:
                file.compare_rest(stop)
            else:
                file.own_late(place, stop)
    except IndexDamaged as fault:
        found.append(fault)
        logging.getLogger(__name__).error("%s", fault)  # there may be no next question that could report it
    finally:
        done.set()


def _closing(fault: IndexDamaged) -> IndexDamaged:
    """Return the fault anew, for each who asks."""
    cure = f"{fault.cure} Until then it is closed; {COMMAND} check reads every byte of it."
    return IndexDamaged(fault.what, where=fault.where, cure=cure)
