"""A file of questions -> its text, and its records' checked fields; each mistake one line with a cure."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path

from qa.errors import InputError

MOST_BYTES = 256 * 2**20  # SQuAD's training set has 40 MB


def text_of(path: Path) -> str:
    """Return the text of a UTF-8 file, plain or .gz.

    :raises InputError: if it cannot be read, is empty or unpacks to too much.
    """
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise InputError(
                f"this file has more than {MOST_BYTES // 2**20} MB, unpacked", where=path, cure="Split it."
            )
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError("this file is not UTF-8", where=path, cure="Save it as UTF-8 text.") from fault
    except (OSError, EOFError, zlib.error) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else fault
        raise InputError(
            f"this file cannot be read ({reason})", where=path, cure="Name a .jsonl, .json or .json.gz file."
        ) from fault
    if not text.strip():
        raise InputError("this file is empty", where=path, cure="Write a question a line into it.")
    return text


def parsed(text: str, *, where: str, cure: str, first_line: int | None = None) -> object:
    """Return JSON text as Python values; given the first line's number, a fault names its line.

    :raises InputError: if it is no JSON.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        place = where if first_line is None else f"{where}:{first_line + fault.lineno - 1}"
        what = f"this is no JSON ({fault.msg}, column {fault.colno})"
        raise InputError(what, where=place, cure=cure) from None
    except ValueError as fault:
        raise InputError(f"this is no JSON of questions ({fault})", where=where, cure=cure) from None
    except RecursionError:
        raise InputError("this is no JSON of questions (nested too deeply)", where=where, cure=cure) from None


def text_field(record: Mapping[str, object], name: str, *, where: str, cure: str) -> str:
    """Return a field that must be there and hold text that is more than blanks.

    :raises InputError: if not.
    """
    if name not in record:
        raise InputError(f"{name!r} is missing", where=where, cure=cure)
    value = record[name]
    if not isinstance(value, str):
        raise InputError(f"{name!r} must be text, not {_shown(value)}", where=where, cure=cure)
    if not value.strip():
        raise InputError(f"{name!r} is empty", where=where, cure=cure)
    return value


def texts_field(record: Mapping[str, object], name: str, *, where: str, cure: str) -> tuple[str, ...]:
    """Return a field that may hold one text, a list of texts or, like a missing one, nothing.

    :raises InputError: if it holds anything else, or a blank text.
    """
    value = record.get(name)
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    texts: list[str] = []
    for item in values:
        if not isinstance(item, str):
            raise InputError(
                f"{name!r} must be text or a list of texts, not {_shown(value)}", where=where, cure=cure
            )
        if not item.strip():
            raise InputError(f"{name!r} holds an empty text", where=where, cure=cure)
        texts.append(item)
    return tuple(texts)


def _shown(value: object) -> str:
    """Return a value of the wrong type as JSON, cut to what fits a line."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"
