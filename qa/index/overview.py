"""The parts of a generation -> what is in it, for people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qa.index.generation import Manifest
from qa.index.store import Store
from qa.records import Overview, Skipped


def overview_of(index: Path, manifest: Manifest, store: Store) -> Overview:
    """From the parts of a generation that are open already."""
    first, last, undated = store.span_of_dates()
    return Overview(
        index=str(index),
        generation=manifest.generation,
        built=datetime.fromisoformat(manifest.built),
        articles=manifest.articles,
        passages=manifest.passages,
        bytes_on_disk=sum(facts.bytes for facts in manifest.files.values()),
        embedder=manifest.embedder,
        dimension=manifest.dimension,
        first=first,
        last=last,
        undated=undated,
        sources=tuple(store.counts("source")),
        tags=tuple(store.counts("tags")),
        skipped=tuple(Skipped(where, why) for where, why in manifest.skipped),
    )
