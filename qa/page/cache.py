"""What the process holds for every tab: opened archives, loaded readers, replies and running builds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

import streamlit as st

import qa
from qa.brief.make import make_brief
from qa.brief.records import Brief
from qa.page import examples as headlines
from qa.page.jobs import Jobs
from qa.page.preferences import Preferences
from qa.records import Answered, Article, Calendar, Hit, Reply
from qa.reports import BuildReport, Overview
from qa.retrieve.spelling import LOOKED_AT, Vocabulary, vocabulary_of
from qa.settings import AskSettings

if TYPE_CHECKING:
    from qa.read.reader import ExtractiveReader
    from qa.retrieve.query import Query

HEADLINES = 60  # of the newest articles; enough to find a few that can become questions
REPLIES = 200  # kept; a reply holds the articles of ten passages, some 100 kB
Key: TypeAlias = tuple[Hashable, ...]  # all that a reply depends on, the index first


class OpenArchive:
    """An opened archive with its overview, which is worked out once a generation."""

    def __init__(self, retriever: qa.Retriever) -> None:  # quoted: the name alone loads heavy libraries
        self.retriever = retriever
        self._overview = retriever.overview()
        self._lock = threading.Lock()

    def current(self) -> Overview:
        """Move to the newest generation and return what it holds."""
        with self._lock:
            moved = self.retriever.refresh()
            if moved:
                self._overview = self.retriever.overview()
            overview = self._overview
        if moved:
            _let_go_of_older(self.retriever.address)
        return overview


@st.cache_resource(show_spinner="Opening the archive and loading the model that finds passages …")
def archive(index: str) -> OpenArchive:
    return OpenArchive(qa.Retriever.open(index))


@st.cache_resource(show_spinner="Loading the reader …", max_entries=2)
def reader(name: str) -> ExtractiveReader:
    from qa.read.reader import ExtractiveReader

    return ExtractiveReader.load(replace(AskSettings(), reader=name))


@dataclass(frozen=True, slots=True)
class Conditions:
    """What restricts all questions of a file."""

    since: date | None
    until: date | None
    sources: tuple[str, ...]
    tags: tuple[str, ...]


class Replies:
    """The latest replies, each under all that it depends on. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Reply] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Reply | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def clear(self) -> None:
        """Drop all, as when an article that they quote is deleted."""
        with self._lock:
            self._kept.clear()

    def let_go_of(self, index: str) -> None:
        """Drop those of one archive."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == index]:
                del self._kept[key]

    def keep(self, key: Key, reply: Reply) -> None:
        with self._lock:
            self._kept[key] = reply
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def replies() -> Replies:
    return Replies(REPLIES)


def ask(
    index: str,
    preferences: Preferences,
    query: Query,
    after: Reply | None,
    on_passages: Callable[[Sequence[Hit]], None],
) -> Reply:
    """Ask the archive; ``on_passages`` is called with the passages before they are read."""
    return news(index, preferences).reply_to(query, after=after, on_passages=on_passages)


def ask_each(
    index: str, preferences: Preferences, today: date, questions: Sequence[str], conditions: Conditions
) -> Iterator[Answered]:
    """Ask the archive many questions, each by itself, in batches."""
    return news(index, preferences).ask_each(
        questions,
        since=conditions.since,
        until=conditions.until,
        source=conditions.sources,
        tag=conditions.tags,
        as_of=preferences.as_of if preferences.as_of is not None else today,
    )


def news(index: str, preferences: Preferences) -> qa.Archive:
    chosen = preferences.settings()
    asked = qa.Archive.over(archive(index).retriever, reader(chosen.reader), chosen)
    if asked.calibration is None:  # there is no probability that a threshold could be compared with
        asked.settings = replace(chosen, threshold=None)
    return asked


@st.cache_resource(show_spinner=False, max_entries=16)
def brief(
    index: str, generation: str, today: date, topic: str, since: date | None, until: date | None, days: int
) -> Brief:
    return make_brief(archive(index).retriever, topic, since=since, until=until, as_of=today, days=days)


@st.cache_resource(show_spinner=False, max_entries=16)
def calendar(index: str, generation: str, by: Literal["source", "tags"]) -> Calendar:
    return archive(index).retriever.calendar(by)


@st.cache_resource(show_spinner=False, max_entries=16)
def examples(index: str, generation: str) -> list[str]:
    return headlines.examples(_one_of_each(archive(index).retriever))


def _one_of_each(retriever: qa.Retriever) -> Iterator[Article]:
    """Yield the newest articles, of near-duplicates and versions only the newest one."""
    seen: set[str] = set()
    for known in retriever.listing(0, HEADLINES).articles:
        if known.id not in seen:
            yield known
            seen.update(other.id for other in retriever.near_duplicates(known.id))


@st.cache_resource(show_spinner=False, max_entries=4)
def vocabulary(index: str, generation: str) -> Vocabulary:
    return vocabulary_of(archive(index).retriever.listing(0, LOOKED_AT).articles)


def _let_go_of_older(index: str) -> None:
    """Drop what an older generation gave: nobody asks it again, and it may quote what was deleted."""
    replies().let_go_of(index)
    for worked_out in (brief, calendar, examples, vocabulary):
        worked_out.clear()  # of all archives: what is wanted again takes milliseconds


@st.cache_resource(show_spinner=False)
def forgotten() -> dict[str, str]:
    """Return the generation of each index that a deletion on the page made last."""
    return {}


@st.cache_resource(show_spinner=False)
def builds() -> Jobs[BuildReport]:
    return Jobs()
