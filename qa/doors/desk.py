"""Desk: what a server's requests ask of an archive -> records for JSON; both servers stand on it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from qa.archive import Archive
from qa.doors.adding import add_articles
from qa.doors.async_archive import AsyncArchive
from qa.doors.bodies import Ask, NewArticle, Search
from qa.doors.pool import Pool
from qa.errors import InputError, QAError
from qa.export import article_to_dict, hits_to_list, reply_to_dict
from qa.reports import Overview
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
        self._writer = Pool(1, self.limits.adding, self.limits.add_seconds)
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

    async def ask(self, asked: Ask) -> dict[str, Any]:
        """Return the reply.

        :raises QAError: if the question cannot be read, or not now.
        """
        await self._follow()
        reply = await self._archive.ask(
            asked.question,
            since=asked.since,
            until=asked.until,
            source=asked.source,
            tag=asked.tag,
            as_of=_day_of_asking(asked),
            heed_time=asked.heed_time,
            after=asked.after,
        )
        return reply_to_dict(reply)

    async def search(self, asked: Search, k: int) -> list[dict[str, Any]]:
        """Return the passages, best first.

        :raises QAError: if the question cannot be read, or not now.
        """
        if k > self.limits.passages:
            raise InputError(
                f"k is {k:,}, at most {self.limits.passages} passages can be had", cure="Ask for fewer."
            )
        await self._follow()
        hits = await self._archive.search(
            asked.question,
            k,
            since=asked.since,
            until=asked.until,
            source=asked.source,
            tag=asked.tag,
            as_of=_day_of_asking(asked),
            heed_time=asked.heed_time,
        )
        return hits_to_list(hits)

    async def article(self, article_id: str) -> dict[str, Any]:
        """Return an article with its text.

        :raises KeyError: if the archive does not hold it.
        """
        await self._follow()
        article = await self._archive.article(article_id)
        return {**article_to_dict(article), "text": article.text}

    async def overview(self) -> dict[str, Any]:
        """Return what is in the archive."""
        await self._follow()
        return overview_to_dict(await self._archive.overview())

    async def add(self, articles: Sequence[NewArticle]) -> dict[str, Any]:
        """Add articles, one request after the other; from the reply on they are found.

        A request that is cancelled before its turn adds nothing; one that is worked on is finished.

        :raises QAError: if none can be added, or not now.
        """
        if len(articles) > self.limits.articles:
            raise InputError(
                f"these are {len(articles):,} articles, one request may bring {self.limits.articles:,}",
                cure="Send them in parts.",
            )
        report = await self._writer.run(lambda _: add_articles(self._archive.archive, articles, self._making))
        return {
            "added": report.added,
            "articles": report.articles,
            "passages": report.passages,
            "duplicates": report.duplicates,
            "skipped": [
                {"article": int(one.where.rpartition(":")[2]), "why": one.why} for one in report.skipped
            ],
            "seconds": report.seconds,
        }

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


def overview_to_dict(facts: Overview) -> dict[str, Any]:
    """What is in an archive, as ``show --json`` says it but without the paths of the machine."""
    known = asdict(facts)
    del known["index"]
    return known | {
        "built": facts.built.isoformat(),
        "embedder": _without_folder(facts.embedder),
        "first": _moment(facts.first),
        "last": _moment(facts.last),
        "sources": [{"name": name, "articles": number} for name, number in facts.sources],
        "tags": [{"name": name, "articles": number} for name, number in facts.tags],
        "skipped": len(facts.skipped),
    }


def _without_folder(model: str) -> str:
    """A model's name; of one that lies in a folder the last part alone."""
    return Path(model).name if Path(model).exists() or Path(model).is_absolute() else model


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _day_of_asking(asked: Search) -> Any:
    if asked.no_day and asked.as_of is not None:
        raise InputError("as_of and no_day contradict each other", cure="Choose one of them.")
    return asked.day_of_asking
