"""A value of a record, of any type -> text, tags or names; each bounded before a pattern meets it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from qa.ingest.limits import MOST_AUTHORS_CHARACTERS, MOST_TAGS, MOST_TAGS_CHARACTERS

# A dict in place of a text, as the APIs of WordPress, NewsAPI and the New York Times have it.
_INNER = ("rendered", "name", "title", "main", "original", "value", "text", "html", "#text", "$t", "label",
          "term", "eng", "en")  # fmt: skip
_NOTHING = frozenset(
    {
        "nan",
        "null",
        "none",
        "n/a",
        "none available.",
        "none available",
        "not available",
        "[]",
        "{}",
        "-",
        "--",
    }
)
_MOST_DEPTH = 12  # of lists and dicts within each other


def as_text(value: object, between: str = ", ", depth: int = 0) -> str:
    """Return a text from a text, a number, a list of texts, or a dict such as {"rendered": ...}."""
    if (
        value is None or isinstance(value, (bool, bytes)) or value != value
    ):  # NaN is how tables write "nothing"
        return ""
    if isinstance(value, str):
        value = value.strip()
        return "" if len(value) <= 15 and value.casefold() in _NOTHING else value
    if depth > _MOST_DEPTH:
        return ""
    if isinstance(value, Mapping):
        inner = _facet(value)
        return next((text for name in inner if (text := as_text(value.get(name), between, depth + 1))), "")
    if isinstance(value, (list, tuple)):
        value = _main_of(value)
        return between.join(text for part in value if (text := as_text(part, between, depth + 1)))
    return str(value)


def as_date(value: object) -> object:
    """Return a value that may name a moment: a date, a number or a text."""
    if isinstance(value, (date, datetime, int, float)):
        return value
    if isinstance(value, Mapping) and "$date" in value:  # as MongoDB exports it
        return as_date(value["$date"])
    if isinstance(value, Mapping) and "$numberLong" in value:
        return as_date(int(value["$numberLong"])) if str(value["$numberLong"]).lstrip("-").isdecimal() else ""
    return as_text(value)


def holds_anything(value: object) -> bool:
    """Return whether there is a text, number or date in a value."""
    return bool(as_text(value)) if not isinstance(value, (date, datetime)) else True


def split_tags(value: object) -> tuple[str, ...]:
    """Return tags from a list, from "a; b", "a | b" or "a, b", or from a list that was written as text."""
    value = _unpacked(value)
    if isinstance(value, str):
        value = value[:MOST_TAGS_CHARACTERS]
        mark = next((mark for mark in (";", "|", "\n", ",") if mark in value), None)
        value = value.split(mark) if mark else [value]
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, (list, tuple)):
        return ()
    return merge_tags(as_text(tag)[:MOST_TAGS_CHARACTERS] for tag in value[:MOST_TAGS])


def merge_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags without "#"; of those that differ only in case the first spelling stays."""
    kept: dict[str, str] = {}
    for tag in tags:
        tag = tag.strip().lstrip("#").strip()
        if tag:
            kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())


def split_authors(value: object) -> tuple[str, ...]:
    """Return names from a list or from "By Jane Doe and John Roe"; "Doe, Jane" stays one name."""
    value = _unpacked(value)
    many = value[:MOST_TAGS] if isinstance(value, (list, tuple)) else [value]
    split: dict[str, None] = {}
    for name in many:
        text = as_text(name)[:MOST_AUTHORS_CHARACTERS]
        # Blanks are made single first: a pattern with blanks on both sides is quadratic over many of them.
        lines = [" ".join(part.split()) for part in re.split(r"[;|\n]", text)]
        lines[0] = (
            re.sub(r"^by\b:? ?", "", lines[0], flags=re.IGNORECASE) if lines[0][2:3] in " :" else lines[0]
        )
        for part in [part for line in lines for part in re.split(r" (?:and|&) ", line)]:
            pieces = [piece.strip() for piece in part.split(",")]
            whole_names = len(pieces) > 1 and all(len(piece.split()) > 1 for piece in pieces if piece)
            split |= dict.fromkeys(pieces if whole_names else [part.strip(" ,")])
    return tuple(name for name in split if name)


def _main_of(values: Sequence[object]) -> Sequence[object]:
    """Return the main one of a text's roles ({"role": "main", "value": ...}), as ninjs has headlines."""
    roles = [
        value.get("role") if isinstance(value, Mapping) and "value" in value else None for value in values
    ]
    if len(values) < 2 or not all(isinstance(role, str) for role in roles):
        return values
    return [values[roles.index("main") if "main" in roles else 0]]


def _facet(value: Mapping[str, object]) -> tuple[str, ...]:
    """Return where a dict keeps its word: {"name": "subject", "value": "Ferries"} keeps it in the value."""
    if isinstance(value.get("name"), str) and isinstance(value.get("value"), str):
        return ("value", "name")
    return (*_INNER, *(name for name in value if name.casefold().endswith(("title", "name"))))  # "webTitle"


def _unpacked(value: object) -> object:
    """Read a list that a table wrote as text: "['a', 'b']" -> ["a", "b"]."""
    if isinstance(value, str) and len(value) <= MOST_TAGS_CHARACTERS:
        text = value.strip()
        if text.startswith("[") and text.endswith("]"):
            for read in (json.loads, ast.literal_eval):
                try:
                    return read(text)
                except (ValueError, SyntaxError, RecursionError, MemoryError):
                    continue
    return value
