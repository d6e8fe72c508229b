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

    question: Text
    answer: Text  # with how sure it is below
    origin: Text  # its sentence, and the article below; or why there is none

    @classmethod
    def of(cls, one: Answered) -> _Row:
        question = Text(one.question)
        if one.reply is None:
            return cls(question, Text("not asked", style="yellow"), Text(one.fault))
        shown = one.reply.answers[0] if one.reply.answers else one.reply.guess
        if shown is None:
            return cls(question, Text("not found", style="dim"), Text())
        is_guess = not one.reply.answers
        answer = Text(f"perhaps: {shown.text}" if is_guess else shown.text)
        sure = Text(words.sureness(shown, is_guess=is_guess), style="dim")
        known = [shown.article.title, shown.article.source, words.published(shown.article)]
        source = Text(" · ".join(part for part in known if part), style="cyan")
        return cls(question, _lines(answer, sure), _lines(_in_its_sentence(shown), source))


def _table(rows: Sequence[_Row]) -> Table:
    """Make one row a question: first answer or guess, how sure it is, its sentence and source.

    Three columns, as 80 characters, a terminal's and a pipe's width, hold no more that can be read.
    """
    table = Table(show_lines=True, expand=True)
    for title, share in (("Question", 3), ("Answer", 2), ("Quote and source", 4)):
        table.add_column(title, ratio=share, overflow="fold")
    for row in rows:
        table.add_row(row.question, row.answer, row.origin)
    return table


def _lines(*texts: Text) -> Text:
    return Text("\n").join(text for text in texts if text)


def _in_its_sentence(answer: Answer) -> Text:
    return marked(answer, sentence_around(answer.field, answer.start, answer.end), "bold")
