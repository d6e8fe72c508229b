"""What an archive holds, what inputs would bring and what a poll brought, for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.records import Article, Skipped

Order = Literal["published", "arrived"]  # by which the newest come first


@dataclass(frozen=True, slots=True)
class Listing:
    """One stretch of the articles that pass a filter: newest first, those without a date last."""

    articles: tuple[Article, ...]
    total: int  # articles that pass


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles of a name fall into a period."""

    first: date  # first day of the period
    name: str  # a source or a tag
    articles: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the dated articles spread over time."""

    unit: Literal["day", "month", "year"]  # length of a period
    counts: tuple[Count, ...]  # by period, then by name; an article with two tags counts for both


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article near another one in meaning."""

    article: Article
    similarity: float  # cosine of the nearest of its passages and the middle of the other's, -1 to 1


@dataclass(frozen=True, slots=True)
class Preview:
    """How the first articles of some inputs were understood, before anything is built of them."""

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...]  # of what was looked at
    columns: tuple[str, ...]  # of the records, in the order in which they were met
    recognised: tuple[tuple[str, str], ...]  # field and the column that gave it, in the first record
    sources: int  # files and addresses in all


@dataclass(frozen=True, slots=True)
class Poll:
    """What came of asking all feeds once."""

    feeds: int
    answered: int  # feeds that were had, changed or not
    unchanged: int  # of these: not sent again, since they are as before
    added: int  # articles that are new or changed
    faults: tuple[Skipped, ...]
