"""A piece of work -> a process that dies at the n-th thing that it does with a file."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qa.index.engine import MANIFEST


def die_after_the_swap(at: int, log: Path, work: Callable[[], None]) -> None:
    """Do a piece of work, and die at the n-th thing that is done with files once the manifest is swapped.

    Of 0 it does not die, and writes down how many things there were.
    """
    counted: list[str] = []
    swapped = False

    def heard(event: str, details: tuple[object, ...]) -> None:
        nonlocal swapped
        if swapped and (event == "open" or event.startswith(("os.", "shutil.", "fcntl."))):
            counted.append(event)
            if len(counted) == at:
                os.kill(os.getpid(), signal.SIGKILL)
        if event == "os.rename" and str(details[1]).endswith(MANIFEST):
            swapped = True  # from the next event on; this event still comes before the swap

    sys.addaudithook(heard)
    work()
    done = len(counted)
    log.write_text(str(done))


def die_in_lite(at: int, log: Path, work: Callable[[], None]) -> None:
    """Do a piece of work on Milvus Lite, and die at the n-th thing that it does with a file.

    That is before each file that is made, named, moved or deleted, and where a library writes a table or an
    array, once the file is there and empty, and once it is whole. Of 0 as :func:`die_after_the_swap`.
    """
    import pyarrow
    import pyarrow.parquet

    done = 0
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def count() -> None:
        nonlocal done
        done += 1
        if done == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, details: tuple[object, ...]) -> None:
        made = event == "open" and isinstance(details[2], int) and details[2] & writing
        if made or event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir"):
            count()

    save, write_table, stream_of = np.save, pyarrow.parquet.write_table, pyarrow.OSFile

    def dying_save(stream, *rest, **options):
        count()
        save(stream, *rest, **options)
        count()

    def dying_write_table(table, where, *rest, **options):
        Path(where).touch()
        count()
        write_table(table, where, *rest, **options)
        count()

    def dying_stream(path, mode="r"):
        stream = stream_of(path, mode)
        if "w" in mode:
            count()
        return stream

    np.save, pyarrow.parquet.write_table, pyarrow.OSFile = dying_save, dying_write_table, dying_stream
    sys.addaudithook(heard)
    work()
    log.write_text(str(done))
