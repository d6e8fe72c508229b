"""A Milvus Lite file that a killed program left -> the same, in a state that the next program can open.

Milvus Lite names its data in a manifest once it is written, and clears away what no manifest names. Three
things it does otherwise (3.2):

- It writes the files of its search indexes (``.idx``, ``.sidx``) under their last names, and one that is
  cut short makes the collection unreadable for ever. They hold nothing that the data files do not hold, and
  Milvus Lite makes those that are missing when it loads a collection.
- It deletes a journal after the manifest that names its data, and reads a journal that is still there
  without a look at the manifest. All rows of it are then there twice.
- It drops a collection file by file, in any order. Once ``schema.json`` is gone it no longer knows of the
  rest, in which texts may be.

It does not wait for the disk, either, when it has written its data; so we do.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from qa.disk import sync
from qa.small_json import read_object

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_LOG = logging.getLogger(__name__)
_LOCK = "LOCK"
_SCHEMA = "schema.json"  # what makes a folder a collection of Milvus Lite
_JOURNAL = re.compile(r"wal_(?:data|delta)_(\d{1,18})\.arrow")
_MOST_BYTES = 64 << 20  # of a manifest, which names every data file
_PARQUET = b"PAR1"  # ends a file of Parquet
_ARROW = b"ARROW1"  # begins and ends a file of Arrow
_TAIL = 10  # bytes: the length of its footer, and the same letters again


def clear_leftovers(file: Path, is_state: Callable[[str], bool]) -> None:
    """Remove what a killed program left half written or half deleted, unless a program has the file open.

    ``is_state``: whether a collection of a name is ours; no other is touched. Logs what it found.

    :raises OSError: if the disk fails or nothing may be removed.
    """
    if not (file / _LOCK).is_file():
        return  # new, or not Milvus Lite's
    with _alone_with(file) as alone:
        for folder in sorted(file.glob("collections/*")) if alone else ():
            if (
                folder.is_symlink()
                or not folder.is_dir()
                or not is_state(folder.name.removesuffix("_articles"))
            ):
                continue
            if not (folder / _SCHEMA).exists():
                shutil.rmtree(folder)
                _LOG.warning("%s: a state of the index was half deleted; the rest is deleted now", file)
                continue
            for journal in _outdated_journals(folder):
                journal.unlink()  # that is all that Milvus Lite would have done next
            torn = [path for path in folder.rglob("*") if _is_torn(path)]
            for path in torn:
                path.unlink()
            if torn:
                _LOG.warning("%s: half written search indexes (%d) are made anew", file, len(torn))


def wait_for_disk(file: Path) -> None:
    """Have all of a Milvus Lite file on the disk, so that a power cut cannot take it back.

    :raises OSError: if the disk fails.
    """
    for folder, _, names in os.walk(file, topdown=False):
        for path in (*(Path(folder, name) for name in names), Path(folder)):
            with contextlib.suppress(FileNotFoundError):  # Milvus Lite clears away meanwhile
                sync(path)


@contextlib.contextmanager
def _alone_with(file: Path) -> Iterator[bool]:
    """Hold the lock of Milvus Lite meanwhile; False if another program holds it."""
    if fcntl is None:
        yield False
        return
    descriptor = os.open(file / _LOCK, os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _outdated_journals(folder: Path) -> list[Path]:
    """Return journals whose data the manifest names; none, if it or a data file that it names is damaged."""
    try:
        manifest: Any = read_object(folder / "manifest.json", most_bytes=_MOST_BYTES)
        first = int(manifest["active_wal_number"])  # the journal of what it does not name yet
        for partition, named in manifest["partitions"].items():
            for name in (*named["data_files"], *named["delta_files"]):
                if not _ends_with(folder / "partitions" / partition / name, _PARQUET):
                    return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    numbered = ((_JOURNAL.fullmatch(path.name), path) for path in folder.glob("wal/*"))
    return [path for match, path in numbered if match and int(match[1]) < first]


def _ends_with(path: Path, letters: bytes) -> bool:
    with path.open("rb") as stream:
        stream.seek(-len(letters), io.SEEK_END)
        return stream.read() == letters


def _is_torn(path: Path) -> bool:
    """Return whether it is the file of a search index, of the kinds that a file has, and ends too early."""
    if path.suffix == ".idx":
        return not _is_whole_array(path)
    return path.suffix == ".sidx" and not _is_whole_table(path)


def _is_whole_array(path: Path) -> bool:
    """Return whether a file of NumPy has as many bytes as it says."""
    with path.open("rb") as stream:
        try:
            version = np.lib.format.read_magic(stream)
            read_header = np.lib.format.read_array_header_1_0
            if version != (1, 0):
                read_header = np.lib.format.read_array_header_2_0
            shape, _, kind = read_header(stream)
        except ValueError:
            return False
        begins = stream.tell()
        return stream.seek(0, io.SEEK_END) == begins + int(np.prod(shape)) * kind.itemsize


def _is_whole_table(path: Path) -> bool:
    """Return whether a file of Arrow ends with its footer."""
    size = path.stat().st_size
    if size < 2 * _TAIL:
        return False
    with path.open("rb") as stream:
        stream.seek(-_TAIL, io.SEEK_END)
        tail = stream.read()
    footer = int.from_bytes(tail[:4], "little", signed=True)
    return tail[4:] == _ARROW and 0 < footer <= size - 2 * _TAIL
