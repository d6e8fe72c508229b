"""JSON and JSONL -> raw records, one at a time; a list of records is never loaded whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from qa.ingest.decoding import decode, decoded_chunks, decoded_lines
from qa.ingest.limits import MOST_RECORD_BYTES
from qa.ingest.raw import Raw
from qa.ingest.shapes import is_header, records_in
from qa.ingest.streams import Stream
from qa.ingest.values import as_text
from qa.reports import Skipped

_CONTAINERS = (
    "articles", "items", "results", "data", "docs", "documents", "entries", "stories", "news", "records",
    "rows", "posts", "hits", "value",
)  # fmt: skip
# An object whose records lie in a list after a few plain values: {"status": "ok", "articles": [ ...
_CONTAINER = re.compile(
    r'\s*+\{(?:\s*+"[^"\\]*+"\s*+:\s*+(?:"(?:[^"\\]|\\.)*+"|-?[\d.eE+-]++|true|false|null)\s*+,)*+'
    rf'\s*+"(?:{"|".join(_CONTAINERS)})"\s*+:\s*+\[(?=\s*+\{{)',
)
_LIST = re.compile(r"\s*+\[")
_BETWEEN = re.compile(r"[\s,\x1e\ufeff]*")
_NEXT_RECORD = re.compile(r'\}\s*,\s*(?=\{\s*")')
_TOO_LARGE = f"The record is larger than {MOST_RECORD_BYTES // 2**20} MB."
_MOST_BEHIND = 2**14  # characters of the window that were read already
_JSON_FEED = "jsonfeed.org/version/"
_DECODER = json.JSONDecoder()


def read_jsonl(stream: Stream, name: str) -> Iterator[Raw | Skipped]:
    """Yield one object a line."""
    for number, line in decoded_lines(stream):
        where = f"{name}:{number}"
        if line is None:
            yield Skipped(where, _TOO_LARGE)
        elif value := line.strip(" \t\r\n,\x1e"):
            try:
                found = json.loads(value)
                records = records_in(found) if isinstance(found, dict) else [found]
                yield from (_record(item, where) for item in records)
            except (ValueError, RecursionError) as fault:
                yield Skipped(where, f"This line is broken JSON: {_reason(fault)}.")


def read_json(stream: Stream, name: str, path: str = "") -> Iterator[Raw | Skipped]:
    """Yield one object, a list of them, objects one after another, or an object that holds a list of them.

    :param path: the file's name with its folders, for the one object that is all of it.
    """
    text = _Window(stream)
    site = _title_of_feed(text.ahead(_CONTAINER))
    listed = text.skip(_LIST) or text.skip(_CONTAINER)
    header: list[str] | None = None  # of a table that is written as lists
    is_first = not listed
    while True:
        text.skip(_BETWEEN)
        if text.is_at_end():
            if listed:
                yield Skipped(f"{name}:{text.line}", "The file ends inside its list of records.")
            return
        if listed and text.starts_with("]"):
            return
        where = f"{name}:{text.line}"
        try:
            value = text.take_value()
        except (ValueError, RecursionError) as fault:
            goes_on = text.skip_to(_NEXT_RECORD, fault)
            yield Skipped(where, f"Broken JSON: {_reason(fault)}{'' if goes_on else '; read no further'}.")
            if not goes_on:
                return
            continue
        if isinstance(value, list) and listed:
            if header is None and is_header(value):
                header = value
                continue
            names = header if header is not None else [f"col{place}" for place in range(1, len(value) + 1)]
            value = dict(zip(names, value, strict=False))
        if isinstance(value, dict) and _JSON_FEED in str(value.get("version")):
            site = as_text(value.get("title"))
        records = list(records_in(value))
        if is_first and len(records) == 1 and records[0] is value and _is_last(text):
            yield _record(value, where, site, path)
            continue
        is_first = False
        yield from (_record(item, where, site) for item in records)


def looks_like_jsonl(head: bytes) -> bool:
    """Return whether the first line is a whole JSON object and another follows."""
    first, mark, rest = decode(head).strip().partition("\n")
    if not mark or not first.startswith("{") or not rest.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


class _Window:
    """A piece of a long text that moves forward and grows when a value does not fit."""

    def __init__(self, stream: Stream) -> None:
        self._chunks = decoded_chunks(stream)
        self._text = next(self._chunks, "")
        self._at = 0
        self._ended = False
        self.line = 1  # at the present place

    def skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._text, self._at)
        if found is None:
            return False
        self._move(found.end())
        while self._at >= len(self._text) and self._grow():
            between = _BETWEEN.match(self._text, self._at)
            self._move(between.end() if between is not None else self._at)
        return True

    def ahead(self, pattern: re.Pattern[str]) -> str:
        """Return what a pattern matches at the present place; nothing is taken."""
        found = pattern.match(self._text, self._at)
        return found[0] if found is not None else ""

    def is_at_end(self) -> bool:
        return self._at >= len(self._text) and not self._grow()

    def starts_with(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def take_value(self) -> object:
        """Decode one value and step behind it.

        :raises ValueError: it is broken or too large.
        """
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as fault:
                # A value that is only cut by the end of the window fails there, or in an open string.
                cut = fault.pos > len(self._text) - 64 or fault.msg.startswith("Unterminated")
                if len(self._text) - self._at > MOST_RECORD_BYTES:
                    raise ValueError(_TOO_LARGE.rstrip(".").lower()) from None
                if cut and self._grow():
                    continue
                raise
            self._move(end)
            return value

    def skip_to(self, pattern: re.Pattern[str], fault: Exception) -> bool:
        """Move behind the next match after a fault; return False without one."""
        start = fault.pos if isinstance(fault, json.JSONDecodeError) else self._at
        if "Unterminated" in str(fault):  # the string began there and never ended
            start = self._at
        ahead = max(start - self._at, 0)  # reading on shifts the window
        while True:
            if found := pattern.search(self._text, self._at + ahead):
                self._move(found.end())
                return True
            if len(self._text) - self._at > MOST_RECORD_BYTES or not self._grow():
                return False

    def _move(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to
        if self._at > _MOST_BEHIND:  # every fault counts the lines from the beginning of the window
            self._text, self._at = self._text[self._at :], 0

    def _grow(self) -> bool:
        """Read on, by as much as is held, so that growing stays linear."""
        if self._ended:
            return False
        ahead = self._text[self._at :]
        pieces, size = [ahead], 0
        while size <= len(ahead):
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
                break
            pieces.append(chunk)
            size += len(chunk)
        self._text, self._at = "".join(pieces), 0
        return size > 0


def _title_of_feed(beginning: str) -> str:
    """Return the title that a JSON Feed gives before its items; "" for other JSON."""
    found = re.search(r'"title"\s*:\s*("(?:[^"\\]|\\.){0,300}")', beginning)
    return json.loads(found[1]) if found is not None and _JSON_FEED in beginning else ""


def _is_last(text: _Window) -> bool:
    """Return whether nothing stands behind the present place; blanks and commas are stepped over."""
    text.skip(_BETWEEN)
    return text.is_at_end()


def _record(value: object, where: str, site: str = "", path: str = "") -> Raw | Skipped:
    if isinstance(value, dict):
        return Raw(where, value, site=site, kind="record", path=path)
    return Skipped(
        where, f"Not a record but a {type(value).__name__}; articles are objects with named fields."
    )


def _reason(fault: Exception) -> str:
    if isinstance(fault, json.JSONDecodeError):
        return (
            f"{fault.msg} (line {fault.lineno}, character {fault.colno})"
            if fault.lineno > 1
            else (f"{fault.msg} (character {fault.colno})")
        )
    return "it is nested too deeply" if isinstance(fault, RecursionError) else str(fault).splitlines()[0]
