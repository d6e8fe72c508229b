"""A generation's folder -> a lease on it: as long as one is held, no build removes the folder.

A lease is a shared lock of the operating system on a file of the generation, so it ends with its
process, however that ends. It needs no right to write. Where there are no such locks (Windows, some
network shares) a lease holds nothing: Windows removes no file that is open, elsewhere mapped files
outlive their names.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from qa.disk import READING
from qa.errors import IndexDamaged
from qa.index.local.tables import ROWS

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


class Lease:
    """Held until it is closed or forgotten; a context manager."""

    # Kept by the class: when Python ends, a module is empty before the last object is gone.
    _close = staticmethod(os.close)

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, generation: Path) -> Lease:
        """Take a lease on a generation.

        :raises IndexDamaged: if the generation is not there, or is being removed.
        """
        path = generation / ROWS
        try:
            descriptor = os.open(path, READING)
        except OSError as fault:
            raise _gone(path, fault.strerror) from fault
        lease = cls(descriptor)
        if not _lock(descriptor, shared=True) or not _names(path, descriptor):
            lease.close()
            raise _gone(path, "it is being removed")
        return lease

    def close(self) -> None:
        """Release the generation."""
        if self._descriptor is not None:
            self._close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


@contextlib.contextmanager
def alone_with(generation: Path) -> Iterator[bool]:
    """Yield whether nobody holds a lease on the generation; while this lasts nobody can take one."""
    try:
        descriptor = os.open(generation / ROWS, READING)
    except OSError:
        yield True  # it was never complete, so nobody could take one
        return
    try:
        yield _lock(descriptor, shared=False)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, *, shared: bool) -> bool:
    """Lock an open file without waiting; False if somebody is in the way."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True


def _names(path: Path, descriptor: int) -> bool:
    """Return whether the path still names the open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _gone(path: Path, why: str | None) -> IndexDamaged:
    return IndexDamaged(f"cannot be read ({why})", where=path, cure="Build the index again.")
