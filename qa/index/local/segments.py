"""Articles, new ones and those of older segments -> a segment on disk; and such a segment, opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from qa.index.local.checksums import columns_in, write_checksums
from qa.index.local.guard import Guard
from qa.index.local.incoming import Incoming
from qa.index.local.postings import POSTINGS, Postings, count_words, joined
from qa.index.local.tables import (
    ARTICLE,
    ARTICLES,
    PASSAGE,
    PASSAGES,
    POSTING,
    read_table,
    rows_of,
    write_table,
)
from qa.index.local.vectors import VectorPart, late_in, write_vectors
from qa.ingest.copies import Sketcher
from qa.passages import embedded_text
from qa.records import Passage

_OWN = ["title", "text", "published", "zone_assumed", "approximate_to", "source", "url", "authors", "tags"]
_LATE = ("text", "sketch")  # columns whose values are compared with their checksums when they are read
_BATCH_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment, memory-mapped."""

    folder: Path
    articles: pa.Table
    passages: pa.Table
    vectors: VectorPart
    postings: Postings

    @classmethod
    def open(cls, folder: Path, guard: Guard) -> Segment:
        """Open a segment.

        :raises IndexDamaged: if a file cannot be read.
        """
        return cls(
            folder,
            read_table(folder / ARTICLES, ARTICLE, mapped=guard.map),
            read_table(folder / PASSAGES, PASSAGE, mapped=guard.map),
            VectorPart.open(folder, guard),
            Postings.open(folder, guard),
        )

    def __len__(self) -> int:
        """The number of articles, deleted ones too."""
        return len(self.articles)

    def passages_of(self, kept: np.ndarray) -> np.ndarray:
        """Return the passages, boolean, of the kept articles (boolean, by row)."""
        of_kept: np.ndarray = kept[self.passages["article"].to_numpy()]
        return of_kept


@dataclass(frozen=True, slots=True)
class Fresh:
    """Articles that are written for the first time, with all that is known of their passages."""

    incoming: Sequence[Incoming]
    spans: Sequence[Sequence[tuple[int, int]]]  # half-open characters
    vectors: np.ndarray  # (passages, dim)

    def part(self, first: int, stop: int) -> Fresh:
        """Return the articles from ``first`` to before ``stop``."""
        passages = np.cumsum([0, *map(len, self.spans)])
        vectors = self.vectors[passages[first] : passages[stop]]
        return Fresh(self.incoming[first:stop], self.spans[first:stop], vectors)


def write_segment(folder: Path, kept: Sequence[tuple[Segment, np.ndarray]], fresh: Fresh | None) -> None:
    """Write the kept articles (boolean, by row) of older segments and then the fresh ones as one segment.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    folder.mkdir()
    write_table(_articles(kept, fresh), ARTICLE, folder / ARTICLES)
    write_table(_passages(kept, fresh), PASSAGE, folder / PASSAGES)
    write_vectors(_vectors(kept, fresh), folder)
    _postings(kept, fresh).write(folder)


def complete_checksums(folder: Path) -> bool:
    """Write the checksums of a finished segment, or those of files that came later; False if all were there.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    late = {
        ARTICLES: columns_in(folder / ARTICLES, _LATE),
        POSTINGS: columns_in(folder / POSTINGS, POSTING.names),
        **late_in(folder),
    }
    return write_checksums(folder, late)


def _articles(kept: Sequence[tuple[Segment, np.ndarray]], fresh: Fresh | None) -> Iterator[pa.Table]:
    passages = 0
    column = ARTICLE.get_field_index("first_passage")
    for segment, rows in kept:
        counts = np.bincount(segment.passages["article"].to_numpy(), minlength=len(rows)) * rows
        firsts = pa.array((np.cumsum(counts) - counts + passages).astype(np.int32))
        renumbered = segment.articles.set_column(column, ARTICLE.field(column), firsts)
        yield from rows_of(renumbered, np.flatnonzero(rows))
        passages += int(counts.sum())
    if fresh is None:
        return
    sketch = Sketcher()
    for first in range(0, len(fresh.incoming), _BATCH_ROWS):
        incoming = fresh.incoming[first : first + _BATCH_ROWS]
        counts = np.array([len(spans) for spans in fresh.spans[first : first + _BATCH_ROWS]])
        articles = [one.article for one in incoming]
        columns: dict[str, Any] = {
            name: [getattr(article, name) for article in articles] for name in ("id", *_OWN)
        }
        for name in ("record", "content", "digest"):
            columns[name] = [getattr(one, name) for one in incoming]
        columns["sketch"] = [sketch(article.text).tobytes() for article in articles]
        columns["first_passage"] = (np.cumsum(counts) - counts + passages).astype(np.int32)
        yield pa.Table.from_pydict(columns, schema=ARTICLE)
        passages += int(counts.sum())


def _passages(kept: Sequence[tuple[Segment, np.ndarray]], fresh: Fresh | None) -> Iterator[pa.Table]:
    articles = 0
    for segment, rows in kept:
        number = (np.cumsum(rows) - 1 + articles).astype(np.int32)
        places = segment.passages.filter(pa.array(segment.passages_of(rows)))
        article = pa.array(number[places["article"].to_numpy()])
        yield places.set_column(0, PASSAGE.field(0), article)
        articles += int(np.count_nonzero(rows))
    if fresh is None:
        return
    counts = [len(spans) for spans in fresh.spans]
    places = np.array([span for spans in fresh.spans for span in spans], dtype=np.int32).reshape(-1, 2)
    article = np.repeat(np.arange(len(counts), dtype=np.int32), counts) + np.int32(articles)
    yield pa.table([article, places[:, 0], places[:, 1]], schema=PASSAGE)


def _vectors(kept: Sequence[tuple[Segment, np.ndarray]], fresh: Fresh | None) -> Iterator[np.ndarray]:
    for segment, rows in kept:
        numbers = np.flatnonzero(segment.passages_of(rows))
        for first in range(0, len(numbers), _BATCH_ROWS):
            yield segment.vectors.rows[numbers[first : first + _BATCH_ROWS]]
    if fresh is not None:
        yield fresh.vectors


def _postings(kept: Sequence[tuple[Segment, np.ndarray]], fresh: Fresh | None) -> Postings:
    if fresh is None:
        counted = []
    else:
        new = count_words(_texts(fresh))
        if not kept:
            return new  # nothing to join it with
        counted = [(new, np.ones(len(new.lengths), dtype=bool))]
    return joined([*((segment.postings, segment.passages_of(rows)) for segment, rows in kept), *counted])


def _texts(fresh: Fresh) -> list[str]:
    """Return what BM25 sees of each passage."""
    return [
        embedded_text(Passage(one.article, *span))
        for one, spans in zip(fresh.incoming, fresh.spans, strict=True)
        for span in spans
    ]
