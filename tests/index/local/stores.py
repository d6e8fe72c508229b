"""Writes articles as segments of a generation, without a build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.index.local.generation import segment_folder
from qa.index.local.incoming import change_of
from qa.index.local.segments import Fresh, write_segment
from qa.index.local.store import Store
from qa.index.local.tables import write_rows
from qa.records import Article

Spans = Sequence[Sequence[tuple[int, int]]]


def fresh_of(
    articles: Sequence[Article], spans: Spans | None = None, vectors: np.ndarray | None = None
) -> Fresh:
    """Articles ready to be written, each one passage if no spans are given; vectors count up from 0."""
    cut = spans if spans is not None else [[(0, len(article.text))] for article in articles]
    if vectors is None:
        vectors = np.arange(2 * sum(map(len, cut)), dtype=np.float32).reshape(-1, 2)
    return Fresh(change_of(None, articles, add=False).incoming, cut, vectors)


def store_of(
    folder: Path,
    articles: Sequence[Article],
    *,
    spans: Spans | None = None,
    duplicate_of: Sequence[int] | None = None,
    vectors: np.ndarray | None = None,
    segments: int = 1,
    deleted: Sequence[int] = (),
    arrived: Sequence[str] | None = None,
) -> Store:
    """Write a store of a generation of these articles, spread evenly over segments; ``deleted`` are rows."""
    fresh = fresh_of(articles, spans, vectors)
    borders = np.linspace(0, len(articles), segments + 1).astype(int).tolist()
    for position, (first, stop) in enumerate(zip(borders[:-1], borders[1:], strict=True)):
        write_segment(segment_folder(folder, position), [], fresh.part(first, stop))
    alive = ~np.isin(np.arange(len(articles)), deleted)
    own = np.arange(len(articles)) if duplicate_of is None else np.array(duplicate_of)
    moments = np.array(["NaT"] * len(articles) if arrived is None else arrived, dtype="datetime64[us]")
    write_rows(folder, alive=alive, duplicate_of=own, arrived=moments)
    return Store.open(folder)
