"""Distinct answers, best first -> the newest first where the world moved, both marked where sources differ.

Only answers that are alternatives: amounts of one measure to a question for an amount, or names to a
question for the holder of an office. Two people who met a third are no alternatives, and neither are
numbers that stand in one article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from qa.news.agreement import copies_of, independent_sources
from qa.news.names import Name
from qa.news.numbers import Number
from qa.news.values import Saying, saying_of
from qa.records import Answer, Hit

SAME_DAYS = timedelta(days=2)  # reports so near to each other tell of the same state of things
_LEAST_SHARE = 0.5  # of the best answer's confidence; below it an answer is no serious alternative
_ASKS_FOR_AN_AMOUNT = re.compile(
    r"\bhow\s+(?:many|much|large|high|low|big|strong|severe)\b|\b(?:number|toll|price|cost|rate|range|level"
    r"|share|percentage|total|count|size|estimate)\b",
    re.IGNORECASE,
)
_ASKS_FOR_AN_OFFICE = re.compile(
    r"^\W*who(?:'s|\s+(?:is|was|has\s+been|became|leads?|led|heads?|runs?))\s+"
    r"(?:(?!when\b|where\b|while\b|after\b|before\b|that\b)[\w'’]+\s+){0,4}?"
    r"(?:president|premier|minister|chancellor|king|queen|pope|chief|chair\w*|head|leader|coach|captain"
    r"|governor|mayor|secretary|director|manager|owner|champions?)\b",
    re.IGNORECASE,
)
_FINE_ENOUGH = ("", "hour", "day")  # how exact an article's date must be to say which is newer


def stood(question: str, answers: Sequence[Answer], hits: Sequence[Hit]) -> list[Answer]:
    """The answers with their standing, in the order in which they are shown.

    The newest of the alternatives to the best answer takes its place, "as of" its day, and the older
    ones follow it, newest first. Of alternatives of the same days and of different sources all are
    disputed, and the surest leads.
    """
    group = _alternatives(question, answers)
    if len(group) < 2:
        return list(answers)
    newest = max(answer.last for answer in group if answer.last is not None)
    recent = [answer for answer in group if newest - answer.last <= SAME_DAYS]
    older = sorted((a for a in group if a not in recent), key=lambda a: a.last, reverse=True)
    told_by = [article for answer in recent for article in (answer.article, *answer.support)]
    disputed = len(recent) > 1 and independent_sources(told_by, copies_of(hits)) > 1
    state = "disputed" if disputed else "current"
    ordered = [replace(answer, state=state, as_of=answer.last) for answer in recent]
    ordered += [replace(answer, state="superseded", as_of=answer.last) for answer in older]
    return ordered + [answer for answer in answers if answer not in group]


def _alternatives(question: str, answers: Sequence[Answer]) -> list[Answer]:
    """The best answer and those that may take its place, best first."""
    kind: type[Number] | type[Name]
    if _ASKS_FOR_AN_AMOUNT.search(question):
        kind = Number
    elif _ASKS_FOR_AN_OFFICE.search(question):
        kind = Name
    else:
        return []
    sayings = [saying_of(answer.article, answer.start, answer.end) for answer in answers]
    group = [
        answer
        for answer, saying in zip(answers, sayings, strict=True)
        if isinstance(saying.value, kind) and _is_alternative(answer, saying, answers[0], sayings[0])
    ]
    return group if group and group[0] is answers[0] else []


def _is_alternative(answer: Answer, saying: Saying, best: Answer, best_saying: Saying) -> bool:
    if answer.last is None or answer.article.approximate_to not in _FINE_ENOUGH:
        return False
    if answer is best:
        return True
    if isinstance(saying.value, Number) and isinstance(best_saying.value, Number):
        return _sure_enough(answer, best) and saying.value.measure == best_saying.value.measure
    return _sure_enough(answer, best) and type(saying.value) is type(best_saying.value)


def _sure_enough(answer: Answer, best: Answer) -> bool:
    if answer.article.id in {article.id for article in (best.article, *best.support)}:
        return False
    if answer.confidence is None or best.confidence is None:
        return answer.margin >= 0
    return answer.confidence >= _LEAST_SHARE * best.confidence
