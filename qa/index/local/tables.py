"""Arrow tables <-> files, memory-mapped; and what the tables of an index hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa

from qa.errors import IndexDamaged

ARTICLES, PASSAGES, ROWS = "articles.arrow", "passages.arrow", "rows.arrow"
SKETCH_BYTES = 168  # 42 band keys of 4 bytes: see qa.ingest.copies

ARTICLE = pa.schema(
    [
        ("id", pa.string()),
        ("record", pa.binary(16)),  # hash of all that the article holds
        ("content", pa.binary(16)),  # hash of title, text and source: equal ones are exact repeats
        ("digest", pa.binary(16)),  # hash of all that is embedded; unchanged means not embedded again
        ("sketch", pa.binary(SKETCH_BYTES)),  # of its text, to find near-duplicates
        ("first_passage", pa.int32()),  # within the segment
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
PASSAGE = pa.schema(
    [("article", pa.int32()), ("start", pa.int32()), ("end", pa.int32())]  # rows within the segment
)
ROW = pa.schema(
    [
        ("alive", pa.bool_()),  # False: deleted or replaced since its segment was written
        ("copy_of", pa.int32()),  # row of the first of its near-duplicates; its own row if it has none
        ("arrived", pa.timestamp("us", tz="UTC")),  # when its id first came in; null: before format 3
    ]
)
_ROW_OF_FORMAT_2 = ROW.remove(ROW.get_field_index("arrived"))
WORD = pa.schema([("word", pa.large_binary()), ("postings", pa.int64())])  # words sorted by their bytes
POSTING = pa.schema([("passage", pa.int32()), ("count", pa.uint16())])  # word by word, passages ascending
LENGTH = pa.schema([("words", pa.int32())])  # of each passage

_BATCH_ROWS = 4096  # bounds the memory of what is copied from one file to another


def write_table(tables: Iterable[pa.Table], schema: pa.Schema, path: Path) -> None:
    """Write tables of the schema, one after the other.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    with path.open("wb") as stream, pa.ipc.new_file(stream, schema) as writer:
        for table in tables:
            writer.write_table(table)


def map_file(path: Path) -> pa.Buffer:
    """Return all of a file, mapped into memory.

    :raises OSError: if it cannot be read.
    """
    return pa.memory_map(str(path)).read_buffer()


def read_table(
    path: Path,
    schema: pa.Schema,
    *,
    older: pa.Schema | None = None,
    mapped: Callable[[Path], pa.Buffer] = map_file,
) -> pa.Table:
    """Map a file into memory that has the schema, or an older one that still serves.

    :raises IndexDamaged: if it cannot be read or holds something else.
    """
    try:
        table = pa.ipc.open_file(mapped(path)).read_all()
        table.validate()
    except (pa.ArrowException, OSError) as fault:
        raise IndexDamaged("the file cannot be read", where=path, cure="Build the index again.") from fault
    if table.schema not in (schema, older):
        raise IndexDamaged("the file holds something else", where=path, cure="Build the index again.")
    return table


def write_rows(folder: Path, *, alive: np.ndarray, duplicate_of: np.ndarray, arrived: np.ndarray) -> None:
    """Write what a generation knows of the rows of its segments; ``arrived``: datetime64[us] in UTC.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    columns = [
        pa.array(alive),
        pa.array(duplicate_of, pa.int32()),
        pa.array(arrived, ROW.field("arrived").type),
    ]
    write_table([pa.table(columns, schema=ROW)], ROW, folder / ROWS)


def read_rows(folder: Path, *, mapped: Callable[[Path], pa.Buffer] = map_file) -> pa.Table:
    """Return what a generation knows of the rows of its segments; arrivals are null where none were kept.

    :raises IndexDamaged: if it cannot be read or holds something else.
    """
    rows = read_table(folder / ROWS, ROW, older=_ROW_OF_FORMAT_2, mapped=mapped)
    if rows.schema == ROW:
        return rows
    arrived = ROW.field("arrived")
    return rows.append_column(arrived, pa.nulls(len(rows), arrived.type))


def rows_of(table: pa.Table, rows: Iterable[int]) -> Iterable[pa.Table]:
    """Yield the rows (ascending) of a table, in pieces that fit into memory."""
    taken = pa.array(rows, type=pa.int64())
    for first in range(0, len(taken), _BATCH_ROWS):
        yield table.take(taken[first : first + _BATCH_ROWS])
