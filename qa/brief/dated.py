"""Article -> its sentences, each with the days that it reports on.

A sentence reports on the day that it names ("on Friday", "12 July"), resolved against the day on which
the article was written. If it names no time and is one of the first sentences, it reports on that day
itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.news.times import dateline, days_of_writing, resolve
from qa.records import Article, Quote
from qa.text.dates.expressions import TemporalExpression, temporal_expressions
from qa.text.sentences import sentences

LEAD = 3  # first sentences that report of the article's own day though they do not say so
SHORTEST, LONGEST = 30, 500  # characters of a sentence that can stand alone
# Days back from which a bare "Thursday" may as well be the next one, or that of a page kept up to date.
FAR = 5
# Captions, menus and halves of sentences begin and end otherwise.
_WHOLE = re.compile(r"[\"'“‘(\[]?[A-Z0-9].*[.!?…][\"'”’)\]]*", re.DOTALL)
_CAPTION = re.compile(
    r"\b(?:Hide|Show|Photo|Image|Video) Caption\b|\bPhotos?:"
    r"|\b(?:is|are) (?:seen|pictured|shown) (?:in|on|at|near|from|outside|inside|above|along|after|during)\b"
    r"|, (?:second from )?(?:left|right|cent(?:er|re)), [a-z]+s\b"
    r"|^(?:An?|This|The) (?:satellite |aerial |file )?(?:photo|photograph|picture|image) shows"
    r" (?!how|that|what|why)",
    re.IGNORECASE,
)
# Who took a picture, before what it shows: "Jae C. Hong/AP Crosses", "Matthew Busch for CNN People".
_CREDIT = re.compile(
    r"(?:[A-Z][\w.'’-]{0,30} ){0,5}[A-Z][\w.'’-]{0,30}"
    r"(?:/[A-Z][\w&]{1,30}(?: via [A-Z]\w{1,20}(?: Images)?)?[ /]| (?:for|via) [A-Z]{2,10} )[A-Z0-9]"
)
# How a day was found. Named: it stands in the sentence. Own: it is that of the article. Ahead: it was still
# to come when the article was written. Far: a bare day of the week, FAR days back or more.
Basis = Literal["named", "own", "ahead", "far"]


@dataclass(frozen=True, slots=True)
class Dated:
    """A sentence and a day that it reports on."""

    quote: Quote
    day: date
    basis: Basis
    place: int  # in its article, from 0


def dated_sentences(article: Article) -> Iterator[Dated]:
    """Yield each sentence of an article with each day that it reports on, in order."""
    written = days_of_writing(article)
    own = written[0] if len(written) == 1 else None
    line = dateline(article)
    body = 0 if line is None else line.end  # the day of a dateline is that of writing, not of an event
    for place, (start, end) in enumerate(sentences(article.text)):
        quote = Quote(article, start, end)
        if not _stands_alone(quote.text):
            continue
        expressions = [one for one in temporal_expressions(quote.text) if start + one.start >= body]
        days: dict[date, Basis] = {}
        for expression in expressions:
            if expression.relative and not written:
                continue
            meant = resolve(expression, written if written else (date.max,))
            if meant is not None and meant.unit == "day" and meant.first == meant.last:
                basis = _basis(expression, meant.first, own)
                if days.get(meant.first) != "named":
                    days[meant.first] = basis
        for day in sorted(days):
            yield Dated(quote, day, days[day], place)
        if own is not None and not expressions and place < LEAD:
            yield Dated(quote, own, "own", place)


def _stands_alone(sentence: str) -> bool:
    fits = SHORTEST <= len(sentence) <= LONGEST and "\n" not in sentence
    is_caption = _CAPTION.search(sentence) is not None or _CREDIT.match(sentence) is not None
    return fits and not is_caption and _WHOLE.fullmatch(sentence) is not None


def _basis(expression: TemporalExpression, day: date, own: date | None) -> Basis:
    if own is None:
        return "named"
    if day > own:
        return "ahead"
    named = expression.found.groupdict()
    bare = named.get("weekday") is not None and named.get("day") is None
    return "far" if bare and (own - day).days >= FAR else "named"
