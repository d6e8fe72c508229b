"""A file's map -> the same bytes at the same address in memory of our own, which no writer can take away.

A mapped file that is truncated ends the process that reads it (SIGBUS), and a disk that cannot give a page
does the same. So the file is read once, which gives errors instead, into memory beside its map; then the
kernel moves that memory over the map in one step (mremap(2) of Linux). Whoever holds the address notices
nothing: Arrow, FAISS and numpy read on, and give the memory back as they would have given back the map.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

SHARE = 1 / 4  # of the memory that is free when an index is opened; beyond it files stay mapped
MOST = 1 << 30  # bytes, likewise: 3.4 GB took 10 s of processor time, at each opening and each refresh
_HUGE = 2 << 20  # bytes of a huge page; memory that lies in them alike is moved without being split up
_MAYMOVE, _FIXED = 1, 2  # flags of mremap(2)
_FAILED = ctypes.c_void_p(-1).value
_LIMITS = Path("/sys/fs/cgroup")  # of a container


@dataclass(slots=True)
class Room:
    """How many bytes may still be taken."""

    left: int

    @classmethod
    def now(cls, *, bounded: bool = True) -> Room:
        """Return a share of the memory that is free, in the container if there is one; none where unknown.

        ``bounded``: no more than :data:`MOST` besides.
        """
        free = [_free_in_system(), _free_in_container()]
        share = int(SHARE * min((one for one in free if one is not None), default=0))
        return cls(min(MOST, share) if bounded else share)

    def take(self, size: int) -> bool:
        """Take so many bytes if there are as many; return whether there were."""
        if size > self.left:
            return False
        self.left -= size
        return True


class Copy:
    """Memory of our own, to be filled and then to be put in the place of a map. Dropped if that fails."""

    def __init__(self, start: int, length: int, size: int) -> None:
        """``length``: bytes in whole pages; ``size``: bytes of the file."""
        self._start, self._length = start, length
        kind = ctypes.c_char * size
        self.view: memoryview | None = memoryview(kind.from_address(start)).cast("B")

    @classmethod
    def beside(cls, address: int, size: int) -> Copy | None:
        """Return memory for the copy of a map; None where the system has none to give or cannot move it."""
        libc = _libc()
        if libc is None or size <= 0 or address % mmap.PAGESIZE:
            return None
        length = -(-size // mmap.PAGESIZE) * mmap.PAGESIZE
        spare = _HUGE if length >= _HUGE else 0
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        got = libc.mmap(None, length + spare, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1, 0)
        if got in (None, _FAILED):
            return None
        start = got + ((address - got) % _HUGE if spare else 0)
        if start > got:
            libc.munmap(got, start - got)
        if got + spare > start:
            libc.munmap(start + length, got + spare - start)
        if spare:
            libc.madvise(start, length, mmap.MADV_HUGEPAGE)
        return cls(start, length, size)

    def replace(self, address: int, offset: int = 0) -> bool:
        """Take the place of a file's map there; False, and nothing done, if there is none.

        ``offset``: which byte of the file is mapped at the address.
        """
        libc = _libc()
        assert libc is not None
        if not _is_map_of_a_file(address, self._length, offset):
            return False
        self.view = None
        libc.mprotect(self._start, self._length, mmap.PROT_READ)  # as the map was
        if libc.mremap(self._start, self._length, self._length, _MAYMOVE | _FIXED, address) != address:
            return False
        self._length = 0  # it is its map's owner's now
        return True

    def drop(self) -> None:
        """Give the memory back, unless it took a map's place."""
        libc, length = _libc(), self._length
        self.view, self._length = None, 0
        if libc is not None and length:
            libc.munmap(self._start, length)


@lru_cache(maxsize=1)
def _libc() -> Any:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    address, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    libc.mmap.argtypes = (address, size, number, number, number, ctypes.c_long)
    libc.munmap.argtypes = (address, size)
    libc.madvise.argtypes = libc.mprotect.argtypes = (address, size, number)
    libc.mremap.argtypes = (address, size, size, number, address)
    libc.mmap.restype = libc.mremap.restype = address
    return libc


def _is_map_of_a_file(address: int, length: int, wanted: int) -> bool:
    """Tell whether one map of a file lies there, with this byte of the file at the address."""
    with Path("/proc/self/maps").open("rb") as lines:
        for line in lines:
            place, _, offset, _, inode, *_ = line.split(None, 5)
            start, stop = (int(one, 16) for one in place.split(b"-"))
            if start <= address < stop:
                whole = address + length <= stop and inode != b"0"
                return whole and int(offset, 16) + address - start == wanted
    return False


def _free_in_system() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return None


def _free_in_container() -> int | None:
    try:
        most = (_LIMITS / "memory.max").read_text().strip()
        return None if most == "max" else int(most) - int((_LIMITS / "memory.current").read_text())
    except (OSError, ValueError):
        return None
