"""One file of an opened generation -> its blocks compared with their checksums, each at most once."""

from __future__ import annotations

import hashlib
import mmap
import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from qa.disk import READING
from qa.errors import IndexDamaged
from qa.index.local import bus_errors
from qa.index.local.checksums import PIECE, FileChecksums, sums_of
from qa.index.local.fingerprints import FileFingerprint
from qa.index.local.owned import Copy

_ALTERED = "its content was altered"
_READ_AT_A_PLACE = threading.Lock()  # where the system cannot read at a place without moving there


@dataclass(frozen=True, slots=True)
class Place:
    """Where in memory a file is mapped."""

    address: int
    keeper: weakref.ref[Any]  # of what unmaps it when it goes


class GuardedFile:
    """One file of a generation, open for as long as this lives."""

    # Kept by the class: when Python ends, a module is empty before the last object is gone.
    _close = staticmethod(os.close)

    def __init__(
        self, path: Path, facts: FileFingerprint, descriptor: int, known: FileChecksums | None
    ) -> None:
        self.path = path
        self._facts = facts
        self._descriptor = descriptor
        self._known = known
        self._compared = None if known is None else np.zeros(len(known.sums), dtype=bool)
        self._comparing = threading.Lock()
        self._losses: list[int] = []  # addresses where it was mapped and could no longer be read
        self.whole = False  # every byte was compared

    @classmethod
    def open(cls, path: Path, facts: FileFingerprint, known: FileChecksums | None) -> GuardedFile:
        """Open a file of a generation.

        :raises IndexDamaged: if it cannot be opened.
        """
        try:
            descriptor = os.open(path, READING)
        except OSError as fault:
            raise _damaged(path, f"cannot be read ({fault.strerror})") from fault
        file = cls(path, facts, descriptor, known)
        if known is not None and len(known.sums) != -(-facts.bytes // known.block):
            raise _damaged(path, "it has more or fewer blocks than checksums")
        return file

    @property
    def size(self) -> int:
        return self._facts.bytes

    @property
    def has_checksums(self) -> bool:
        """Whether its blocks can be compared one by one; those of older programs cannot."""
        return self._known is not None

    def __del__(self) -> None:
        self._close(self._descriptor)

    def look(self) -> None:
        """Look whether the file has the size that it was written with, and whether all reading succeeded.

        :raises IndexDamaged: if not.
        """
        size = os.fstat(self._descriptor).st_size
        if size != self._facts.bytes:
            raise _damaged(self.path, f"has {size} bytes instead of {self._facts.bytes}")
        self.look_at_losses()

    def look_at_losses(self) -> None:
        """Look whether all reading of its map succeeded, whatever became of the file.

        :raises IndexDamaged: if not.
        """
        if self._losses:
            raise _damaged(self.path, "was cut, or its disk failed, while it was read")

    def compare_early(self) -> None:
        """Compare all blocks that must be whole before the file is used.

        :raises IndexDamaged: if one is not.
        """
        if self._known is not None:
            self._compare(np.flatnonzero(~self._known.late))
            self.whole = not self._known.late.any()

    def compare(self, start: int, stop: int) -> None:
        """Compare the blocks that hold these bytes, unless they were compared before.

        Of a file without checksums all is compared, which reads it once.

        :raises IndexDamaged: if something differs.
        """
        if self.whole or start >= stop:
            return
        if self._known is None or self._compared is None:
            self.compare_rest(threading.Event())
            return
        first, last = start // self._known.block, -(-stop // self._known.block)
        if not self._compared[first:last].all():
            self._compare(np.flatnonzero(~self._compared[first:last]) + first)

    def compare_rest(self, stop: threading.Event) -> None:
        """Compare all that was not compared yet; ends early when it is to stop.

        :raises IndexDamaged: if something differs.
        """
        with self._comparing:  # a question that needs all of it does not read it beside the thread
            if not self.whole:
                self.whole = self._compare_rest(stop)

    def read(self) -> pa.Buffer:
        """Return all of it, read once into memory of our own, where it was compared with its hash.

        :raises IndexDamaged: if something differs.
        """
        self.look()  # or a forged size would be asked of the memory
        memory, digest = pa.allocate_buffer(self.size), hashlib.sha256()
        for piece in self._pieces(0, self.size, memoryview(memory).cast("B")):
            digest.update(piece)
        if digest.hexdigest() != self._facts.sha256:
            raise _damaged(self.path, _ALTERED)
        self.whole = True
        return memory

    def map(self) -> pa.Buffer:
        """Return all of it, mapped: the very file that is compared, whatever its path names by now.

        :raises IndexDamaged: if it was truncated.
        """
        self.look()
        try:
            return pa.py_buffer(mmap.mmap(self._descriptor, self.size, access=mmap.ACCESS_READ))
        except (OSError, ValueError) as fault:  # ValueError: it became shorter, or is empty
            raise _damaged(self.path, f"cannot be read ({fault})") from fault

    def hold(self, place: Place) -> None:
        """Be told of its map's pages that can no longer be read, instead of dying by them."""
        early, late = self._ranges()
        for start, stop in (*early, *late):
            bus_errors.hold(place.address + start, stop - start, place.keeper, self._losses)

    def own(self, place: Place, stop: threading.Event) -> None:
        """Copy all of it, compared, over its map. It stays mapped where the system cannot do that.

        :raises IndexDamaged: if something differs.
        """
        self.whole = self._own(place, [(0, self.size)], stop)

    def own_early(self, place: Place) -> None:
        """Copy likewise what is compared before the file is used: where in it everything lies.

        :raises IndexDamaged: if something differs.
        """
        self._own(place, self._ranges()[0], threading.Event())

    def own_late(self, place: Place, stop: threading.Event) -> None:
        """Copy likewise all the rest.

        :raises IndexDamaged: if something differs.
        """
        self.whole = self._own(place, self._ranges()[1], stop)

    def size_of(self, *, early: bool) -> int:
        """Return how many bytes :meth:`own_early` copies, or :meth:`own_late`."""
        return sum(stop - start for start, stop in self._ranges()[0 if early else 1])

    def _ranges(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Return the pages that hold only what is compared early, and the others; half-open bytes."""
        everything = [(0, self.size)] if self.size else []
        if self._known is None:
            return [], everything
        block, page = self._known.block, mmap.PAGESIZE
        if page % block and block % page:
            return [], everything  # of another program: pages and blocks do not fit
        early: list[tuple[int, int]] = []
        rest: list[tuple[int, int]] = []
        at, runs = 0, np.flatnonzero(np.diff(self._known.late, prepend=True, append=True)).tolist()
        for first, last in zip(runs[::2], runs[1::2], strict=True):  # where blocks begin to be early, and end
            start = -(-first * block // page) * page
            stop = self.size if last == len(self._known.late) else last * block // page * page
            if start < stop:
                rest += [(at, start)] if at < start else []
                early.append((start, stop))
                at = stop
        return early, [*rest, (at, self.size)] if at < self.size else rest

    def _own(self, place: Place, ranges: Sequence[tuple[int, int]], stop: threading.Event) -> bool:
        """Copy these bytes, compared, over their maps; return whether it came to the end."""
        for start, end in ranges:
            copy = Copy.beside(place.address + start, end - start)
            try:
                with self._comparing:
                    if not self._compare_range(start, end, stop, None if copy is None else copy.view):
                        return False
                keeper = place.keeper()
                if copy is not None and keeper is not None:  # or its address may be another's by now
                    copy.replace(place.address + start, start)
            finally:
                if copy is not None:
                    copy.drop()
        return True

    def _compare_range(
        self, start: int, end: int, stop: threading.Event, into: memoryview | None = None
    ) -> bool:
        """Compare whole blocks, read into memory if it is given; return whether it came to the end."""
        digest, at = hashlib.sha256(), 0 if self._known is None else start // self._known.block
        for piece in self._pieces(start, end, into):
            if self._known is None:
                digest.update(piece)
            else:
                at = self._compare_piece(piece, at)
            piece.release()
            if stop.is_set():
                return False
        if self._known is None and digest.hexdigest() != self._facts.sha256:
            raise _damaged(self.path, _ALTERED)
        return True

    def _compare_rest(self, stop: threading.Event) -> bool:
        """Compare what is left; return whether it came to the end."""
        if self._known is None or self._compared is None:
            return self._compare_range(0, self.size, stop)
        left = np.flatnonzero(~self._compared)
        many = max(1, PIECE // self._known.block)
        for first in range(0, len(left), many):
            self._compare(left[first : first + many])
            if stop.is_set():
                return False
        return True

    def _compare(self, blocks: np.ndarray) -> None:
        assert self._known is not None and self._compared is not None
        for run in np.split(blocks, np.flatnonzero(np.diff(blocks) > 1) + 1) if len(blocks) else ():
            block = self._known.block
            at = int(run[0])
            for piece in self._pieces(at * block, min((int(run[-1]) + 1) * block, self._facts.bytes)):
                at = self._compare_piece(piece, at)

    def _compare_piece(self, piece: memoryview, at: int) -> int:
        """Compare the blocks from this one on; return the number of the next."""
        assert self._known is not None and self._compared is not None
        block = self._known.block
        for value in sums_of(piece, block):
            if value != self._known.sums[at]:
                stop = min((at + 1) * block, self._facts.bytes)
                raise _damaged(self.path, f"{_ALTERED} (in bytes {at * block} to {stop})")
            self._compared[at] = True
            at += 1
        return at

    def _pieces(self, start: int, stop: int, into: memoryview | None = None) -> Iterator[memoryview]:
        """Yield the file's bytes in pieces of whole blocks; read, not mapped, so that a fault is an error.

        ``into``: memory for all of them; else each has its own.
        """
        step = PIECE if self._known is None else max(1, PIECE // self._known.block) * self._known.block
        for at in range(start, stop, step):
            wanted = min(step, stop - at)
            piece = memoryview(bytearray(wanted)) if into is None else into[at - start : at - start + wanted]
            try:
                read = _read_at(self._descriptor, piece, at)
            except OSError as fault:
                raise _damaged(self.path, f"cannot be read ({fault.strerror})") from fault
            if read != wanted:
                self.look()  # says it with both sizes
                raise _damaged(self.path, f"ends before byte {at + wanted}")
            yield piece


def _read_at(descriptor: int, piece: memoryview, offset: int) -> int:
    """Fill the piece; how many bytes there were."""
    if hasattr(os, "preadv"):
        return os.preadv(descriptor, [piece], offset)
    with _READ_AT_A_PLACE:  # Windows
        os.lseek(descriptor, offset, os.SEEK_SET)
        read = os.read(descriptor, len(piece))
    piece[: len(read)] = read
    return len(read)


def _damaged(path: Path, what: str) -> IndexDamaged:
    return IndexDamaged(what, where=path, cure="Build the index again.")
