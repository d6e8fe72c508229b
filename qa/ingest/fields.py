"""A record as its file names it -> the fields of an article, wherever in the record they lie.

A field is looked for by the names that exports use, in the record and in the parts within it
({"fields": {"bodyText": ...}}). Of several texts the fullest is the body; a summary that is no part of
it is put before it. Where no name decides, a guess may, which the caller brings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from qa.errors import InputError, mapped_twice
from qa.ingest.htmltext import plain
from qa.ingest.limits import MOST_TEXT_CHARACTERS
from qa.ingest.names import BODY_NAMES, FIELDS, NAMES, Known, known, squash
from qa.ingest.values import as_date, as_text, holds_anything, merge_tags, split_authors, split_tags

__all__ = ["NAMES", "merge_tags", "split_authors", "split_tags"]  # what others look for here

_QUESTION_NAMES = ("question", "questions", "qas", "query")
# Parts of a record that describe something else than the article.
_OTHER_THINGS = re.compile(
    r"image|photo|picture|media|video|thumb|logo|avatar|icon|social|entit|location|geo|place|comment|related"
    r"|highlight|aggregat|links$|embedd|person|user$"
)
_MOST_DEPTH = 4  # of parts within parts
_LONGEST_COMPARED = 400  # characters of a summary that are looked for in the body


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an article as found: nothing cleaned yet."""

    id: str = ""
    title: str = ""
    text: str = ""
    published: object = ""  # text, number or date
    url: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class _Found(NamedTuple):
    """A value under a known name."""

    known: Known
    depth: int
    path: str  # "fields.bodyText"
    value: object


def field_named(name: str) -> str | None:
    """Return the field that a name stands for: "Body" -> "text"."""
    found = known(name)
    return found.field if found is not None else None


def is_question_name(name: str) -> bool:
    """Return whether a column of this name holds questions."""
    return squash(name) in _QUESTION_NAMES


def check_mapping(mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Bring a ``--map`` to field -> column.

    :raises InputError: a field is unknown, named twice, or its column is empty.
    """
    checked: dict[str, str] = {}
    for name, column in (mapping if mapping is not None else {}).items():
        field = field_named(name)
        if field is None:
            raise InputError(
                f"--map {name}={column}: there is no field {name!r}.", cure=f"Use one of {', '.join(FIELDS)}."
            )
        if not column.strip():
            raise InputError(
                f"--map {name}={column}: {field} needs a column name.", cure="Write it like --map body=col7."
            )
        if field in checked:
            raise mapped_twice(f"{name}={column}", name, checked[field])
        checked[field] = column.strip()
    return checked


def wanted_columns(columns: Iterable[str], mapping: Mapping[str, str]) -> list[str]:
    """Return those of a table's columns that are read: all if none is known to hold the text."""
    columns = list(columns)
    mapped = {name for column in mapping.values() if (name := find_column(column, columns)) is not None}
    wanted = [name for name in columns if name in mapped or field_named(name) or is_question_name(name)]
    has_text = "text" in mapping or any(field_named(name) == "text" for name in columns)
    return wanted if has_text else columns


def find_column(wanted: str, columns: Collection[str]) -> str | None:
    """Return the column that a ``--map`` means: its name with or without case, or "col7" for the seventh."""
    if wanted in columns:
        return wanted
    for name in columns:
        if squash(name) == squash(wanted):
            return name
    position = re.fullmatch(r"col(?:umn)?[ _]?(\d{1,6})", wanted, re.IGNORECASE)
    if position and 1 <= int(position[1]) <= len(columns):
        return list(columns)[int(position[1]) - 1]
    return None


def holds_question(record: Mapping[str, object]) -> bool:
    """Return whether a record is a question (with its answers) and not an article."""
    names = {squash(name) for name in record}
    if "paragraphs" in names and any(isinstance(part, dict) and "qas" in part for part in _listed(record)):
        return True
    return any(name in names for name in _QUESTION_NAMES) and not any(name in names for name in BODY_NAMES)


def read_fields(
    record: Mapping[str, object], mapping: Mapping[str, str], guessed: Mapping[str, str] | None = None
) -> Fields:
    """Pick the fields of an article out of a record.

    Mapped columns come before known names, and these before guessed columns.
    """
    chosen = {one.known.field: one for one in _chosen(record, mapping, guessed)}
    value = {field: one.value for field, one in chosen.items()}
    text = "" if "text" not in value else as_text(value["text"], between="\n\n")
    if text and "text" not in mapping:
        text = _with_summaries(text, chosen["text"].path, record)
    return Fields(
        id=as_text(value.get("id")),
        title=as_text(value.get("title")),
        text=text,
        published=as_date(value.get("published")),
        url=as_text(value.get("url")),
        source=as_text(value.get("source")),
        authors=split_authors(value.get("authors")),
        tags=split_tags(value.get("tags")),
    )


def recognised(
    record: Mapping[str, object], mapping: Mapping[str, str], guessed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return field -> the column of the record that gives it; fields without a value are left out."""
    return {one.known.field: one.path for one in _chosen(record, mapping, guessed)}


def dig(record: Mapping[str, object], column: str) -> object:
    """Return the value of a column; "source.name" reaches into nested records."""
    name = find_column(column, record.keys())
    if name is not None:
        return record[name]
    head, _, rest = column.partition(".")
    inner = record.get(head)
    return dig(inner, rest) if rest and isinstance(inner, dict) else None


def _chosen(
    record: Mapping[str, object], mapping: Mapping[str, str], guessed: Mapping[str, str] | None
) -> list[_Found]:
    """Return of every field the value that counts, in the order of the fields."""
    by_field: dict[str, list[_Found]] = {field: [] for field in FIELDS}
    for one in sorted(_known_values(record), key=lambda one: (one.depth, one.known.rank)):
        by_field[one.known.field].append(one)
    chosen: list[_Found] = []
    for field, found in by_field.items():
        asked = [mapping[field]] if field in mapping else []
        first = _first_of(record, field, asked)
        if first is None and field == "text":
            body = [one for one in found if holds_anything(one.value)]
            if guessed and field in guessed:
                body += [one for one in [_first_of(record, field, [guessed[field]])] if one is not None]
            first = max(body, key=_fullness, default=None)
        elif first is None:
            first = next((one for one in found if holds_anything(one.value)), None)
            if first is None and guessed and field in guessed:
                first = _first_of(record, field, [guessed[field]])
        if first is not None:
            chosen.append(first)
    return chosen


def _first_of(record: Mapping[str, object], field: str, columns: Iterable[str]) -> _Found | None:
    for column in columns:
        value = dig(record, column)
        if holds_anything(value):
            return _Found(Known(field, 0), 0, column, value)
    return None


def _known_values(
    record: Mapping[str, object], prefix: str = "", depth: int = 0, whole: bool = True
) -> Iterator[_Found]:
    """Yield values under known names; parts of a record that are no articles give only some fields."""
    for name, value in record.items():
        found = known(name)
        if isinstance(value, dict) and depth < _MOST_DEPTH and _is_part(name, found, value):
            yield from _known_values(value, f"{prefix}{name}.", depth + 1, _tells_article(value))
        elif found is not None and (whole or found.field in ("published", "source", "authors", "tags")):
            yield _Found(found, depth, prefix + name, value)


def _is_part(name: str, found: Known | None, value: Mapping[str, object]) -> bool:
    """Return whether a dict is a part of the record, not the value of one field or of another thing."""
    if found is None:
        return _OTHER_THINGS.search(squash(name)) is None
    return _tells_article(value)


def _tells_article(value: Mapping[str, object]) -> bool:
    names = [found for name in value if (found := known(name)) is not None]
    fields = {found.field for found in names}
    has_body = any(found.field == "text" and not found.is_summary for found in names)
    return has_body or {"title", "published"} <= fields


def _fullness(one: _Found) -> int:
    """Count the characters of a text; a summary counts half, or a long one would beat a short article."""
    text = as_text(one.value, between="\n\n")
    size = len(plain(text)) if "<" in text and len(text) <= MOST_TEXT_CHARACTERS else len(text)
    return size if one.known.is_summary else 2 * size


def _with_summaries(text: str, path: str, record: Mapping[str, object]) -> str:
    """Return the body below those summaries of the record that are no part of it."""
    before: list[str] = []
    held = ""
    for one in sorted(_known_values(record), key=lambda one: (one.depth, one.known.rank)):
        if one.known.field != "text" or one.path == path or not one.known.is_summary:
            continue
        summary = as_text(one.value, between="\n\n")[:20_000]
        letters = _letters(plain(summary))
        held = held if held else _letters(plain(text[:MOST_TEXT_CHARACTERS]))
        if len(letters) >= 5 and not _is_within(letters, held):
            before.append(summary)
            held += letters
    return "\n\n".join([*before, text])


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", re.sub(r"\[\+?\d{1,9} chars\]", "", text)).casefold()


def _is_within(summary: str, body: str) -> bool:
    """Return whether the body says the summary's words already; feeds cut their summaries anywhere."""
    return summary[: min(_LONGEST_COMPARED, max(40, len(summary) * 2 // 3))] in body


def _listed(record: Mapping[str, object]) -> list[object]:
    value = next((value for name, value in record.items() if squash(name) == "paragraphs"), None)
    return value if isinstance(value, list) else []
