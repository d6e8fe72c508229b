"""A record as its file names it -> the fields of an article, by the names that real exports use.

Names compare without case and separators: "pub_date", "pubDate" and "Pub Date" are one. Where a
record has several names of a field, the first of the list below that holds anything counts.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from qa.errors import InputError

_KNOWN = {
    "id": "id articleid docid documentid uuid guid uri",
    "title": "title headline head heading articletitle headlinetext newstitle name",
    "text": "text body maintext fulltext articlebody articletext bodytext content article story contenttext"
            " contenthtml bodyhtml html paragraphs plaintext document description summary abstract"
            " leadparagraph snippet",
    "published": "published publishedat datepublished publisheddate publishdate publicationdate pubdate"
                 " publishedon publishtime publishedtime firstpublished webpublicationdate dateposted posted"
                 " postedat date datetime timestamp time created createdat datecreated seendate dateadded"
                 " updated updatedat modified datemodified dateupdate age year",
    "url": "url link weburl permalink canonicalurl articleurl sourceurl href address",
    "source": "source sourcename publisher outlet publication newspaper newssource sitename site website"
              " provider channel agency sourcedomain domain press",
    "authors": "authors author byline creator dccreator writer writers reporter journalist by",
    "tags": "tags tag keywords keyword hashtags categories category topics topic subjects subject section"
            " sectionname labels label newsdesk genre",
}  # fmt: skip
NAMES = {field: tuple(names.split()) for field, names in _KNOWN.items()}
_BODY_NAMES = frozenset(NAMES["text"][:15]) - {"article"}  # a question may name its article
_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}
# A dict in place of a text, as the APIs of WordPress, NewsAPI and the New York Times have it.
_INNER = ("rendered", "name", "title", "main", "original", "value", "text", "html", "#text", "$t", "label")
_QUESTION_NAMES = ("question", "questions", "qas", "query")


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


def field_named(name: str) -> str | None:
    """The field that a name stands for: "Body" -> "text"."""
    return _FIELD_OF.get(_squash(name))


def is_question_name(name: str) -> bool:
    """Whether a column of this name holds questions."""
    return _squash(name) in _QUESTION_NAMES


def check_mapping(mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Bring a ``--map`` to field -> column.

    :raises InputError: a field is unknown, named twice, or its column is empty.
    """
    checked: dict[str, str] = {}
    for name, column in (mapping if mapping is not None else {}).items():
        field = field_named(name)
        if field is None:
            raise InputError(
                f"--map {name}={column}: there is no field {name!r}.", cure=f"Use one of {', '.join(NAMES)}."
            )
        if field in checked or not column.strip():
            what = "is mapped twice" if field in checked else "needs a column name"
            raise InputError(f"--map {name}={column}: {field} {what}.", cure="Write it like --map body=col7.")
        checked[field] = column.strip()
    return checked


def wanted_columns(columns: Iterable[str], mapping: Mapping[str, str]) -> list[str]:
    """Those of a table's columns that are read."""
    columns = list(columns)
    mapped = {name for column in mapping.values() if (name := find_column(column, columns)) is not None}
    return [name for name in columns if name in mapped or field_named(name) or is_question_name(name)]


def find_column(wanted: str, columns: Collection[str]) -> str | None:
    """The column that a ``--map`` means: its very name, its name without case, or "col7" for the seventh."""
    if wanted in columns:
        return wanted
    for name in columns:
        if _squash(name) == _squash(wanted):
            return name
    position = re.fullmatch(r"col(?:umn)?[ _]?(\d+)", wanted, re.IGNORECASE)
    if position and 1 <= int(position[1]) <= len(columns):
        return list(columns)[int(position[1]) - 1]
    return None


def holds_question(record: Mapping[str, object]) -> bool:
    """Whether a record is a question (with its answers) and not an article."""
    names = {_squash(name) for name in record}
    if "paragraphs" in names and any(isinstance(part, dict) and "qas" in part for part in _listed(record)):
        return True
    return any(name in names for name in _QUESTION_NAMES) and not any(name in names for name in _BODY_NAMES)


def read_fields(record: Mapping[str, object], mapping: Mapping[str, str]) -> Fields:
    """Pick the fields of an article out of a record; mapped columns come before recognised names."""
    columns = recognised(record, mapping)
    found = {field: dig(record, columns[field]) if field in columns else None for field in NAMES}
    return Fields(
        id=_as_text(found["id"]),
        title=_as_text(found["title"]),
        text=_as_text(found["text"], between="\n\n"),
        published=_as_date(found["published"]),
        url=_as_text(found["url"]),
        source=_as_text(found["source"]),
        authors=split_authors(found["authors"]),
        tags=split_tags(found["tags"]),
    )


def recognised(record: Mapping[str, object], mapping: Mapping[str, str]) -> dict[str, str]:
    """Field -> the column of the record that gives it; fields for which nothing is held are left out."""
    columns: dict[str, str] = {}
    for name in record:
        columns.setdefault(_squash(name), name)
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        known = [columns[name] for name in names if name in columns]
        for column in [mapping[field], *known] if field in mapping else known:
            if _holds_anything(dig(record, column)):
                found[field] = column
                break
    return found


def dig(record: Mapping[str, object], column: str) -> object:
    """The value of a column; "source.name" reaches into nested records."""
    name = find_column(column, record.keys())
    if name is not None:
        return record[name]
    head, _, rest = column.partition(".")
    inner = record.get(head)
    return dig(inner, rest) if rest and isinstance(inner, dict) else None


def split_tags(value: object) -> tuple[str, ...]:
    """Tags from a list, from "a; b", "a | b" or "a, b", or from a list that was written as text."""
    value = _unpacked(value)
    if isinstance(value, str):
        mark = next((mark for mark in (";", "|", "\n", ",") if mark in value), None)
        value = value.split(mark) if mark else [value]
    return merge_tags(_as_text(tag) for tag in value) if isinstance(value, (list, tuple)) else ()


def merge_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without "#"; of those that differ only in case the first spelling stays."""
    kept: dict[str, str] = {}
    for tag in tags:
        tag = tag.strip().lstrip("#").strip()
        if tag:
            kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())


def split_authors(value: object) -> tuple[str, ...]:
    """Names from a list or from "By Jane Doe and John Roe"; "Doe, Jane" stays one name."""
    value = _unpacked(value)
    names = [_as_text(name) for name in value] if isinstance(value, (list, tuple)) else [_as_text(value)]
    split: dict[str, None] = {}
    for name in names:
        name = re.sub(r"^\s*by:?\s+", "", name, flags=re.IGNORECASE)
        for part in re.split(r"\s*[;|\n]\s*|\s+(?:and|&)\s+", name):
            pieces = [piece.strip() for piece in part.split(",")]
            whole_names = len(pieces) > 1 and all(len(piece.split()) > 1 for piece in pieces if piece)
            split |= dict.fromkeys(pieces if whole_names else [part.strip(" ,")])
    return tuple(name for name in split if name)


@lru_cache(maxsize=4096)
def _squash(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _listed(record: Mapping[str, object]) -> list[object]:
    value = next((value for name, value in record.items() if _squash(name) == "paragraphs"), None)
    return value if isinstance(value, list) else []


def _holds_anything(value: object) -> bool:
    return bool(_as_text(value)) if not isinstance(value, (date, datetime)) else True


def _as_text(value: object, between: str = ", ") -> str:
    """A text from a text, a number, a list of texts, or a dict such as {"rendered": ...}."""
    if value is None or isinstance(value, bool) or value != value:  # NaN is how tables write "nothing"
        return ""
    if isinstance(value, str):
        value = value.strip()
        return "" if len(value) <= 4 and value.casefold() in ("nan", "null", "none", "n/a") else value
    if isinstance(value, Mapping):
        return next((text for name in _INNER if (text := _as_text(value.get(name), between))), "")
    if isinstance(value, (list, tuple)):
        return between.join(text for part in value if (text := _as_text(part, between)))
    return str(value)


def _as_date(value: object) -> object:
    return value if isinstance(value, (date, datetime, int, float)) else _as_text(value)


def _unpacked(value: object) -> object:
    """A list that a table wrote as text: "['a', 'b']" -> ["a", "b"]."""
    if isinstance(value, str) and value.strip().startswith("[") and value.strip().endswith("]"):
        for read in (json.loads, ast.literal_eval):
            try:
                return read(value)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
    return value
