"""Articles and passages <-> Arrow files, memory-mapped; also answers which of them a filter allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qa.errors import IndexDamaged
from qa.records import Article, Filter, Passage

ARTICLES = "articles.arrow"
PASSAGES = "passages.arrow"

_ARTICLE_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("digest", pa.string()),  # of all that is embedded; unchanged means not embedded again
        ("copy_of", pa.int32()),  # row of the first of its near-copies; its own row if it has none
        ("first_passage", pa.int32()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        ("published", pa.timestamp("us", tz="UTC")),
        ("zone_assumed", pa.bool_()),
        ("approximate_to", pa.string()),
        ("source", pa.string()),
        ("url", pa.string()),
        ("authors", pa.list_(pa.string())),
        ("tags", pa.list_(pa.string())),
    ]
)
_PASSAGE_SCHEMA = pa.schema([("article", pa.int32()), ("start", pa.int32()), ("end", pa.int32())])
_FIELDS = [
    "id",
    "title",
    "text",
    "published",
    "zone_assumed",
    "approximate_to",
    "source",
    "url",
    "authors",
    "tags",
]  # of Article


class Store:
    """The articles and passages of a generation. Rows and passage numbers count from 0."""

    def __init__(self, articles: pa.Table, passages: pa.Table) -> None:
        self._articles = articles
        self._ids = {id_: row for row, id_ in enumerate(articles["id"].to_pylist())}
        self._copy_of = articles["copy_of"].to_numpy()
        self._first_passage = articles["first_passage"].to_numpy()
        self._article_of = passages["article"].to_numpy()
        self._start = passages["start"].to_numpy()
        self._end = passages["end"].to_numpy()
        self._copies: dict[int, list[int]] = {}
        for row in np.flatnonzero(self._copy_of != np.arange(len(self._copy_of))):
            first = int(self._copy_of[row])
            self._copies.setdefault(first, [first]).append(int(row))

    @classmethod
    def open(cls, folder: Path) -> Store:
        """:raises IndexDamaged: if a file cannot be read."""
        tables = []
        for name in (ARTICLES, PASSAGES):
            try:
                tables.append(pa.ipc.open_file(pa.memory_map(str(folder / name))).read_all())
            except (pa.ArrowException, OSError) as fault:
                raise IndexDamaged(
                    "the file cannot be read", where=folder / name, cure="Build the index again."
                ) from fault
        return cls(*tables)

    def __len__(self) -> int:
        """The number of articles."""
        return len(self._articles)

    @property
    def passages(self) -> int:
        """The number of passages."""
        return len(self._article_of)

    def ids(self) -> Iterable[str]:
        """The articles' ids in the order of their rows."""
        return self._ids.keys()

    def row(self, article_id: str) -> int | None:
        """The row of an article, None if it is not here."""
        return self._ids.get(article_id)

    def digests(self) -> list[str]:
        """The hash of each article's embedded content, in the order of the rows."""
        return self._articles["digest"].to_pylist()

    def article(self, row: int) -> Article:
        values = {name: self._articles[name][row].as_py() for name in _FIELDS}
        values["authors"] = tuple(values["authors"])
        values["tags"] = tuple(values["tags"])
        return Article(**values)

    def passage(self, number: int) -> Passage:
        article = self.article(int(self._article_of[number]))
        return Passage(article, int(self._start[number]), int(self._end[number]))

    def article_rows(self, numbers: np.ndarray) -> np.ndarray:
        """The article row of each passage number."""
        return self._article_of[numbers]

    def passages_of(self, row: int) -> range:
        """The passage numbers of an article."""
        last = self._first_passage[row + 1] if row + 1 < len(self) else self.passages
        return range(int(self._first_passage[row]), int(last))

    def span(self, number: int) -> tuple[int, int]:
        """Half-open characters of a passage in its article."""
        return int(self._start[number]), int(self._end[number])

    def copy_group(self, row: int) -> int:
        """The row that stands for the article and all its near-copies."""
        return int(self._copy_of[row])

    def copies(self, row: int) -> list[int]:
        """Rows of the other articles that are near-copies of this one."""
        return [other for other in self._copies.get(self.copy_group(row), []) if other != row]

    def allowed(self, condition: Filter) -> np.ndarray | None:
        """Boolean ``(passages,)``: those that pass; None where the filter restricts nothing."""
        return self.passing(condition)[self._article_of] if condition.restricts else None

    def passing(self, condition: Filter) -> np.ndarray:
        """Boolean ``(articles,)``: those that pass."""
        keep = np.ones(len(self), dtype=bool)
        published = self._articles["published"]
        if condition.since is not None:
            keep &= _truth(pc.greater_equal(published, _moment(condition.since)))
        if condition.until is not None:
            keep &= _truth(pc.less(published, _moment(condition.until)))
        if condition.sources:
            keep &= _among(self._articles["source"], condition.sources)
        if condition.tags:
            rows = pc.list_parent_indices(self._articles["tags"].combine_chunks())
            matching = _among(pc.list_flatten(self._articles["tags"]), condition.tags)
            tagged = np.zeros(len(self), dtype=bool)
            tagged[rows.to_numpy(zero_copy_only=False)[matching]] = True
            keep &= tagged
        return keep

    def published(self) -> np.ndarray:
        """When each article was published ``(articles,)`` datetime64[us] in UTC; NaT without a date."""
        return self._articles["published"].to_numpy()

    def named(self, column: str) -> tuple[np.ndarray, list[str]]:
        """Rows and names, pair by pair, of ``source`` or ``tags``; empty names left out."""
        values = self._articles[column].combine_chunks()
        rows = np.arange(len(self))
        if column == "tags":
            rows = pc.list_parent_indices(values).to_numpy(zero_copy_only=False)
            values = pc.list_flatten(values)
        named = pc.not_equal(values, "").to_numpy(zero_copy_only=False)
        return rows[named], values.filter(pa.array(named)).to_pylist()

    def span_of_dates(self) -> tuple[datetime | None, datetime | None, int]:
        """First and last moment of publication, and the number of articles without one."""
        published = self._articles["published"]
        bounds = pc.min_max(published).as_py()
        return bounds["min"], bounds["max"], published.null_count

    def counts(self, column: str) -> list[tuple[str, int]]:
        """Article counts by ``source`` or ``tags``, most first, then by name; empty names left out."""
        values = self._articles[column].to_pylist()
        names = (name for value in values for name in ([value] if isinstance(value, str) else value))
        counted = Counter(name for name in names if name)
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def write_store(
    folder: Path,
    articles: Sequence[Article],
    *,
    digests: Sequence[str],
    copy_of: Sequence[int],
    spans: Sequence[Sequence[tuple[int, int]]],
) -> None:
    """Write articles, each with the half-open character spans of its passages.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    counts = np.array([len(s) for s in spans], dtype=np.int64)
    columns = {name: [getattr(article, name) for article in articles] for name in _FIELDS}
    columns |= {"digest": list(digests), "copy_of": list(copy_of)}
    columns["first_passage"] = (np.cumsum(counts) - counts).astype(np.int32)
    passages = {
        "article": np.repeat(np.arange(len(articles), dtype=np.int32), counts),
        "start": np.array([start for s in spans for start, _ in s], dtype=np.int32),
        "end": np.array([end for s in spans for _, end in s], dtype=np.int32),
    }
    _write(pa.Table.from_pydict(columns, schema=_ARTICLE_SCHEMA), folder / ARTICLES)
    _write(pa.Table.from_pydict(passages, schema=_PASSAGE_SCHEMA), folder / PASSAGES)


def _write(table: pa.Table, path: Path) -> None:
    with path.open("wb") as stream, pa.ipc.new_file(stream, table.schema) as writer:
        writer.write_table(table)


def _moment(moment: datetime) -> pa.Scalar:
    return pa.scalar(moment.astimezone(UTC), type=pa.timestamp("us", tz="UTC"))


def _truth(mask: pa.ChunkedArray) -> np.ndarray:
    """Arrow booleans as NumPy's; unknown (an article without a date) is False."""
    return pc.fill_null(mask, False).to_numpy()


def _among(column: pa.ChunkedArray | pa.Array, names: Sequence[str]) -> np.ndarray:
    """Where the column holds one of the names, without regard to case."""
    wanted = {name.casefold() for name in names}
    # Few distinct names, many articles: compare each distinct name once.
    distinct = pc.unique(column)
    matching = [name for name in distinct.to_pylist() if name is not None and name.casefold() in wanted]
    mask = pc.is_in(column, value_set=pa.array(matching, type=pa.string()))
    return mask.to_numpy(zero_copy_only=False) if isinstance(mask, pa.Array) else mask.to_numpy()
