"""The frozen records of followed questions: what is kept beside an index, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qa.records import State


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """The sure answer to a followed question as it was when the question was last asked."""

    text: str  # sentence[start:end]
    sentence: str
    start: int
    end: int
    state: State
    confidence: float | None
    article: str  # its id
    title: str
    source: str
    url: str
    published: datetime | None  # aware, UTC


@dataclass(frozen=True, slots=True)
class Followed:
    """A question that is asked again whenever news comes in."""

    number: int  # names it; never given twice for an index
    question: str
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    added: datetime | None = None  # aware, UTC
    asked: datetime | None = None  # last; None: not yet
    answer: KnownAnswer | None = None  # None: no sure answer by now


@dataclass(frozen=True, slots=True)
class Change:
    """The answer to a followed question is another one than before."""

    number: int  # of the question
    question: str
    before: KnownAnswer | None  # None: there was no sure answer
    after: KnownAnswer | None  # None: the article that gave it is gone, and no other gives one
    at: datetime  # when it was noticed; aware, UTC


@dataclass(frozen=True, slots=True)
class Notebook:
    """All that is followed for an index."""

    questions: tuple[Followed, ...] = ()
    changes: tuple[Change, ...] = ()  # newest first
    generation: str = ""  # the state of the index that was asked last
    next_number: int = 1
    name: str = ""  # a UUID, by which readers of the feed know it
