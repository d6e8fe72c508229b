"""A generation's folder -> its segments, in order.

A segment holds a stretch of articles with their passages, vectors and words, and is never changed.
A new generation takes over whole segments of the one before as hard links, which cost nothing::

    generation-<moment>-<random>/
        rows.arrow        for all articles of all segments: deleted or not, copy of which, since when
        segment-0000/     articles.arrow passages.arrow vectors.faiss words.arrow postings.arrow ...
        segment-0001/     ...
"""

from __future__ import annotations

from pathlib import Path

_PREFIX = "segment-"


def segment_folders(generation: Path) -> list[Path]:
    """The folders of a generation's segments; rows and passages are numbered through them in this order."""
    return sorted(generation.glob(f"{_PREFIX}*"))


def segment_folder(generation: Path, position: int) -> Path:
    """Where the segment of this position belongs."""
    return generation / f"{_PREFIX}{position:04d}"
