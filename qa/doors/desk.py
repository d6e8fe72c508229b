"""Desk: what a server's requests ask of an archive -> its records; both servers stand on it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from types import TracebackType

from qa.archive import Archive
from qa.brief.records import Brief
from qa.doors.adding import add_articles
from qa.doors.async_archive import AsyncArchive
from qa.doors.bodies import Ask, NewArticle, Search
from qa.doors.pool import Pool
from qa.errors import InputError, QAError
from qa.records import Article, Hit, NoDay, Reply, UnknownName
from qa.reports import BuildReport, Overview
from qa.retrieve.nearest import unknown_names
from qa.retrieve.query import filter_of
from qa.settings import DoorSettings, IndexSettings

log = logging.getLogger("qa.doors")


class Desk:
    """One archive for all requests, which follows its index; for one event loop."""

    def __init__(
        self, archive: Archive, limits: DoorSettings | None = None, *, making: IndexSettings | None = None
    ) -> None:
        """``making``: how the index was built; default as the command line builds."""
        self.limits = limits if limits is not None else DoorSettings()
        self._archive = AsyncArchive(archive, self.limits)
        seconds = self.limits.add_seconds
        self._writer = Pool(1, self.limits.adding, wait_seconds=seconds, seconds=seconds)
        self._making = making if making is not None else IndexSettings()
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
        await self._archive.close()
        await self._writer.close()

    @property
    def waiting(self) -> int:
        """How many requests run or wait."""
        return self._archive.inside + self._writer.inside

    async def ask(self, asked: Ask) -> Reply:
        """Return the reply.

        :raises QAError: if the question cannot be read, or not now.
        """
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

    async def search(self, asked: Search, k: int) -> list[Hit]:
        """Return the passages, best first.

        :raises QAError: if the question cannot be read, or not now.
        """
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
        """Return a topic told day by day.

        :raises QAError: if the topic cannot be read, or not now.
        """
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

    async def unknown(self, asked: Search) -> tuple[UnknownName, ...]:
        """Return the sources and tags that were asked for and that no article has."""
        filters = filter_of(source=asked.source, tag=asked.tag)
        return unknown_names(filters, await self.overview()) if filters.restricts else ()

    async def add(self, articles: Sequence[NewArticle]) -> BuildReport:
        """Add articles, one request after the other; from the reply on they are found.

        A request that is cancelled before its turn adds nothing; one that is worked on is finished.

        :raises QAError: if none can be added, or not now.
        """
        if len(articles) > self.limits.articles:
            raise InputError(
                f"these are {len(articles):,} articles, one request may bring {self.limits.articles:,}",
                cure="Send them in parts.",
            )
        return await self._writer.run(lambda _: add_articles(self._archive.archive, articles, self._making))

    async def _follow(self) -> None:
        """Move to what the index has become; where that cannot be read, go on with what there is."""
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
