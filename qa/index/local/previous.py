"""The generation before -> what a build can take over from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.errors import IndexDamaged, IndexMismatch, IndexMissing
from qa.index.local.generation import Manifest, read_manifest, segment_folders
from qa.index.local.guard import Guard
from qa.index.local.segments import Segment
from qa.index.local.store import Store
from qa.index.local.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Previous:
    """The articles, passages and vectors that an index holds before a build."""

    manifest: Manifest
    store: Store
    segments: Sequence[Segment]
    guard: Guard

    @classmethod
    def open(cls, index: Path) -> Previous:
        """Open it and read every byte: what is taken over must not carry damage on.

        :raises ArchiveError: if there is no whole index.
        """
        manifest = read_manifest(index)
        guard = Guard.open(index, manifest, every_byte=True)
        folder = index / manifest.generation
        segments = [Segment.open(segment, guard) for segment in segment_folders(folder)]
        return cls(manifest, Store.open(folder, guard), segments, guard)

    @classmethod
    def open_if_whole(cls, index: Path, *, must_be_whole: bool) -> Previous | None:
        """Return None if there is nothing to take over.

        :raises IndexDamaged: if it must be whole, because its articles are to stay, and is not.
        :raises IndexMismatch: likewise, if a newer program wrote it.
        """
        try:
            return cls.open(index)
        except IndexMissing:
            return None
        except (IndexDamaged, IndexMismatch):
            if must_be_whole:
                raise
            return None  # building anew is the cure

    def spans(self, row: int) -> list[tuple[int, int]]:
        """Return the half-open characters of an article's passages."""
        return [self.store.span(number) for number in self.store.passages_of(row)]

    def embeddings(self, rows: Sequence[int]) -> np.ndarray:
        """Return the vectors ``(n, dim)`` of these articles' passages, one article after the other."""
        vectors = Vectors([segment.vectors for segment in self.segments])
        return vectors.take(np.array([n for row in rows for n in self.store.passages_of(row)]))

    def contents(self) -> dict[str, bytes]:
        """Return article id -> digest of its content."""
        ids, digests = self.store.column("id"), self.store.column("digest")
        return {ids[row]: digests[row] for row in self.store.rows()}
