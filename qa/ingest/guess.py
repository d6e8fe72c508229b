"""Records with unknown names -> which column is the body, the title, the date, the address, the source.

The column of long prose is the body, of short unique lines the title, of dates the date, of addresses
the url, of few repeated names the source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median

from qa.ingest.datecolumns import plain_date
from qa.ingest.fields import field_named, read_fields, recognised
from qa.ingest.names import known, squash
from qa.ingest.values import as_text
from qa.text.dates import parse_published

WORDS = {"text": "body", "published": "date"}  # fields as --map calls them
_LOOKED_AT = 40  # values of a column
_LONGEST = 5000  # characters of a value that are looked at
_WORD = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_]+")
_ADDRESS = re.compile(r"(?:https?:)?//\S+|www\.\S+", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp4|mp3)(?:$|\?)", re.IGNORECASE)
_DATED = re.compile(
    r"(?=.*\d)(?:.*(?<!\w)(?:1[6-9]|20|21)\d\d(?![^\WTU_]).*|\d{8}(?:[T ]?\d{4,6}Z?)?|\d{10}|\d{13}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}\b.*)",
    re.DOTALL,
)
_FEWEST_PROSE_WORDS = 12  # of the median value
_MOST_DEPTH = 3
_MOST_COLUMNS = 200  # that are looked at; what has more is data


@dataclass(frozen=True, slots=True)
class _Column:
    """What the values of a column look like."""

    name: str
    values: tuple[str, ...]  # those that hold anything
    words: float  # of the median value
    distinct: float  # share of different values
    share: float  # of records that hold anything here


def guess(records: Sequence[Mapping[str, object]], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return field -> column, for fields that names do not show in most records."""
    known_in = Counter(field for record in records for field in recognised(record, mapping))
    columns = {column.name: column for column in map(_looked_at, *_unknown(records, mapping))}
    guessed: dict[str, str] = {}

    def take(field: str, fitting: list[_Column]) -> None:
        if fitting:
            guessed[field] = fitting[0].name
            del columns[fitting[0].name]

    def lacks(field: str) -> bool:
        return field not in mapping and known_in[field] < len(records) / 2

    for field, fits in (("url", _is_address), ("published", _is_date)):
        found = [column for column in columns.values() if fits(column)]
        found.sort(key=lambda column: (-column.distinct if field == "url" else 0, -column.share))
        if lacks(field):
            take(field, found)
        for column in found:
            columns.pop(column.name, None)
    prose = sorted(filter(_is_prose, columns.values()), key=lambda column: -column.words)
    if lacks("text") or prose and "text" not in mapping and prose[0].words > 3 * _known_words(records):
        take("text", prose)
    lines = sorted(filter(_is_title, columns.values()), key=lambda column: abs(column.words - 9))
    if lacks("title"):
        take("title", lines)
    if lacks("source"):
        take("source", [column for column in columns.values() if _is_source(column)])
    return guessed


def likely_body(records: Sequence[Mapping[str, object]]) -> str:
    """Return the column to propose for the text: the fullest that holds no addresses, dates or ids; or ""."""
    columns = [column for column in map(_looked_at, *_unknown(records, {})) if column.words >= 3]
    columns = [column for column in columns if not _is_address(column) and not _is_date(column)]
    return max(columns, key=lambda column: column.words).name if columns else ""


def looks_like_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row of a table without known names is a header: short names above values."""
    cells = [cell.strip() for cell in first]
    if not rows or len(set(cells)) < len(cells) or not all(0 < len(cell) <= 40 for cell in cells):
        return False
    if any(_ADDRESS.fullmatch(cell) or _DATED.fullmatch(cell) or cell.isdecimal() for cell in cells):
        return False
    for at, cell in enumerate(cells):
        below = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        if not below:
            continue
        odd = sum(1 for value in below if _ADDRESS.fullmatch(value) or _DATED.fullmatch(value[:60])
                  or value.replace(".", "").isdecimal())  # fmt: skip
        if odd > 0.8 * len(below) or median(map(len, below)) > 4 * max(len(cell), 10):
            return True
    return False


def _known_words(records: Sequence[Mapping[str, object]]) -> float:
    """Return the words of the median text that names show."""
    counts = [len(_WORD.findall(read_fields(record, {}).text[:_LONGEST])) for record in records[:_LOOKED_AT]]
    return float(median(counts)) if counts else 0.0


def _unknown(
    records: Sequence[Mapping[str, object]], mapping: Mapping[str, str]
) -> tuple[list[str], list[list[object]], list[int]]:
    """Return columns without a known name, with their values."""
    values: dict[str, list[object]] = {}
    for record in records:
        for path, value in _leaves(record):
            values.setdefault(path, []).append(value)
    mapped = set(mapping.values())
    names = [path for path in values if path not in mapped][:_MOST_COLUMNS]
    return names, [values[path] for path in names], [len(records)] * len(names)


def _leaves(record: Mapping[str, object], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        if known(name) is not None:
            continue
        if isinstance(value, Mapping):
            if depth < _MOST_DEPTH:
                yield from _leaves(value, f"{prefix}{name}.", depth + 1)
        elif not isinstance(value, (bool, bytes)):
            yield prefix + name, value


def _looked_at(name: str, values: Sequence[object], records: int) -> _Column:
    texts = [_text_of(value) for value in values]
    texts = [text for text in texts if text]
    some = texts[:: max(1, len(texts) // _LOOKED_AT)][:_LOOKED_AT]
    counts = [len(_WORD.findall(text[:_LONGEST])) for text in some]
    return _Column(
        name,
        tuple(some),
        float(median(counts)) if counts else 0.0,
        len(set(texts)) / len(texts) if texts else 0.0,
        len(texts) / records,
    )


def _text_of(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, list) and not all(isinstance(item, str) for item in value[:3]):
        return ""
    return as_text(value, between="\n\n")


def _share(column: _Column, fits: Callable[[str], bool]) -> float:
    return sum(map(fits, column.values)) / len(column.values) if column.values else 0.0


def _is_address(column: _Column) -> bool:
    return (
        _share(column, lambda text: bool(_ADDRESS.fullmatch(text))) >= 0.9
        and not _share(column, lambda text: bool(_PICTURE.search(text[-12:]))) > 0.3
    )


def _is_date(column: _Column) -> bool:
    now = datetime.now(UTC)
    if re.search(r"(?:id|number|no|count|size|length|width|height)$", squash(column.name)):
        return False

    def fits(text: str) -> bool:
        text = plain_date(text)
        if len(text) > 60 or not _DATED.fullmatch(text) or re.fullmatch(r"\d{4}", text):
            return False
        return (read := parse_published(text, as_of=now)) is not None and read.moment <= now.replace(
            year=now.year + 2
        )

    return _share(column, fits) >= 0.8


def _is_prose(column: _Column) -> bool:
    return (
        column.words >= _FEWEST_PROSE_WORDS
        and column.distinct >= 0.5
        and column.share >= 0.3
        and _share(column, _is_written) >= 0.7
    )


def _is_written(text: str) -> bool:
    """Return whether a text is made of words, not of data."""
    text = text[:_LONGEST]
    letters = sum(map(str.isalpha, text))
    return not text.startswith(("[", "{")) and letters >= 0.6 * len(text)


def _is_title(column: _Column) -> bool:
    return (
        2.5 <= column.words <= 30
        and column.distinct >= 0.8
        and column.share >= 0.5
        and _share(column, lambda text: len(text) <= 300 and "\n" not in text and _is_written(text)) >= 0.8
    )


def _is_source(column: _Column) -> bool:
    """Return whether values are few names that recur; words in lower case are kinds and topics."""
    counts = Counter(column.values)
    if len(column.values) < 6 or len(counts) > max(2, 0.5 * len(column.values)) or column.words > 5:
        return False
    if len(counts) == 1 and column.words < 2 and "." not in column.values[0]:
        return False
    return column.share >= 0.5 and _share(column, _is_name) >= 0.9


def _is_name(text: str) -> bool:
    is_host = re.fullmatch(r"(?:[\w-]{1,60}\.){1,4}[a-z]{2,10}", text) is not None
    named = text[:1].isupper() or text[:1].isalpha() and not text[:1].islower()
    return is_host or len(text) >= 3 and named and len(text) <= 60 and field_named(text) is None


def named(guessed: Mapping[str, str]) -> list[str]:
    """Return what was guessed, in words."""
    return [f"taken as {WORDS.get(field, field)}: {column}" for field, column in guessed.items()]
