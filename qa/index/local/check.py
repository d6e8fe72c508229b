"""Index folder -> proof that every byte is as it was written and that its parts fit together."""

from __future__ import annotations

from pathlib import Path

from qa.errors import IndexDamaged
from qa.index.engine import CheckedIndex
from qa.index.local.bm25 import Bm25
from qa.index.local.checksums import compare_all
from qa.index.local.generation import hold_current, segment_folders
from qa.index.local.guard import Guard
from qa.index.local.store import Store
from qa.index.local.vectors import Vectors


def check_folder(index: Path) -> CheckedIndex:
    """Read every file of the current generation; its counts if all is well.

    :raises ArchiveError: at the first thing that is wrong, with its cure.
    """
    manifest, lease = hold_current(index)
    with lease:
        guard = Guard.open(index, manifest, every_byte=True)
        folder = index / manifest.generation
        for segment in segment_folders(folder):
            compare_all(segment)
        store, vectors = Store.open(folder, guard), Vectors.open(folder, guard=guard)
        lexical = Bm25.open(folder, guard=guard)
    counts = {"the passages": len(store.alive_passages), "the vectors": len(vectors), "BM25": len(lexical)}
    if manifest.passages != store.passages:
        counts = {"the manifest": manifest.passages, "the passages": store.passages}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{part} {count}" for part, count in counts.items())
        raise IndexDamaged(
            f"its parts count different numbers of passages: {listed}",
            where=folder,
            cure="Build the index again.",
        )
    return CheckedIndex(manifest.generation, manifest.articles, manifest.passages)
