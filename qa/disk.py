"""Writing on a disk that may be full, read-only or failing: kept for sure, or its cure in one line."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from qa.errors import QAError

# NumPy's and FAISS's words for a full disk.
_CUT_SHORT = re.compile(r"\d{1,20} requested and \d{1,20} written")
_NUMBERED = re.compile(r"\(os error (\d+)\)")  # those of libraries written in Rust
_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
_NEXT_TO_NOTHING = 1 << 20  # bytes free
# Flags to open a file of ours: a named pipe in its place must not wait for somebody who writes into it.
READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before anything relies on it.

    :raises OSError: if it cannot be.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, text: str) -> None:
    """Put a text in the place of a file, whole or not at all; what is no UTF-8 is escaped.

    :raises OSError: if it cannot be written; the file is then as it was.
    """
    with _in_place_of(path) as scratch:
        scratch.write_text(text, encoding="utf-8", errors="backslashreplace")


def write_synced(path: Path, text: str) -> None:
    """Put a text in the place of a file, whole or not at all, and on the disk before anything relies on it.

    :raises OSError: if it cannot be written.
    """
    with _in_place_of(path) as scratch:
        scratch.write_text(text, encoding="utf-8")
        sync(scratch)
    sync(path.parent)


@contextlib.contextmanager
def _in_place_of(path: Path) -> Iterator[Path]:
    """Give a file to write, which then takes the place of the other in one step."""
    scratch = path.with_name(f"{path.name}.new")
    try:
        yield scratch
        scratch.replace(path)
    finally:
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)


def cause_of(fault: OSError) -> tuple[int | None, str]:
    """Return the number and the words of what went wrong, also where a library gives neither."""
    code, why = fault.errno, fault.strerror or str(fault)
    if code is None and _CUT_SHORT.search(why):
        code, why = errno.ENOSPC, os.strerror(errno.ENOSPC)
    return code, why


def cure_of(code: int | None, *, elsewhere: str, again: str) -> str:
    """Return what to do; ``elsewhere``: how to choose another place, ``again``: the next step then."""
    if code in _FULL:
        return f"Free some space and {again}."
    return elsewhere if code in _CLOSED else f"Check the disk and {again}."


@contextlib.contextmanager
def translating(
    what: str,
    where: object,
    *,
    error: type[QAError],
    elsewhere: str,
    again: str = "try again",
    after: str = "",
) -> Iterator[None]:
    """Turn a full disk or a read-only folder into one clear line: ``where: what (why) after. cure``.

    :raises QAError: of the kind ``error``, in place of the OSError.
    """
    try:
        yield
    except OSError as fault:
        code, why = cause_of(fault)
        cure = cure_of(code, elsewhere=elsewhere, again=again)
        raise error(f"{what} ({why}){after}", where=where, cure=cure) from fault


@contextlib.contextmanager
def naming_disk_faults(folder: Path) -> Iterator[None]:
    """Turn what libraries raise when they cannot write into a folder into an OSError; the rest passes.

    Some say the number in words; of others a full disk is the only sign.

    :raises OSError: in place of theirs.
    """
    try:
        yield
    except (OSError, QAError):
        raise
    except Exception as fault:
        said = _NUMBERED.search(str(fault))
        code = int(said[1]) if said else None
        if code is None and shutil.disk_usage(folder).free < _NEXT_TO_NOTHING:
            code = errno.ENOSPC
        if code is None:
            raise
        raise OSError(code, os.strerror(code), str(folder)) from fault
