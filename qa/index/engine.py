"""What the Retriever needs of an index, however it is kept: candidates for a question, then the evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from qa.errors import IndexMissing
from qa.index.shards import Shard
from qa.ingest.versions import plain_id
from qa.models.embedder import Embedder
from qa.records import Article, Calendar, Filter, Listing, Neighbour, Order, Passage
from qa.reports import BuildReport, ForgetReport, Note, Overview, Progress, Skipped
from qa.settings import IndexSettings
from qa.shipped import build_command

MANIFEST = "manifest.json"  # its presence makes a folder an index; no engine may take it for anything else


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The passages that dense or BM25 search ranks high, each with both true scores.

    Whichever method brought a passage, the other one's score of it is worked out too: a fusion
    that took a missing score for 0 would punish what only one method found.
    """

    keys: np.ndarray  # (n,) names the passages to their engine, in an order that settles equal scores
    cosines: np.ndarray  # (n,) of question and passage
    bm25: np.ndarray  # (n,) of the question's words, >= 0
    published: np.ndarray  # (n,) datetime64[us] of the article, UTC; NaT where it has no date


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its whole article, the article's near-duplicates and its newest version if later."""

    passage: Passage
    near_duplicates: tuple[Article, ...]
    newer_version: Article | None = None


class Engine(Protocol):
    """An index, opened. Safe to share between threads."""

    @property
    def address(self) -> str:
        """Where the index is, as people write it."""
        ...

    @property
    def embedder(self) -> str:
        """The name of the embedder that built the index."""
        ...

    @property
    def embedder_sha256(self) -> str:
        """The hash of that embedder's weights."""
        ...

    def candidates(self, question: str, vector: np.ndarray, many: int, condition: Filter) -> Candidates:
        """Return the ``many`` best passages by each of dense search and BM25 that pass the condition.

        ``vector`` ``(dim,)`` is the question embedded. The condition is exact and comes before
        the ranking: it never costs hits.
        """
        ...

    def found(self, keys: Sequence[Any]) -> list[Found | None]:
        """Return the passages that candidates of this engine were named by, in that order.

        None where an index that is changed in place has let go of the article meanwhile.
        """
        ...

    def article(self, article_id: str) -> Article:
        """Return an article of the index, whole.

        :raises KeyError: if the index does not hold it.
        """
        ...

    def near_duplicates(self, article_id: str) -> list[Article]:
        """Return the other articles that are near-duplicates of this one.

        :raises KeyError: if the index does not hold it.
        """
        ...

    def neighbours(self, article_id: str, many: int, within: timedelta | None) -> list[Neighbour]:
        """Return the articles nearest in meaning, nearest first; one of each other group of near-duplicates.

        ``within``: only those published so near to it in time.

        :raises KeyError: if the index does not hold it.
        """
        ...

    def listing(self, condition: Filter, first: int, many: int, by: Order) -> Listing:
        """Return the articles that pass, newest first, ``many`` from the ``first`` on."""
        ...

    def calendar(self, by: Literal["source", "tags"]) -> Calendar:
        """Return how the dated articles spread over time, by their names."""
        ...

    def overview(self) -> Overview:
        """Return what is in the index, for people."""
        ...

    def newer(self) -> Engine | None:
        """Return the index as it is by now, None if nothing changed since it was opened.

        :raises ArchiveError: if what is there now cannot be opened.
        """
        ...


Listener = Callable[[Progress], None]


def is_storable(name: str) -> bool:
    """Return whether UTF-8 can hold a name. Python carries a byte that is no text as half a surrogate."""
    return name.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in name)


def no_index_at(where: object) -> IndexMissing:
    """Return what every engine says where there is no index."""
    return IndexMissing("there is no index here", where=where, cure=build_command(where))


def ignore_progress(progress: Progress) -> None:
    """Ignore progress, for callers who do not listen."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the inputs hold."""

    articles: list[Article]  # ids differ
    skipped: list[Skipped]
    duplicates: int  # exact repeats that were left out
    notes: tuple[Note, ...] = ()  # what there is to know of what was read


@dataclass(frozen=True, slots=True)
class BuildJob:
    """What a build is to do, with everything read, loaded and checked."""

    gathered: Gathered
    add: bool  # keep what the index holds
    shard: Shard | None  # write this part of the articles only
    settings: IndexSettings
    embedder: Embedder
    listener: Listener
    started: float  # by time.monotonic()

    def is_mine(self, article_id: str) -> bool:
        """Return whether the article belongs to the part that this build writes."""
        return self.shard is None or self.shard.holds(plain_id(article_id))


@dataclass(frozen=True, slots=True)
class Selection:
    """Articles to be deleted: those that pass the condition and, if ids are named, have one of them."""

    ids: tuple[str, ...]
    condition: Filter


@dataclass(frozen=True, slots=True)
class CheckedIndex:
    """What was found to be whole."""

    generation: str  # names the state that was checked
    articles: int
    passages: int


class Backend(Protocol):
    """Where an index is, or will be."""

    @property
    def home(self) -> Path | None:
        """The folder in which other indexes may lie beside this one; None where it is on a server."""
        ...

    def side_files(self, name: str) -> tuple[Path, ...]:
        """Return where a small file about the index is kept; () if this machine has no place for it.

        The first is written. The others are where earlier versions kept it; they are read if it is not there.
        """
        ...

    def prepare(self, shard: Shard | None) -> None:
        """Make sure, before hours of work, that a build can write here.

        :raises QAError: if it cannot.
        """
        ...

    def build(self, job: BuildJob) -> BuildReport:
        """Write the index.

        :raises ArchiveError: if it cannot be written; what was there is then untouched.
        """
        ...

    def forget(self, selection: Selection, *, dry_run: bool) -> ForgetReport:
        """Delete articles; nothing is written if none is selected.

        :raises InputError: if no article would be left.
        :raises ArchiveError: if there is no whole index, or it cannot be written.
        """
        ...

    def let_back(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Let later builds take in what was forgotten under these ids; those that had been.

        :raises ArchiveError: if there is no whole index, or it cannot be written.
        """
        ...

    def open(self) -> Engine:
        """Open the index.

        :raises ArchiveError: if there is no whole index.
        """
        ...

    def overview(self) -> Overview:
        """Return what is in the index; needs no model.

        :raises ArchiveError: if there is no whole index.
        """
        ...

    def check(self) -> CheckedIndex:
        """Read all of the index.

        :raises ArchiveError: at the first thing that is wrong, with its cure.
        """
        ...
