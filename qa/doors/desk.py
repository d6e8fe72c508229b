"""Desk: what a server's requests ask of an archive -> its records; both servers stand on it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from types import TracebackType

from qa import checks
from qa.archive import Archive
from qa.brief.records import Brief
from qa.doors.adding import add_articles
from qa.doors.async_archive import AsyncArchive
from qa.doors.bodies import Ask, NewArticle, Search
from qa.doors.pool import Pool
from qa.errors import ArchiveError, InputError, QAError, TooBusy
from qa.follow.feed import atom
from qa.follow.store import followed
from qa.records import Article, Hits, NoDay, Reply
from qa.reports import BuildReport, Overview
from qa.settings import DoorSettings, IndexSettings

log = logging.getLogger("qa.doors")


class Desk:
    """One archive for all requests, which follows its index; for one event loop."""

    def __init__(
        self, archive: Archive, limits: DoorSettings | None = None, *, making: IndexSettings | None = None
    ) -> None:
        """``making``: how the index was built; default as the command line builds."""
        self._archive = AsyncArchive(archive, limits)
        self.limits = self._archive.limits
        seconds = self.limits.add_seconds
        self._writer = Pool(1, self.limits.adding, wait_seconds=seconds, seconds=seconds)
        # One asks what is followed, one waits to, and sees the news of all that come after it.
        self._asker = Pool(1, 1, wait_seconds=seconds, seconds=seconds)
        self._asking: set[asyncio.Task[None]] = set()
        given = checks.optional("making", making, IndexSettings, "an IndexSettings")
        self._making = given if given is not None else IndexSettings()
        self._looked = time.monotonic()
        self._looking = False

    async def __aenter__(self) -> Desk:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the threads; what runs is waited for."""
        for task in self._asking:
            task.cancel()
        await self._archive.close()
        await self._writer.close()
        await self._asker.close()

    @property
    def waiting(self) -> int:
        """How many requests run or wait."""
        return self._archive.inside + self._writer.inside

    async def ask(self, asked: Ask) -> Reply:
        """Return the reply.

        :raises QAError: if the question cannot be read, or not now.
        """
        checks.instance("asked", asked, Ask, "an Ask")
        await self._follow()
        return await self._archive.ask(
            asked.question,
            since=asked.since,
            until=asked.until,
            source=asked.source,
            tag=asked.tag,
            as_of=_day_of_asking(asked),
            heed_time=asked.heed_time,
            after=asked.after,
        )

    async def search(self, asked: Search, k: int) -> Hits:
        """Return the passages, best first, with the sources and tags that no article has.

        :raises QAError: if the question cannot be read, or not now.
        """
        checks.instance("asked", asked, Search, "a Search")
        k = checks.whole_number("k", k, least=1)
        if k > self.limits.passages:
            raise InputError(
                f"k is {k:,}, at most {self.limits.passages} passages can be had", cure="Ask for fewer."
            )
        await self._follow()
        return await self._archive.search(
            asked.question,
            k,
            since=asked.since,
            until=asked.until,
            source=asked.source,
            tag=asked.tag,
            as_of=_day_of_asking(asked),
            heed_time=asked.heed_time,
        )

    async def brief(self, asked: Search, days: int) -> Brief:
        """Return a brief on a topic, day by day.

        :raises QAError: if the topic cannot be read, or the desk is too busy.
        """
        checks.instance("asked", asked, Search, "a Search")
        await self._follow()
        return await self._archive.brief(
            asked.question,
            since=asked.since,
            until=asked.until,
            source=asked.source,
            tag=asked.tag,
            as_of=_day_of_asking(asked),
            days=days,
        )

    async def article(self, article_id: str) -> Article:
        """Return an article.

        :raises KeyError: if the archive does not hold it.
        """
        await self._follow()
        return await self._archive.article(article_id)

    async def overview(self) -> Overview:
        """Return what is in the archive."""
        await self._follow()
        return await self._archive.overview()

    async def followed(self) -> str:
        """Return the Atom feed of what changed of the followed questions.

        :raises KeyError: if no question was ever followed.
        :raises ArchiveError: if what is followed cannot be read.
        """
        try:
            # Beside the pool, as a look at the index is: readers of feeds must not wait behind questions.
            notebook = await asyncio.to_thread(followed, self._archive.archive.retriever.address)
        except InputError as fault:  # who asks has put nothing wrong in
            raise ArchiveError(fault.what, where=fault.where, cure=fault.cure) from fault
        if not notebook.name:
            raise KeyError("no question is followed")
        return await asyncio.to_thread(atom, notebook)

    async def add(self, articles: Sequence[NewArticle]) -> BuildReport:
        """Add articles, one request after the other; from the reply on they are found.

        What is followed is asked again after the reply.

        A request that is cancelled before its turn adds nothing; one that is worked on is finished.

        :raises QAError: if none can be added, or not now.
        """
        for article in checks.several("articles", articles):
            checks.instance("articles", article, NewArticle, "several NewArticles")
        if len(articles) > self.limits.articles:
            raise InputError(
                f"these are {len(articles):,} articles, one request may bring {self.limits.articles:,}",
                cure="Send them in parts.",
            )
        report = await self._writer.run(
            lambda _: add_articles(
                self._archive.archive, articles, self._making, tokens=self.limits.add_tokens
            )
        )
        if report.added:
            task = asyncio.create_task(self._ask_followed())
            self._asking.add(task)  # or nobody would hold it
            task.add_done_callback(self._asking.discard)
        return report

    async def _ask_followed(self) -> None:
        """Ask what is followed again; a fault is for the server's own output, since nobody waits."""
        try:
            await self._asker.run(lambda _: self._archive.archive.ask_followed())
        except TooBusy:
            pass  # another waits to ask the same
        except QAError as fault:
            log.error("the followed questions were not asked: %s", fault)

    async def _follow(self) -> None:
        """Open the newest state of the index; if it cannot be read, keep the one that is open."""
        now = time.monotonic()
        if self._looking or now - self._looked < self.limits.refresh_seconds:
            return
        self._looking, self._looked = True, now
        try:
            # Beside the pool: a look at the index must neither wait behind questions nor be refused.
            await asyncio.to_thread(self._archive.archive.refresh)
        except QAError as fault:
            log.error("the index is read as it was before: %s", fault)
        finally:
            self._looking = False


def _day_of_asking(asked: Search) -> str | NoDay | None:
    if asked.no_day and asked.as_of is not None:
        raise InputError("as_of and no_day contradict each other", cure="Choose one of them.")
    return asked.day_of_asking
