"""The frozen records of jobs: how far one has come, what it did and left out, what an index holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qa.records import Article


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that did not become an article, and why."""

    where: str  # file:line, file or URL
    why: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know of what was read, though it became articles."""

    where: str  # file or address; "" for all inputs
    what: str  # a sentence

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    articles: int  # in the index now
    passages: int  # in the index now
    embedded: int  # passages embedded in this build; the rest were taken over
    added: int  # articles that are new or changed
    removed: int  # articles that the last generation had and this one has not
    duplicates: int  # exact repeats that were left out
    near_duplicates: int  # articles that have a near-duplicate in the index
    skipped: tuple[Skipped, ...]
    seconds: float
    notes: tuple[Note, ...] = ()  # what was guessed or set aside, and what most articles lack


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An article that was deleted."""

    id: str
    title: str
    source: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What was deleted, or would be."""

    forgotten: tuple[Forgotten, ...]
    unknown: tuple[str, ...]  # ids that were named and are not in the index
    articles: int  # in the index afterwards
    passages: int  # in the index afterwards
    dry_run: bool  # nothing was deleted
    seconds: float
    near_duplicates: tuple[Forgotten, ...] = ()  # articles that stay and say nearly the same
    # Old states that somebody still has open, by name: they hold the text until their readers move on.
    still_read: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()  # other places that may hold the text


# Of a stage, in which nobody can say a rate: its first batch alone made 36 a second, then 7.
FIRST_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job has come; total is 0 while it is not known."""

    # "reading", "loading the embedder", "cutting", "embedding", "writing", "linking near-duplicates"
    stage: str
    done: int
    total: int
    unit: str  # what is counted: "articles", "passages", "model"


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in an index, for people."""

    index: str
    generation: str
    built: datetime  # aware, UTC
    articles: int
    passages: int
    bytes_on_disk: int | None  # None: a server keeps it
    embedder: str
    dimension: int
    first: datetime | None  # published, earliest
    last: datetime | None  # published, latest
    undated: int
    sources: tuple[tuple[str, int], ...]  # with article counts, most first
    tags: tuple[tuple[str, int], ...]  # with article counts, most first
    skipped: tuple[Skipped, ...]  # of the last build


@dataclass(frozen=True, slots=True)
class Preview:
    """How the first articles of some inputs were understood, before anything is built of them."""

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...]  # of what was looked at
    columns: tuple[str, ...]  # of the records, in the order in which they were met
    recognised: tuple[tuple[str, str], ...]  # field and the column that gave it, in the first record
    sources: int  # files and addresses in all
    notes: tuple[str, ...] = ()  # what was guessed, and how dates were read


@dataclass(frozen=True, slots=True)
class Poll:
    """What came of asking all feeds once."""

    feeds: int
    answered: int  # feeds that were had, changed or not
    unchanged: int  # of these: not sent again, since they are as before
    added: int  # articles that are new or changed
    faults: tuple[Skipped, ...]
