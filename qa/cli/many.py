"""``python -m qa ask --questions FILE``: many questions -> a table, CSV or JSON, as they are answered."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.table import Table
from rich.text import Text

from qa import export, words
from qa.cli.output import json_text, print_result, write
from qa.cli.terminal import BuildBar, marked
from qa.errors import InputError
from qa.questions import MOST_BYTES, questions_in
from qa.records import Answer, Answered
from qa.reports import Progress
from qa.text.sentences import sentence_around

MOST_QUESTIONS = 10_000  # some hours of reading


def read_questions(named: str) -> list[str]:
    """Return the questions of a file, or of standard input as text where it is named ``-``.

    :raises InputError: if it cannot be read, or holds none or too many.
    """
    if named == "-":
        return questions_in("standard input", sys.stdin.buffer.read(MOST_BYTES + 1), most=MOST_QUESTIONS)
    try:
        with Path(named).open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or fault
        raise InputError(
            f"the questions cannot be read ({reason})", where=named, cure="Name a .txt, .csv or .jsonl file."
        ) from None
    return questions_in(named, content, most=MOST_QUESTIONS)


def print_answered(answered: Iterator[Answered], total: int, form: Literal["table", "csv", "json"]) -> bool:
    """Print what becomes of each question; whether one of them has an answer or a guess.

    CSV and JSON are written question by question, so that whoever stops the run keeps what was answered; so
    does the table, which is printed at the end.
    """
    rows: list[_Row] = []
    found = False
    begun = False
    try:
        with BuildBar() as bar:
            bar.show(Progress("asking", 0, total, "questions"))
            for done, one in enumerate(answered, start=1):
                found = found or (one.reply is not None and one.reply.outcome != "not found")
                if form == "csv":
                    write(export.answered_to_csv([one], header=not begun))
                elif form == "json":
                    write((",\n" if begun else "[\n") + json_text(export.answered_to_dict(one)))
                else:
                    rows.append(_Row.of(one))
                begun = True
                bar.show(Progress("asking", done, total, "questions"))
    finally:
        if form == "json" and begun:
            write("\n]\n")
        if form == "table":
            print_result(_table(rows))
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """What a question comes to, without its reply, which holds whole articles."""

    cells: tuple[Text, Text, Text, Text, Text]  # question, answer, how sure, quote, source

    @classmethod
    def of(cls, one: Answered) -> _Row:
        question = Text(one.question)
        if one.reply is None:
            return cls((question, Text("not asked", style="yellow"), Text(), Text(one.fault), Text()))
        shown = one.reply.answers[0] if one.reply.answers else one.reply.guess
        if shown is None:
            return cls((question, Text("not found", style="dim"), Text(), Text(), Text()))
        answer = Text(shown.text if one.reply.answers else f"perhaps: {shown.text}")
        known = [shown.article.title, shown.article.source, words.published(shown.article)]
        source = Text(" · ".join(part for part in known if part), style="cyan")
        return cls((question, answer, Text(words.sureness(shown)), _in_its_sentence(shown), source))


def _table(rows: Sequence[_Row]) -> Table:
    """Make one row a question: first answer or guess, marked in its sentence, how sure it is, its source."""
    table = Table(show_lines=True)
    for title in ("Question", "Answer", "Sure", "Quote", "Source"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*row.cells)
    return table


def _in_its_sentence(answer: Answer) -> Text:
    return marked(answer, sentence_around(answer.field, answer.start, answer.end), "bold")
