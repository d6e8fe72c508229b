"""The generation before -> what a build can take over from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.errors import IndexDamaged, IndexMismatch, IndexMissing
from qa.index.embedding import Embedder
from qa.index.generation import Manifest, read_manifest, verify_at_open
from qa.index.store import Store
from qa.index.vectors import Vectors
from qa.records import Article
from qa.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class Previous:
    """The articles and vectors that an index holds before a build."""

    store: Store
    vectors: Vectors
    same_make: bool  # by the same embedder, cut in the same way: passages can be taken over

    @classmethod
    def open(
        cls, index: Path, embedder: Embedder, settings: IndexSettings, *, must_be_whole: bool
    ) -> Previous | None:
        """None if there is nothing to take over.

        :raises IndexDamaged: if it must be whole, because its articles are to stay, and is not.
        :raises IndexMismatch: likewise, if a newer program wrote it.
        """
        try:
            manifest = read_manifest(index)
            verify_at_open(index, manifest)
            folder = index / manifest.generation
            return cls(Store.open(folder), Vectors.open(folder), _same_make(manifest, embedder, settings))
        except IndexMissing:
            return None
        except (IndexDamaged, IndexMismatch):
            if must_be_whole:
                raise
            return None  # building anew is the cure

    def articles(self) -> list[Article]:
        return [self.store.article(row) for row in range(len(self.store))]

    def same_rows(self, digests: Sequence[str]) -> list[int | None]:
        """For each digest the row of an article with that very content, whatever its id; None if none has.

        None for all where passages cannot be taken over.
        """
        if not self.same_make:
            return [None] * len(digests)
        rows = {digest: row for row, digest in enumerate(self.store.digests())}
        return [rows.get(digest) for digest in digests]

    def spans(self, row: int) -> list[tuple[int, int]]:
        """The half-open characters of an article's passages."""
        return [self.store.span(number) for number in self.store.passages_of(row)]

    def embeddings(self, rows: Sequence[int]) -> np.ndarray:
        """The vectors ``(n, dim)`` of these articles' passages, one article after the other."""
        return self.vectors.take(np.array([n for row in rows for n in self.store.passages_of(row)]))

    def contents(self) -> dict[str, str]:
        """Article id -> digest of its content."""
        return dict(zip(self.store.ids(), self.store.digests(), strict=True))


def _same_make(manifest: Manifest, embedder: Embedder, settings: IndexSettings) -> bool:
    return (
        manifest.embedder_sha256 == embedder.weights_sha256
        and manifest.passage_tokens == settings.passage_tokens
        and manifest.overlap_tokens == settings.overlap_tokens
    )
