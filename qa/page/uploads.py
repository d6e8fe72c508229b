"""Uploaded files -> bounded files in a folder, under names that cannot leave it."""

from __future__ import annotations

import contextlib
import gzip
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from qa.errors import InputError
from qa.ingest.parquet_sizes import unpacked_sizes

ACCEPTED = (
    "txt", "html", "htm", "json", "jsonl", "csv", "tsv", "parquet", "xml", "rss", "gz", "nitf", "sgm", "sgml",
    "eml", "mhtml", "mht", "mbox", "warc", "zip", "tar", "tgz", "docx", "odt", "rtf", "pdf",
)  # fmt: skip
_DROPPED = re.compile(r"[^\w.\- ]")  # letters of any script stay: people look for the name they know
PREFIX = "news-qa-upload-"  # of the folder for the uploads of one person
MOST_FILES = 2000
MOST_BYTES = 500 * 2**20  # all files together; they are held in memory until they are staged
MOST_UNPACKED_BYTES = 1000 * 2**20  # all packed files together; articles are held in memory
_GZIP = b"\x1f\x8b\x08"
_PARQUET = b"PAR1"
_FOLDER = re.compile(rf"(?<!\S)\S*{PREFIX}\w+[/\\]\d+[/\\]")
_LONGEST = 60  # characters; file systems allow 255 bytes, and a character may take four


class Upload(Protocol):
    """What the page's file widget hands over."""

    name: str

    def getbuffer(self) -> memoryview: ...


def stage(files: Sequence[Upload], folder: Path) -> list[Path]:
    """Write the files to disk, each in a folder of its own so that equal names do not meet."""
    if len(files) > MOST_FILES:
        raise InputError(
            f"{len(files):,} files are more than the {MOST_FILES:,} that can be uploaded at once",
            cure="Put them into one JSONL or CSV file, or build on the command line.",
        )
    size = sum(len(file.getbuffer()) for file in files)
    if size > MOST_BYTES:
        raise InputError(
            f"the files have {size / 2**20:,.0f} MB together, more than {MOST_BYTES / 2**20:,.0f} MB",
            cure="Add them in turn, or build on the command line.",
        )
    paths = []
    room = MOST_UNPACKED_BYTES
    for number, file in enumerate(files):
        path = folder / str(number) / safe_name(file.name)
        path.parent.mkdir(parents=True)
        path.write_bytes(file.getbuffer())
        room -= _unpacked(path, room)
        paths.append(path)
    return paths


def _unpacked(path: Path, room: int) -> int:
    """Return how many bytes a gzip or Parquet file holds; 0 for others, and for what reading will refuse.

    :raises InputError: if it is more than there is room for; found out without keeping any of it.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    total = 0
    if head.startswith(_GZIP):
        with contextlib.suppress(OSError, EOFError, zlib.error), gzip.open(path) as stream:
            while total <= room and (chunk := stream.read(2**20)):
                total += len(chunk)
    elif head == _PARQUET:
        total = _parquet_size(path)
    if total > room:
        raise InputError(
            f"the uploaded files unpack to more than {MOST_UNPACKED_BYTES / 2**20:,.0f} MB",
            where=path,
            cure="Add them in turn, or build on the command line.",
        )
    return total


def _parquet_size(path: Path) -> int:
    """Return what the file says of its own size."""
    import pyarrow as pa
    from pyarrow import parquet

    with contextlib.suppress(pa.ArrowException, OSError):
        return sum(unpacked_sizes(parquet.read_metadata(path)))
    return 0


def without_folder(message: str) -> str:
    """Return a message on an uploaded file without its folder, which nobody has seen."""
    return _FOLDER.sub("", message)


def safe_name(name: str) -> str:
    """Return the last part of the name without what a path or a shell could read otherwise."""
    last_part = re.split(r"[/\\]", name)[-1]
    kept = _DROPPED.sub("_", last_part)[-_LONGEST:].strip(" .")
    return kept if kept else "upload"
