"""A folder for one person's uploads: kept while its page needs it, swept after a kill."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import tempfile
import time
from pathlib import Path

import filelock

from qa.disk import translating
from qa.errors import InputError
from qa.page.uploads import PREFIX

LOCK = "in-use.lock"
ABANDONED = 86_400.0  # seconds; a folder without a lock is of an older program, or just being made


class Staging:
    """Removed, with all that is in it, when this is closed or forgotten, or by a later page after a kill."""

    def __init__(self, folder: tempfile.TemporaryDirectory[str], lock: filelock.BaseFileLock) -> None:
        self._folder = folder
        self._lock = lock  # ends with its process, however that ends

    @classmethod
    def open(cls) -> Staging:
        """Make a folder for one person's uploads.

        :raises InputError: if there is no room for it.
        """
        with keeping_uploads():
            folder = tempfile.TemporaryDirectory(prefix=PREFIX)
            # Of no thread: a page is run by many in turn, and any may be the last to know it.
            lock = filelock.FileLock(Path(folder.name) / LOCK, thread_local=False)
            lock.acquire(timeout=0)
        return cls(folder, lock)

    @property
    def path(self) -> Path:
        return Path(self._folder.name)

    def close(self) -> None:
        """Remove the folder."""
        self._lock.release()
        self._folder.cleanup()

    def __del__(self) -> None:
        self.close()


def keeping_uploads() -> contextlib.AbstractContextManager[None]:
    """Say what to do where uploads cannot be written.

    :raises InputError: in place of the OSError.
    """
    return translating(
        "the uploads cannot be kept",
        tempfile.gettempdir(),
        error=InputError,
        elsewhere="Start the page with TMPDIR naming a folder that can be written.",
        again="try again, or start the page with TMPDIR naming another folder",
    )


@functools.cache
def sweep_once() -> None:
    """Sweep, the first time in a process."""
    sweep()


def sweep() -> list[Path]:
    """Remove the folders of this user's uploads whose pages were killed; what was removed."""
    swept = []
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another page sweeps it, or it is somebody else's
            if _is_ours(folder) and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)
                swept.append(folder)
    return swept


def _is_ours(folder: Path) -> bool:
    whose = folder.lstat()
    return folder.is_dir() and not folder.is_symlink() and whose.st_uid == getattr(os, "getuid", lambda: 0)()


def _is_left(folder: Path) -> bool:
    """Return whether no page needs it any more."""
    if not (folder / LOCK).is_file():
        return time.time() - folder.stat().st_mtime > ABANDONED
    lock = filelock.FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return False
    lock.release()
    return True
