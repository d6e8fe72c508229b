"""Open files -> a gate for those who read their maps; whoever wants to write a file waits at it.

A file that is truncated while its map is read ends the process (SIGBUS). A look at its size beforehand
leaves a moment in which that can happen. Linux has leases against it (fcntl(2), F_SETLEASE): a program
that opens a leased file for writing, or truncates it by name, waits until the lease is released, at most
``lease-break-time`` (45 s). The kernel informs the holder by a signal. One thread of ours alone receives
it, so no handler of the program and no other thread is disturbed.

Leases work for one's own files (or for root) on local disks. Elsewhere the gate stands open.
"""

from __future__ import annotations

import os
import signal
import struct
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows, which truncates no file that is mapped
    fcntl = None

PATIENCE = 1.0  # seconds in which a file that somebody writes may become free again
LOOK_EVERY = 0.02  # seconds; no signal comes when somebody has ended writing
_SIGNAL: int = getattr(signal, "SIGURG", 0)  # nothing happens where it comes unexpected
_F_SETOWN_EX, _F_OWNER_TID = 15, 0  # Python has no names for them


class BeingWritten(Exception):
    """Another program has a file open for writing."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor)
        self.descriptor = descriptor


class ReadersGate:
    """Lets readers of files pass, and those who write them when no reader is inside. For all threads.

    No reader may pass again while it is inside: it would wait for itself as soon as somebody wants to write.
    """

    def __init__(self, regained: Callable[[int], None]) -> None:
        """``regained``: called with the descriptor of each file that somebody may have written, before
        anybody reads it again; what it raises keeps everybody out. It must keep the files open."""
        self._regained = regained
        self._changed = threading.Condition()
        self._readers = 0
        self._held: set[int] = set()  # descriptors with a lease
        self._wanted: set[int] = set()  # of these: somebody waits for it
        self._lost: set[int] = set()  # without one, since somebody wanted it

    def lease(self, descriptors: Sequence[int]) -> None:
        """Take leases on files that are open for reading, wherever the system gives them."""
        thread = _listening(self)
        if thread is not None:
            with self._changed:
                self._held |= {descriptor for descriptor in descriptors if _take(descriptor, thread)}

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Read the maps of the files; it waits while somebody else is to write.

        :raises BeingWritten: if a file had a lease, and another program has it open for writing.
        """
        with self._changed:
            self._enter()
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._let_go()

    def look(self) -> None:
        """Look who wants to write; called when the signal came."""
        with self._changed:
            self._wanted |= {d for d in self._held if _is_wanted(d)}
            self._let_go()

    def _enter(self) -> None:
        until = time.monotonic() + PATIENCE
        while self._wanted or self._lost:
            if self._wanted:
                self._changed.wait()  # until those inside are out, or a stream of readers kept writers out
            elif self._regain(min(self._lost)):
                continue
            elif time.monotonic() > until:
                raise BeingWritten(min(self._lost))
            else:
                self._changed.wait(LOOK_EVERY)
        self._readers += 1

    def _regain(self, descriptor: int) -> bool:
        """Whether the file has a lease again; it has not as long as another program writes, or waits to."""
        thread = _listening(self)
        if thread is None or not _take(descriptor, thread):
            return False
        try:
            self._regained(descriptor)
        except BaseException:
            _give_back(descriptor)
            raise
        self._lost.discard(descriptor)
        self._held.add(descriptor)
        return True

    def _let_go(self) -> None:
        if self._wanted and not self._readers:
            for descriptor in self._wanted:
                _give_back(descriptor)
            self._held -= self._wanted
            self._lost |= self._wanted
            self._wanted.clear()
            self._changed.notify_all()


def _take(descriptor: int, thread: int) -> bool:
    """Take a lease, or keep it; return False where the system grants none."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, _SIGNAL)
        fcntl.fcntl(descriptor, _F_SETOWN_EX, struct.pack("ii", _F_OWNER_TID, thread))
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError:  # somebody writes it, it is somebody else's, or the file system has no leases
        return False
    return True


def _give_back(descriptor: int) -> None:
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def _is_wanted(descriptor: int) -> bool:
    """Whether somebody waits for a lease, or has waited for too long and got past it."""
    return bool(fcntl.fcntl(descriptor, fcntl.F_GETLEASE) == fcntl.F_UNLCK)


class _Listener:
    """The thread of this process to which the signals go."""

    def __init__(self) -> None:
        self._gates: weakref.WeakSet[ReadersGate] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def hears(self, gate: ReadersGate) -> int:
        """Have the gate look whenever a signal comes; the number that the system gives the thread."""
        with self._lock:
            self._gates.add(gate)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="file leases", daemon=True)
                self._thread.start()
        self._ready.wait()
        return int(self._thread.native_id or 0)

    def _listen(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {_SIGNAL})
        self._ready.set()
        while True:
            signal.sigwait({_SIGNAL})
            self._tell()  # whose names end with it, or the last files would stay open until the next signal

    def _tell(self) -> None:
        with self._lock:
            gates = list(self._gates)
        for gate in gates:
            gate.look()


_listener = _Listener()


def _anew() -> None:
    global _listener
    _listener = _Listener()  # a child that was forked has none of its parent's threads


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_anew)


def _listening(gate: ReadersGate) -> int | None:
    """The thread that hears who wants to write; None where the system has no leases."""
    return _listener.hears(gate) if hasattr(fcntl, "F_SETLEASE") else None
