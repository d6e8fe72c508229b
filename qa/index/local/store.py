"""The articles and passages of a generation, memory-mapped; also answers which of them a filter allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from qa.index.browse import dated
from qa.index.engine import is_storable
from qa.index.local.columns import integers, numpy_of, place_of
from qa.index.local.generation import segment_folders
from qa.index.local.guard import NO_GUARD, Guard
from qa.index.local.tables import ARTICLE, ARTICLES, PASSAGE, PASSAGES, read_rows, read_table
from qa.passages import content
from qa.records import Article, Filter, Passage

pc: Any = pyarrow.compute  # its functions are made when it is imported, where no checker sees them
_FIELDS = [field.name for field in fields(Article) if field.name not in ("published", "text")]


class Store:
    """The articles and passages of a generation. Rows and passage numbers count from 0 through all segments.

    Rows of deleted articles keep their place and are passed over.
    """

    def __init__(
        self,
        segments: Sequence[tuple[pa.Table, pa.Table]],
        *,
        alive: np.ndarray | None = None,
        duplicate_of: np.ndarray | None = None,
        arrived: np.ndarray | None = None,
        guard: Guard = NO_GUARD,
    ) -> None:
        """``segments``: articles and passages; the others by row, if not all, each itself and unknown."""
        self._guard = guard
        articles, passages = zip(*segments, strict=True)
        self._articles = pa.concat_tables(articles)
        self._texts = self._articles["text"].chunks
        self._first_text = np.cumsum([0, *map(len, self._texts)])
        rows = np.cumsum([0, *map(len, articles)])
        numbers = np.cumsum([0, *map(len, passages)])
        self._first_passage = _shifted(articles, "first_passage", numbers)
        self._article_of = _shifted(passages, "article", rows)
        places = pa.concat_tables(passages)
        self._published = numpy_of(self._articles["published"])
        self._start, self._end = numpy_of(places["start"]), numpy_of(places["end"])
        self.alive = np.ones(len(self._articles), dtype=bool) if alive is None else alive
        self._duplicate_of = np.arange(len(self.alive)) if duplicate_of is None else duplicate_of
        self._arrived = np.full(len(self.alive), "NaT", "datetime64[us]") if arrived is None else arrived
        self._near_duplicates: dict[int, list[int]] = {}
        for row in np.flatnonzero(self.alive & (self._duplicate_of != np.arange(len(self.alive)))).tolist():
            first = int(self._duplicate_of[row])
            self._near_duplicates.setdefault(first, [first]).append(row)

    @classmethod
    def open(cls, folder: Path, guard: Guard = NO_GUARD, *, without_rows: bool = False) -> Store:
        """Open the segments of a generation.

        :param guard: looks at texts before they are read; none where every byte was compared.
        :param without_rows: for a generation that is being written: as if nothing was deleted or copied.

        :raises IndexDamaged: if a file cannot be read.
        """
        segments = [
            (
                read_table(segment / ARTICLES, ARTICLE, mapped=guard.map),
                read_table(segment / PASSAGES, PASSAGE, mapped=guard.map),
            )
            for segment in segment_folders(folder)
        ]
        if without_rows:
            return cls(segments, guard=guard)
        rows = read_rows(folder, mapped=guard.map)
        alive, duplicate_of, arrived = (numpy_of(rows[name]) for name in ("alive", "copy_of", "arrived"))
        return cls(segments, alive=alive, duplicate_of=duplicate_of, arrived=arrived, guard=guard)

    def __len__(self) -> int:
        """The number of articles."""
        return int(np.count_nonzero(self.alive))

    @property
    def passages(self) -> int:
        """The number of passages."""
        return len(self._article_of) if self.alive.all() else int(np.count_nonzero(self.alive_passages))

    @property
    def alive_passages(self) -> np.ndarray:
        """Boolean, by passage number: not deleted."""
        alive: np.ndarray = self.alive[self._article_of]
        return alive

    def rows(self) -> list[int]:
        """Return the rows of all articles."""
        return np.flatnonzero(self.alive).tolist()

    def numbers(self) -> list[int]:
        """Return the numbers of all passages."""
        return np.flatnonzero(self.alive_passages).tolist()

    def row(self, article_id: str) -> int | None:
        """Return the row of an article, None if it is not here."""
        found = _among_exactly(self._articles["id"], [article_id]) & self.alive
        return int(np.flatnonzero(found)[0]) if found.any() else None

    def rows_of(self, article_ids: Sequence[str]) -> np.ndarray:
        """Return the articles with one of these ids, boolean by row."""
        among: np.ndarray = _among_exactly(self._articles["id"], article_ids) & self.alive
        return among

    def ids(self, rows: np.ndarray) -> list[str]:
        """Return the ids of the articles of these rows."""
        found: list[str] = self._articles["id"].take(integers(rows)).to_pylist()
        return found

    def column(self, name: str) -> list[Any]:
        """Return the values of a column by row, deleted ones too."""
        values: list[Any] = self._articles[name].to_pylist()
        return values

    def sketches(self) -> np.ndarray:
        """Return sketches ``(rows, keys)`` uint32, by row, deleted ones too: see :mod:`qa.ingest.copies`."""
        width = ARTICLE.field("sketch").type.byte_width
        pieces = self._articles["sketch"].chunks
        raw = [np.frombuffer(p.buffers()[1], np.uint8)[p.offset * width :][: len(p) * width] for p in pieces]
        for piece in raw:
            self._guard.need_array(piece)
        return np.concatenate(raw).view(np.uint32).reshape(len(self.alive), -1)

    def text(self, row: int) -> str:
        """Return the text of an article.

        :raises IndexDamaged: if it is not as it was written.
        """
        at = int(np.searchsorted(self._first_text, row, side="right")) - 1
        texts, within = self._texts[at], row - int(self._first_text[at])
        self._guard.need(*place_of(texts, within))
        return str(texts[within].as_py())

    def article(self, row: int) -> Article:
        """Return the article of a row.

        :raises IndexDamaged: if its text is not as it was written.
        """
        values = {name: self._articles[name][row].as_py() for name in _FIELDS}
        values["text"] = self.text(row)
        moment = self._published[row].item()
        values["published"] = None if moment is None else moment.replace(tzinfo=UTC)
        values |= {name: tuple(values[name]) for name in ("authors", "tags")}
        return Article(**values)

    def changed(self, incoming: Sequence[Article]) -> dict[str, Article]:
        """Return, by id, the articles here that have one of these articles' ids and another content."""
        rows = self.places_of([article.id for article in incoming]).tolist()
        contents = self.column("content")
        return {
            article.id: self.article(row)
            for article, row in zip(incoming, rows, strict=True)
            if row >= 0 and contents[row] != bytes.fromhex(content(article))
        }

    def articles(self) -> Iterator[Article]:
        """Yield all articles, in the order of their rows."""
        return (self.article(row) for row in self.rows())

    def passage(self, number: int) -> Passage:
        article = self.article(int(self._article_of[number]))
        return Passage(article, int(self._start[number]), int(self._end[number]))

    def article_rows(self, numbers: np.ndarray) -> np.ndarray:
        """Return the article row of each passage number."""
        rows: np.ndarray = self._article_of[numbers]
        return rows

    def ordered(self, numbers: np.ndarray) -> np.ndarray:
        """Return passage numbers by article id and place, the same order however the index grew."""
        ids = self.ids(self._article_of[numbers])
        order = sorted(range(len(numbers)), key=lambda at: (ids[at], self._start[numbers[at]]))
        return numbers[order]

    def passages_of(self, row: int) -> range:
        """Return the passage numbers of an article."""
        last = self._first_passage[row + 1] if row + 1 < len(self.alive) else len(self._article_of)
        return range(int(self._first_passage[row]), int(last))

    def passage_counts(self) -> np.ndarray:
        """Return how many passages each article has, by row, deleted ones too."""
        return np.diff(self._first_passage, append=len(self._article_of))

    def span(self, number: int) -> tuple[int, int]:
        """Return the half-open characters of a passage in its article."""
        return int(self._start[number]), int(self._end[number])

    def duplicate_groups(self) -> np.ndarray:
        """Return the :meth:`duplicate_group` of every row."""
        return self._duplicate_of

    def duplicate_group(self, row: int) -> int:
        """Return the row that stands for the article and all its near-duplicates."""
        return int(self._duplicate_of[row])

    def near_duplicates(self, row: int) -> list[int]:
        """Return the rows of the other articles that are near-duplicates of this one."""
        return [other for other in self._near_duplicates.get(self.duplicate_group(row), []) if other != row]

    def passing(self, condition: Filter) -> np.ndarray:
        """Return the articles that pass, boolean by row."""
        keep: np.ndarray = self.alive & dated(self._published, condition)
        if condition.sources:
            keep &= _among(self._articles["source"], condition.sources)
        if condition.tags:
            rows = pc.list_parent_indices(self._articles["tags"].combine_chunks())
            matching = _among(pc.list_flatten(self._articles["tags"]), condition.tags)
            tagged = np.zeros(len(keep), dtype=bool)
            tagged[rows.to_numpy(zero_copy_only=False)[matching]] = True
            keep &= tagged
        return keep

    def allowed(self, condition: Filter) -> np.ndarray | None:
        """Return the passages that pass, boolean by number; None where the filter restricts nothing."""
        return self.passing(condition)[self._article_of] if condition.restricts else None

    def published(self) -> np.ndarray:
        """Return when each row was published, deleted ones too: datetime64[us] in UTC; NaT without a date."""
        return self._published

    def arrived(self) -> np.ndarray:
        """Return when each row's id first came in, deleted ones too: datetime64[us] in UTC, or NaT."""
        return self._arrived

    def places_of(self, article_ids: Sequence[str]) -> np.ndarray:
        """Return the row of each of these articles ``(n,)``, -1 if it is not here."""
        rows = np.flatnonzero(self.alive)
        ids = self._articles["id"].take(pa.array(rows, pa.int64())).combine_chunks()
        found = pc.index_in(pa.array(article_ids, pa.string()), value_set=ids)
        place = found.fill_null(-1).to_numpy()
        return np.where(place < 0, -1, rows[place]) if len(rows) else np.full(len(article_ids), -1)

    def named(self, column: str) -> tuple[np.ndarray, list[str]]:
        """Return rows and names, pair by pair, of ``source`` or ``tags``; empty names left out."""
        values = self._articles[column].combine_chunks()
        rows = np.arange(len(self.alive))
        if column == "tags":
            rows = pc.list_parent_indices(values).to_numpy(zero_copy_only=False)
            values = pc.list_flatten(values)
        named = pc.not_equal(values, "").to_numpy(zero_copy_only=False) & self.alive[rows]
        return rows[named], values.filter(pa.array(named)).to_pylist()


def _shifted(tables: Sequence[pa.Table], column: str, firsts: np.ndarray) -> np.ndarray:
    """Return a column that counts within each segment, counted through all of them."""
    parts = [numpy_of(table[column]) + first for table, first in zip(tables, firsts, strict=False)]
    return np.concatenate(parts).astype(np.int32)


def _among(column: pa.ChunkedArray, names: Sequence[str]) -> np.ndarray:
    """Return where the column holds one of the names, without regard to case."""
    wanted = {name.casefold() for name in names}
    # Few distinct names, many articles: compare each distinct name once.
    distinct = [name for name in pc.unique(column).to_pylist() if name is not None]
    return _among_exactly(column, [name for name in distinct if name.casefold() in wanted])


def _among_exactly(column: pa.ChunkedArray | pa.Array, names: Sequence[str]) -> np.ndarray:
    stored = [name for name in names if is_storable(name)]  # no article has a name that is not
    mask = pc.is_in(column, value_set=pa.array(stored, type=pa.string()))
    found: np.ndarray = mask.to_numpy(zero_copy_only=False) if isinstance(mask, pa.Array) else mask.to_numpy()
    return found
