"""A text, CSV or JSONL of questions -> the questions, each once, in their order."""

from __future__ import annotations

import csv
import io
from itertools import chain

from qa.errors import InputError
from qa.small_json import parse

MOST_BYTES = 16 * 2**20
_COLUMNS = ("question", "query", "q")
_LONGEST_CELL = 100_000  # characters; a question has a few hundred


def questions_in(name: str, content: bytes, *, most: int, most_bytes: int = MOST_BYTES) -> list[str]:
    """Return the questions of a file whose name ends in .csv, .jsonl, or anything else for a text.

    A text has one a line; a CSV, parted by commas, semicolons or tabs, a column "question", or one column
    alone; JSONL a line a text or an object with a "question".

    :raises InputError: if it cannot be read, holds no question, or more than ``most``.
    """
    if len(content) > most_bytes:
        raise InputError(f"the file is larger than {most_bytes // 2**20} MB", where=name, cure="Split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError(
            f"the questions cannot be read: byte {fault.start} is not UTF-8",
            where=name,
            cure="Save it as UTF-8.",
        ) from None
    read = {"csv": _of_csv, "jsonl": _of_jsonl}.get(name.rpartition(".")[2].lower(), _of_text)
    questions = list(dict.fromkeys(question.strip() for question in read(name, text) if question.strip()))
    if not questions:
        raise InputError("there is no question in it", where=name, cure="Write one question a line.")
    if len(questions) > most:
        raise InputError(
            f"{len(questions):,} questions are more than {most:,}", where=name, cure="Split the file."
        )
    return questions


def _of_text(name: str, text: str) -> list[str]:
    return text.splitlines()


_CURE = 'Name the column "question" in the first line, or save the questions as text, one a line.'


def _of_csv(name: str, text: str) -> list[str]:
    by_commas = _rows(name, text, ",")
    for rows in chain([by_commas], (_rows(name, text, delimiter) for delimiter in ";\t")):
        names = [cell.strip().casefold() for cell in rows[0]] if rows else []
        at = next((names.index(column) for column in _COLUMNS if column in names), None)
        if at is not None:
            return [row[at] for row in rows[1:] if len(row) > at]
    if any(len(row) > 1 for row in by_commas):
        raise InputError('no column is named "question"', where=name, cure=_CURE)
    return [row[0] for row in by_commas]


def _rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    # The limit is the process's own, and reading tables raises it; what is refused must not depend on that.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as fault:
        raise InputError(f"the questions cannot be read: {fault}", where=name, cure=_CURE) from None
    longest = max((len(cell) for row in rows for cell in row), default=0)
    if longest > _LONGEST_CELL:
        what = f"a cell has {longest:,} characters; a quotation mark is left open"
        raise InputError(what, where=name, cure="Close it, or save the questions as text, one a line.")
    return rows


def _of_jsonl(name: str, text: str) -> list[str]:
    cure = 'A line is a text, "Who bought Twitter?", or an object, {"question": "Who bought Twitter?"}.'
    found = []
    for number, line in enumerate(text.split("\n"), start=1):  # not splitlines(): JSON may hold other breaks
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            value = parse(line)
        except ValueError as fault:
            raise InputError(f"the question cannot be read: {fault}", where=where, cure=cure) from None
        question = value.get("question") if isinstance(value, dict) else value
        if not isinstance(question, str):
            raise InputError('it is neither a text nor has it a text "question"', where=where, cure=cure)
        found.append(question)
    return found
