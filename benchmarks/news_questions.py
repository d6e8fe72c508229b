"""benchmarks/questions/news.jsonl -> questions and golds on times, agreement, change and follow-ups."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

FILE = Path(__file__).resolve().parent / "questions" / "news.jsonl"


@dataclass(frozen=True, slots=True)
class InArticle:
    """A stretch of an article of the sample archive, which its title names."""

    article: str
    start: int
    quote: str


@dataclass(frozen=True, slots=True)
class TimeGold:
    """What a relative expression means, read by hand in its article."""

    id: str
    article: str
    quote: str  # the words around the expression; they occur once in the article
    expression: str
    first: date | None  # None: the article's date is too vague to resolve the expression
    last: date | None


@dataclass(frozen=True, slots=True)
class PairGold:
    """Two quotes, and whether they give the same answer."""

    id: str
    one: InArticle
    two: InArticle
    same: bool


@dataclass(frozen=True, slots=True)
class AskedGold:
    """A question that names a time, or asks for the newest."""

    id: str
    question: str
    as_of: date | None  # the day of asking; None where it does not matter
    first: date | None
    last: date | None
    hard: bool
    answers: tuple[str, ...]
    article: str


@dataclass(frozen=True, slots=True)
class ChangeGold:
    """A question whose answer changed, or on which sources differ."""

    id: str
    question: str
    answers: tuple[str, ...]  # those of the newest article, or of all articles that disagree
    state: str  # "superseded": there are older answers; "disputed"; "current": neither
    others: tuple[str, ...]  # older or rival answers


@dataclass(frozen=True, slots=True)
class FollowUpGold:
    """A question that leans on the one before."""

    id: str
    before: str
    question: str
    answers: tuple[str, ...]
    article: str


Gold = TimeGold | PairGold | AskedGold | ChangeGold | FollowUpGold
Kind = TypeVar("Kind", TimeGold, PairGold, AskedGold, ChangeGold, FollowUpGold)
_KINDS = {
    "times": TimeGold,
    "agreement": PairGold,
    "asked": AskedGold,
    "change": ChangeGold,
    "follow-up": FollowUpGold,
}


def questions(kind: type[Kind]) -> list[Kind]:
    """Return the questions on one point, in the order of the file."""
    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [_gold(line) for line in lines if _KINDS[line["point"]] is kind]


def _gold(line: dict[str, object]) -> Gold:
    values = {name: _value(name, value) for name, value in line.items() if name != "point"}
    return _KINDS[str(line["point"])](**values)


def _value(name: str, value: object) -> object:
    if name in ("first", "last", "as_of"):
        return None if value is None else date.fromisoformat(str(value))
    if name in ("one", "two"):
        return InArticle(**value)
    return tuple(value) if isinstance(value, list) else value
