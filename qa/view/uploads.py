"""Uploaded files -> files in a folder for a while, under names that cannot leave it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

ACCEPTED = ("txt", "html", "htm", "json", "jsonl", "csv", "tsv", "parquet", "xml", "rss", "gz")
_DROPPED = re.compile(r"[^\w.\- ]")  # letters of any script stay: people look for the name they know
_PREFIX = "news-qa-upload-"
_FOLDER = re.compile(rf"\S*{_PREFIX}\w+[/\\]\d+[/\\]")
_LONGEST = 60  # characters; file systems allow 255 bytes, and a character may take four


class Upload(Protocol):
    """What the page's file widget hands over."""

    name: str

    def getbuffer(self) -> memoryview: ...


@contextmanager
def saved(files: Sequence[Upload]) -> Iterator[list[Path]]:
    """The files on disk while the block runs, each in a folder of its own so that equal names do not meet."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        paths = [Path(folder, str(number), safe_name(file.name)) for number, file in enumerate(files)]
        for path, file in zip(paths, files, strict=True):
            path.parent.mkdir()
            path.write_bytes(file.getbuffer())
        yield paths


def without_folder(message: str) -> str:
    """A message about an uploaded file without the folder that nobody has ever seen."""
    return _FOLDER.sub("", message)


def safe_name(name: str) -> str:
    """The last part of the name without anything that a path or a shell could read otherwise.

    The end of a long name stays, since it says the format.
    """
    last_part = re.split(r"[/\\]", name)[-1]
    kept = _DROPPED.sub("_", last_part)[-_LONGEST:].strip(" .")
    return kept if kept else "upload"
