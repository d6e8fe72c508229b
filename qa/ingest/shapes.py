"""A value of JSON -> the records in it: lists within objects, groups, records by id, and columns.

{"response": {"results": [...]}}, {"ports": [...], "politics": [...]}, {"17": {...}, "18": {...}},
{"title": {"0": ...}, "text": {"0": ...}} and {"columns": [...], "data": [[...], ...]} all hold records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from qa.ingest.names import known, squash

_MOST_DEPTH = 6  # of objects around the records
_DAY = re.compile(r"(?:19|20)\d\d-?[01]\d-?[0-3]\d")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}")
_SOURCE_GROUPS = re.compile(r"source|outlet|newspaper|publisher|publication|site|feed|medium|media")
# Lists of these lie beside or within articles, and hold none.
_OTHER_LISTS = re.compile(
    r"author|image|photo|media|video|tag|keyword|comment|related|link|facet|aggregation|answer|qas|question"
)
_CONTAINER_NAMES = (
    "articles items results data docs documents entries stories news records rows posts hits value values"
    " response feed feeds payload result output content list channel rss categories topics sections sources"
    " outlets edges nodes objects elements matches search page pages dataset archive export root body"
    " collection newsitems newsarticles storylist node item record doc post story entry hit attributes"
)
_CONTAINERS = frozenset(_CONTAINER_NAMES.split())


class _Group(NamedTuple):
    """What the objects around a record say of it: a field, and its value."""

    field: str = ""  # "" nothing
    value: str = ""


def records_in(value: Any) -> list[Any]:
    """Return the records of a value; the value itself if it is one, or holds none that can be recognised."""
    if isinstance(value, list):
        return [record for item in _rows(value) for record in records_in(item)]
    if not isinstance(value, dict):
        return [value]
    value = _unwrapped(value)
    if (table := _table(value)) is not None:
        return list(table)
    if is_record(value):
        return [value]
    found = list(_within(value, _named_by(value, _Group()), "", 0)) or _first_list(value)
    return list(found) if found else [value]


def is_record(value: Mapping[str, object]) -> bool:
    """Return whether an object describes an article, or a question, by itself."""
    fields: set[str] = set()
    for name, inner in value.items():
        found = known(name)
        if squash(name) in ("question", "qas"):
            return True
        if isinstance(inner, dict) and (found is None or found.field == "source"):  # "_source" of a search
            fields |= {
                part.field for each in inner if (part := known(each)) is not None and part.field == "text"
            }
        elif found is not None and inner and not (isinstance(inner, list) and _are_records(inner)):
            if found.field == "text" and not found.is_summary and not isinstance(inner, dict):
                return True
            fields.add(found.field)
    if any(isinstance(inner, list) and _are_records(inner) and not _OTHER_LISTS.search(squash(name))
           for name, inner in value.items()):  # fmt: skip
        return False  # a feed has a title and a description, too
    return len(fields) >= 2 and bool({"text", "title"} & fields)


def _within(value: Mapping[str, object], group: _Group, name: str, depth: int) -> Iterator[dict[str, object]]:
    """Yield the records below an object that is not a record itself."""
    if depth > _MOST_DEPTH:
        return
    dicts = [inner for inner in value.values() if isinstance(inner, dict)]
    by_id = len(dicts) >= 2 and all(is_record(inner) for inner in dicts) and len(dicts) >= len(value) / 2
    for key, inner in value.items():
        is_queried = isinstance(inner, dict) and bool({"edges", "nodes"} & inner.keys())  # GraphQL's lists
        own = group if is_queried else _group_of(key, name, group)
        if isinstance(inner, list) and not _OTHER_LISTS.search(squash(key)):
            for item in map(_unwrapped, _rows(inner)):
                if not isinstance(item, dict):
                    continue
                if is_record(item):
                    yield _with_group(item, own)
                else:
                    yield from _within(item, _named_by(item, own), key, depth + 1)
        elif isinstance(inner, dict):
            if is_record(inner):
                yield _with_group(inner, _Group("id", key) if by_id and own.field != "published" else own)
            elif (table := _table(inner)) is not None:
                yield from table
            else:
                yield from _within(inner, own, key, depth + 1)


def _rows(values: list[object]) -> list[object]:
    """Return the items of a list; a table that is written as lists, its names first, becomes objects."""
    head = values[0] if values else None
    if isinstance(head, list) and len(values) > 1 and is_header(head):
        return [dict(zip(head, row, strict=False)) if isinstance(row, list) else row for row in values[1:]]
    return values


def is_header(row: list[object]) -> bool:
    """Return whether a list names columns of articles."""
    names = [item for item in row if isinstance(item, str)]
    return len(names) == len(row) >= 2 and sum(known(name) is not None for name in names) >= 2


def _unwrapped(item: object) -> object:
    """Unwrap {"article": {...}} and {"node": {...}}: an object around one record."""
    inner = item
    while isinstance(inner, dict) and len(inner) == 1:
        (inner,) = inner.values()
    return inner if isinstance(inner, dict) and is_record(inner) else item


def _are_records(values: list[object]) -> bool:
    first = _unwrapped(values[0]) if values else None
    if not isinstance(first, dict):
        return False
    fields = {found.field for name in first if (found := known(name)) is not None}
    return len(fields) >= 2 and bool({"title", "text"} & fields) and fields != {"title", "id"}


def _group_of(key: str, around: str, outer: _Group) -> _Group:
    """Return what the name of a group says of its records: their topic, source or day, or nothing."""
    if _DAY.fullmatch(key):
        return _Group("published", key)
    if known(key) is not None or squash(key) in _CONTAINERS or not re.search(r"[^\W\d_]", key):
        return outer
    if _SOURCE_GROUPS.search(squash(around)) or _HOST.fullmatch(key):
        return _Group("source", key)
    return _Group("tags", key) if not key.startswith(("_", "@")) else outer


def _named_by(item: Mapping[str, object], outer: _Group) -> _Group:
    """Return what a group says of itself: {"category": "ports", "articles": [...]}."""
    for name, inner in item.items():
        if (
            isinstance(inner, str)
            and (found := known(name)) is not None
            and found.field in ("tags", "source")
        ):
            return _Group(found.field, inner)
    return outer


def _with_group(record: dict[str, object], group: _Group) -> dict[str, object]:
    """Return the record, with what its group says where it says nothing itself."""
    says = any((found := known(name)) is not None and found.field == group.field and inner
               for name, inner in record.items())  # fmt: skip
    return record if says or not group.field else {**record, group.field: group.value}


def _table(value: Mapping[str, Any]) -> list[dict[str, object]] | None:
    """Return the rows of a table that is kept by columns, as pandas writes it; None if it is no table."""
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list) and rows and isinstance(rows[0], list):
        return [dict(zip(map(str, names), row, strict=False)) for row in rows if isinstance(row, list)]
    columns = list(value.values())
    if len(columns) < 2:
        return None
    if (rows := _framed(value)) is not None:
        return rows
    if not any((found := known(name)) and found.field in ("text", "title") for name in value):
        return None
    if all(isinstance(column, dict) and column for column in columns):
        keys = list(columns[0])
        if any(map(known, keys)) or not all(keys[0] in column for column in columns):
            return None
        return [{name: value[name].get(key) for name in value} for key in keys]
    if all(isinstance(column, list) for column in columns) and len({len(column) for column in columns}) == 1:
        if any(isinstance(item, dict) for column in columns for item in column[:3]):
            return None
        return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
    return None


def _framed(value: Mapping[str, Any]) -> list[dict[str, object]] | None:
    """Return the rows of a frame by the shape alone: objects with the same keys, one side of them counted.

    {"a": {"0": ..., "1": ...}, "b": {"0": ..., "1": ...}} has columns; {"0": {"a": ...}, "1": {"a": ...}}
    has rows.
    """
    inner = list(value.values())
    if not all(isinstance(each, dict) and each.keys() == inner[0].keys() for each in inner) or not inner[0]:
        return None
    if any(isinstance(item, dict) for each in inner[:3] for item in each.values()):
        return None
    if _are_counted(inner[0]):
        return [{name: value[name][key] for name in value} for key in inner[0]]
    return inner if _are_counted(value) else None


def _are_counted(names: Iterable[str]) -> bool:
    """Return whether names are numbers one after another, as a data frame counts its rows."""
    numbers = list(names)
    first = numbers[0] if numbers else ""
    if not first.isdecimal() or len(first) > 12:
        return False
    return numbers == [str(number) for number in range(int(first), int(first) + len(numbers))]


def _first_list(value: Mapping[str, Any]) -> list[Any]:
    """Return the nearest list of objects, whatever they hold."""
    level: list[Mapping[str, Any]] = [value]
    for _ in range(_MOST_DEPTH):
        for each in level:
            for name, inner in each.items():
                is_list = isinstance(inner, list) and inner and squash(name) in _CONTAINERS
                if is_list and all(isinstance(item, dict) for item in inner):
                    return list(inner)
        level = [inner for each in level for inner in each.values() if isinstance(inner, dict)]
    return []
