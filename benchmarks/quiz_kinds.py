"""Kinds of quiz questions, and what becomes of each: where the archive, the retrieval and the reader fail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.quiz_questions import QuizQuestion
from qa.evaluate.asking import Outcome
from qa.evaluate.metrics import contains

_AMOUNT = "many|much|old|long|far|big|large|often|tall|high"
_PERIOD = "year|day|date|month|decade|century"
_PLACE = "countr(?:y|ies)|nations?|states?|city|cities|continent"
# The first pattern that matches decides. The last sentence asks; the sentences before it give the context.
_KINDS = (
    ("which of these, all but one", r"\bof (?:these|the following|the below)\b|\bexcept\b|\b(?-i:NOT)\b"),
    ("to be completed", r"_{2,}|\.{3}|…|:$"),
    ("number or amount", rf"\b(?:how (?:{_AMOUNT})|what percentage|\w+ percent)\b"),
    ("time", rf"\bwhen (?:did|was|were|is|does|will)\b|\bwhen\?|\b(?:what|which) (?:\w+ )?(?:{_PERIOD})\b"),
    ("place", rf"\b(?:where|(?:what|which) (?:\S+ ){{0,3}}?(?:{_PLACE}))\b"),
    ("person", r"\b(?:who|whom|whose)\b"),
    ("which or what thing", r"\b(?:which|what)\b"),
)
_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _KINDS)
OTHER = "other"
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"]?\s+(?=[A-Z“\"])")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the answerable questions of one kind; shares, 0 to 1."""

    kind: str
    questions: int
    f1: float  # of the best span, shown or not
    not_read: float  # the answer's words are in none of the passages read
    misread: float  # the answer's words were read, and the best span is wrong
    kept_back: float  # the best span is right and below the threshold
    shown: float  # right, and shown


def kind_of(question: str) -> str:
    """Return the kind of the last sentence."""
    asked = _SENTENCE_END.split(question.strip())[-1]
    return next((name for name, pattern in _PATTERNS if pattern.search(asked)), OTHER)


def fates(outcomes: Sequence[Outcome[QuizQuestion]]) -> list[Fate]:
    """Return one row a kind that occurs, most questions first; only of answerable questions."""
    by_kind: dict[str, list[Outcome[QuizQuestion]]] = {}
    for outcome in outcomes:
        if outcome.gold.answerable:
            by_kind.setdefault(kind_of(outcome.gold.question), []).append(outcome)
    return sorted((_fate(kind, held) for kind, held in by_kind.items()), key=lambda f: -f.questions)


def _fate(kind: str, held: Sequence[Outcome[QuizQuestion]]) -> Fate:
    def share(chosen: Sequence[bool]) -> float:
        return sum(chosen) / len(held)

    read = [any(contains(hit.passage.text, o.gold.answer) for hit in o.reply.hits) for o in held]
    right = [o.worth.right for o in held]
    return Fate(
        kind,
        len(held),
        f1=sum(o.worth.f1 for o in held) / len(held),
        not_read=share([not r and not found for r, found in zip(right, read, strict=True)]),
        misread=share([not r and found for r, found in zip(right, read, strict=True)]),
        kept_back=share([r and not o.shown for r, o in zip(right, held, strict=True)]),
        shown=share([r and o.shown for r, o in zip(right, held, strict=True)]),
    )
