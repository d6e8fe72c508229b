"""The replies to many questions -> a table in HTML: question, first answer in its sentence, source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa import words
from qa.page.html import cards
from qa.page.html.highlight import Piece, marked
from qa.page.html.templates import macro
from qa.records import Answer, Answered
from qa.text.sentences import sentence_around

SHOWN = 100  # rows; the download has all


@dataclass(frozen=True, slots=True)
class Row:
    """A question, and its first answer or guess, or what stands in its place."""

    question: str
    address: str  # of the page where it is asked alone
    answer: Answer | None
    is_guess: bool = False
    sentence: Sequence[Piece] = ()
    instead: str = ""


def table(answered: Sequence[Answered], address_of: Callable[[str], str]) -> str:
    """Return a table of the first questions; ``address_of``: where one of them is asked alone."""
    rows = [_row(one, address_of(one.question)) for one in answered[:SHOWN]]
    return macro("many.html", "table")(rows, len(answered) - len(rows))


def _row(one: Answered, address: str) -> Row:
    reply = one.reply
    if reply is None:
        return Row(one.question, address, None, instead=f"Not asked: {one.fault}")
    answer = reply.answers[0] if reply.answers else reply.guess
    if answer is None:
        instead = words.listing(reply) if reply.listing is not None else cards.NOT_FOUND
        return Row(one.question, address, None, instead=instead)
    first, last = sentence_around(answer.field, answer.start, answer.end)
    sentence = marked(answer.field, ((answer.start, answer.end),), first, last)
    return Row(one.question, address, answer, is_guess=not reply.answers, sentence=sentence)
