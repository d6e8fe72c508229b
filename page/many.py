"""A text, CSV or JSONL of questions -> their replies as one table, for people who have many."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa import export
from qa.errors import InputError
from qa.records import Reply

MOST_QUESTIONS = 500  # some minutes of reading
MOST_BYTES = 2**20
_COLUMNS = ("question", "query", "q")


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its reply, or with why it has none."""

    question: str
    reply: Reply | None
    fault: str = ""


def questions_in(name: str, content: bytes) -> list[str]:
    """The questions of a file, by the end of its name; each once, in their order.

    A text has one a line, a CSV a column "question" or one column alone, JSONL a line a text or a record
    with a "question".

    :raises InputError: if it cannot be read, holds none, or too many.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"the file is larger than {MOST_BYTES // 2**20} MB", where=name, cure="Split it.")
    try:
        text = content.decode("utf-8-sig")
        ending = name.rpartition(".")[2].lower()
        lines = {"csv": _of_csv, "jsonl": _of_jsonl}.get(ending, str.splitlines)(text)
    except (ValueError, csv.Error, RecursionError) as fault:
        what = f"the questions cannot be read: {fault}"
        raise InputError(what, where=name, cure="Save it as UTF-8.") from fault
    questions = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not questions:
        raise InputError("there is no question in it", where=name, cure="Write one question a line.")
    if len(questions) > MOST_QUESTIONS:
        raise InputError(
            f"{len(questions):,} questions are more than {MOST_QUESTIONS}", where=name, cure="Split the file."
        )
    return questions


def _of_csv(text: str) -> list[str]:
    rows = list(csv.reader(io.StringIO(text)))
    if not rows:
        return []
    names = [cell.strip().casefold() for cell in rows[0]]
    at = next((names.index(name) for name in _COLUMNS if name in names), None)
    if at is None and any(len(row) > 1 for row in rows):
        raise ValueError('no column is named "question"')
    column = 0 if at is None else at
    return [row[column] for row in (rows if at is None else rows[1:]) if len(row) > column]


def _of_jsonl(text: str) -> list[str]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        value = json.loads(line)
        question = value.get("question") if isinstance(value, dict) else value
        if not isinstance(question, str):
            raise ValueError(f'line {number} is neither a text nor has it a text "question"')
        found.append(question)
    return found


def table_of(answered: Sequence[Answered]) -> str:
    """All replies as one CSV: a row for every answer, or for the best guess, which is called so."""
    return export.replies_to_csv([one.reply for one in answered if one.reply is not None])


def answer_all(
    questions: Sequence[str], ask: Callable[[str], Reply], on_progress: Callable[[int], None]
) -> list[Answered]:
    """Ask each question by itself; one that cannot be asked does not stop the others."""
    answered = []
    for number, question in enumerate(questions, start=1):
        try:
            answered.append(Answered(question, ask(question)))
        except InputError as fault:
            answered.append(Answered(question, None, str(fault)))
        on_progress(number)
    return answered
