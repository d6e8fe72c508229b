"""CSV, TSV and Parquet -> raw records, one at a time."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from qa.ingest.decoding import decoded_lines
from qa.ingest.fields import field_named, is_question_name, wanted_columns
from qa.ingest.guess import looks_like_header
from qa.ingest.limits import FREE_UNPACKED_BYTES, MOST_BATCH_BYTES, MOST_RECORD_BYTES, MOST_UNPACKED_RATIO
from qa.ingest.parquet_sizes import unpacked_sizes
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream, Unreadable, reason_of
from qa.reports import Skipped

_MOST_ROWS = 64  # of a Parquet file at once
_ROWS_LOOKED_AT = 30  # below a first row without known names, to tell whether it is a header
_MARKS = ",\t;|"
_MOST_LINES_AHEAD = 200  # of the row that may begin there
_MOST_REREAD = 50_000  # lines that were swallowed by open quotes and given back
_MOST_RESUMES_TRIED = 200  # lines below a broken one at which its successor is looked for


def read_csv(
    stream: Stream, name: str, mapping: Mapping[str, str], mark: str = ""
) -> Iterator[Raw | Skipped]:
    """Yield rows under the names of the first row; without known names there, columns are col1, col2, ..."""
    csv.field_size_limit(MOST_RECORD_BYTES)
    lines = _Lines(stream)
    first_line = next(lines, "")
    lines.give_back(lines.taken)
    rows = _rows(lines, mark if mark else _find_mark(first_line))
    first = next(rows, None)
    if first is None or isinstance(first[1], str):
        yield Skipped(f"{name}:1", "The table has no header that can be read.")
        return
    names = [cell.strip() for cell in first[1]]
    begun = list(islice(rows, _ROWS_LOOKED_AT)) if not _is_header(names, mapping) else []
    headed = not begun or looks_like_header(names, [row for _, row in begun if isinstance(row, list)])
    if headed and any(map(is_question_name, names)) and not _names_text(names, mapping):
        yield Skipped(f"{name}:1", "The file holds questions, not articles.")
        return
    if not headed:
        names = [f"col{number}" for number in range(1, len(names) + 1)]
        yield Raw(f"{name}:{first[0]}", dict(zip(names, first[1], strict=True)), kind="row")
    for number, row in chain(begun, rows):
        where = f"{name}:{number}"
        if isinstance(row, str):
            yield Skipped(where, row)
        else:
            yield Raw(where, dict(zip(names, row, strict=True)), kind="row")


def read_parquet(stream: Stream, name: str, mapping: Mapping[str, str]) -> Iterator[Raw | Skipped]:
    """Yield rows, read a few at a time and only in the columns that are used.

    :raises Unreadable: it unpacks to far more than its size, as it says itself or as its rows turn out.
    """
    import pyarrow as pa
    from pyarrow import parquet

    with stream.as_file() as file:
        try:
            table = parquet.ParquetFile(file)
            names = table.schema_arrow.names
            columns = wanted_columns(names, mapping)
            packed, groups = file.seek(0, io.SEEK_END), unpacked_sizes(table.metadata, set(columns))
            _refuse_bomb(packed, sum(groups))
            # Each row of a column may repeat the longest value of its group.
            rows = min(_MOST_ROWS, MOST_BATCH_BYTES // max([1, *groups]))
            number = unpacked = 0
            for batch in table.iter_batches(batch_size=max(1, rows), columns=columns):
                unpacked += batch.nbytes
                _refuse_bomb(packed, unpacked)
                for row in batch.to_pylist():
                    number += 1
                    yield Raw(f"{name}:{number}", row, kind="row")
        except (pa.ArrowException, OSError, ValueError) as fault:
            yield Skipped(name, f"The Parquet file is damaged: {reason_of(fault)}")


def _refuse_bomb(packed: int, unpacked: int) -> None:
    if unpacked > FREE_UNPACKED_BYTES and unpacked > MOST_UNPACKED_RATIO * packed:
        raise Unreadable(
            f"the Parquet file unpacks to more than {MOST_UNPACKED_RATIO} times its size, as a bomb does; "
            "if it is none, save it as JSONL"
        )


def _find_mark(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    return max(_MARKS, key=bare.count)


def _is_header(cells: Sequence[str], mapping: Mapping[str, str]) -> bool:
    mapped = any(column in cells for column in mapping.values())
    return mapped or any(field_named(cell) or is_question_name(cell) for cell in cells if len(cell) <= 40)


def _names_text(names: Sequence[str], mapping: Mapping[str, str]) -> bool:
    return "text" in mapping or any(field_named(name) == "text" for name in names)


def _rows(lines: _Lines, mark: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield rows with the line they begin at; a broken row becomes a Skipped, and the next ones follow."""
    strict = csv.reader(lines, delimiter=mark, strict=True)
    width = reread = 0
    while True:
        if reread > _MOST_REREAD:  # its quotes mean nothing; every line stands for itself
            yield from _lines_alone(lines, mark, width)
            return
        lines.taken = []
        try:
            row: list[str] | None = next(strict)
            fault = "it has a quote that is never closed or stands inside a quoted field"
        except StopIteration:
            return
        except csv.Error:
            row, fault = None, "it has a quote that is never closed or stands inside a quoted field"
        except _TooLarge:
            row, fault = None, f"it is larger than {MOST_RECORD_BYTES // 2**20} MB"
        if row == []:
            continue
        taken = lines.taken
        width = width if width or row is None else len(row)
        if row is not None and len(row) == width:
            yield taken[0][0], row
            continue
        if row is not None:
            fault = f"it has {len(row)} columns where the header has {width}"
        number = taken[0][0]
        if (mended := _read_leniently(taken, mark, width)) is not None:
            row, used = mended
            reread += len(taken) - used
            lines.give_back(taken[used:])
            yield number, row
            continue
        resumed = _resume_at(taken, mark, width)
        reread += len(taken)
        lines.give_back(taken[resumed:])
        yield number, f"Broken row: {fault}."


def _lines_alone(lines: _Lines, mark: str, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the rows of a table in which quotes open and never close: each line is one, or is broken."""
    while True:
        lines.taken = []
        try:
            next(lines)
        except StopIteration:
            return
        except _TooLarge:
            yield lines.taken[0][0], f"Broken row: it is larger than {MOST_RECORD_BYTES // 2**20} MB."
            continue
        (number, line), *_ = lines.taken
        if line.strip():
            row = next(csv.reader([line], delimiter=mark, quoting=csv.QUOTE_NONE), [])
            yield number, row if len(row) == width else f"Broken row: it has {len(row)} columns of {width}."


def _read_leniently(taken: list[tuple[int, str]], mark: str, width: int) -> tuple[list[str], int] | None:
    """Read the first line alone, its quotes taken as they stand; also return how many lines were used."""
    styles: list[Any] = [csv.QUOTE_NONE, csv.QUOTE_MINIMAL] if mark == "\t" else [csv.QUOTE_MINIMAL]
    for quoting in styles:
        line = taken[0][1]
        if quoting == csv.QUOTE_MINIMAL and line.count('"') % 2:
            continue  # the quote is open, so the field goes on where nobody knows
        try:
            row = next(csv.reader([line], delimiter=mark, quoting=quoting), [])
        except csv.Error:
            continue
        if len(row) == width > 1:
            return row, 1
    return None


def _resume_at(taken: list[tuple[int, str]], mark: str, width: int) -> int:
    """Return the line at which a whole row begins after a broken one; the end of all lines without one.

    An open quote swallows rows, which must come back. But the lines of one long broken row must not each be
    reported as broken.
    """
    texts = [text for _, text in taken]
    for at in range(1, min(len(texts), _MOST_RESUMES_TRIED)):
        if mark not in texts[at]:
            continue
        try:
            ahead = texts[at : at + _MOST_LINES_AHEAD]
            if len(next(csv.reader(ahead, delimiter=mark, strict=True), [])) == width:
                return at
        except csv.Error:
            continue
    return len(taken)


class _TooLarge(Exception):
    pass


class _Lines:
    """Numbered lines for csv.reader, which remembers those of the present row and takes some back."""

    def __init__(self, stream: Stream) -> None:
        self._fresh = decoded_lines(stream)
        self._again: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, line = self._again.popleft() if self._again else next(self._fresh)
        self._size = len(line or "") + (self._size if self.taken else 0)
        self.taken.append((number, line if line is not None else ""))
        if line is None or self._size > MOST_RECORD_BYTES:
            raise _TooLarge
        return line

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        self._again.extendleft(reversed(lines))
        self.taken = []
