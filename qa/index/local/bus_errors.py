"""A page of a map that its file can no longer give -> zeros and a note, where the process would have ended.

Reading a mapped file beyond its end, or where the disk fails, raises SIGBUS. What is mapped is held here: the
signal's handler lays zeros over the rest of the range, notes the loss, and reading goes on to its end, where
whoever reads looks at the note. Faults elsewhere go to the handler that was there before.

The handler is Python, called in the middle of FAISS, Arrow or numpy, which only a fault that one instruction
raises itself allows: that thread holds no lock of the allocator while it reads a map, and it waits for
Python's lock like any callback. It takes no lock of its own.
"""

from __future__ import annotations

import ctypes
import mmap
import signal
import sys
import threading
import weakref
from dataclasses import dataclass
from typing import Any

_ADDRESS = 16  # where siginfo_t of 64-bit Linux has the address that could not be read
_SA_SIGINFO, _SA_RESTART = 4, 0x10000000


class _Action(ctypes.Structure):
    """sigaction of glibc and musl."""

    _fields_ = (
        ("handler", ctypes.c_void_p),
        ("mask", ctypes.c_ulong * 16),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    )


@dataclass(frozen=True, slots=True)
class _Range:
    """Whole pages of a map."""

    start: int
    stop: int
    keeper: weakref.ref[Any]  # of what unmaps it when it goes
    losses: list[int]  # addresses that could not be read are added here


_ranges: tuple[_Range, ...] = ()  # replaced as a whole: the handler reads it without a lock
_changing = threading.Lock()
_before = _Action()


def hold(start: int, size: int, keeper: weakref.ref[Any], losses: list[int]) -> bool:
    """Hold a range of a map of a file from now on until its keeper goes.

    :param start: its address, at the beginning of a page.
    :param size: in bytes; the last page may be a part of one.
    :param losses: hears the address of each fault.

    Returns whether this system can do that.
    """
    global _ranges
    libc = _libc()
    if libc is None or size <= 0 or start % mmap.PAGESIZE:
        return False
    stop = start + -(-size // mmap.PAGESIZE) * mmap.PAGESIZE
    with _changing:
        alive = [one for one in _ranges if one.keeper() is not None]
        _ranges = (*alive, _Range(start, stop, keeper, losses))
        return _install(libc)


def _install(libc: Any) -> bool:
    """Put our handler before the one that is there, unless it is ours."""
    there = _Action()
    if libc.sigaction(signal.SIGBUS, None, ctypes.byref(there)):
        return False
    if there.handler == _ADDRESS_OF_HANDLER:
        return True
    ctypes.pointer(_before)[0] = there
    ours = _Action(handler=_ADDRESS_OF_HANDLER, flags=_SA_SIGINFO | _SA_RESTART)
    return not libc.sigaction(signal.SIGBUS, ctypes.byref(ours), None)


def _caught(number: int, info: int, context: int) -> None:
    """Lay zeros over what cannot be read; the instruction is then tried again."""
    libc = _libc()
    address = ctypes.c_size_t.from_address(info + _ADDRESS).value
    page = address - address % mmap.PAGESIZE
    for one in _ranges:
        if one.start <= address < one.stop:
            keeper = one.keeper()
            if keeper is None:
                continue  # its map is gone: whatever is there now is another's
            one.losses.append(address)
            flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_FIXED
            if libc.mmap(page, one.stop - page, mmap.PROT_READ, flags, -1, 0) == page:
                return
    libc.sigaction(signal.SIGBUS, ctypes.byref(_before), None)


_MAP_FIXED = 0x10
_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(_caught)  # lives for ever
_ADDRESS_OF_HANDLER = ctypes.cast(_HANDLER, ctypes.c_void_p).value


def _load() -> Any:
    if sys.platform != "linux" or ctypes.sizeof(ctypes.c_void_p) != 8:
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    address, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    libc.mmap.argtypes = (address, size, number, number, number, ctypes.c_long)
    libc.mmap.restype = address
    libc.sigaction.argtypes = (number, address, address)
    return libc


_LIBC = _load()  # when imported: the handler is no place to load a library


def _libc() -> Any:
    return _LIBC
