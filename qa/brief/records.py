"""The frozen records of a brief: a topic day by day, in exact sentences with their dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qa.records import Quote, UnknownName

DAYS, MOST_DAYS = 10, 100  # of a brief, unless another number is named, and at most


@dataclass(frozen=True, slots=True)
class Event:
    """One sentence of a brief: ``quote.text`` stands in its article word for word."""

    quote: Quote
    agreeing: tuple[Quote, ...]  # sentences of other articles that say nearly the same
    sources: int  # independent articles that say it; near-duplicates count as one
    relevance: float  # to the topic, 0 to 1


@dataclass(frozen=True, slots=True)
class BriefDay:
    """What happened on a day."""

    day: date
    events: tuple[Event, ...]  # one or two, the more relevant one first
    articles: int  # independent ones that report or refer to the day


@dataclass(frozen=True, slots=True)
class Brief:
    """A topic as a chain of days."""

    topic: str
    days: tuple[BriefDay, ...]  # in the order of time; none means that the archive holds nothing on the topic
    articles: int  # that were looked at
    since: date | None = None  # the first day that was asked for, by a condition or in the topic
    until: date | None = None  # the last one
    unknown: tuple[UnknownName, ...] = ()  # sources and tags asked for that no article has
