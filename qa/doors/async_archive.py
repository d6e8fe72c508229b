"""AsyncArchive: an Archive for programs with an event loop, which it never blocks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType

from qa import checks
from qa.archive import Archive
from qa.brief.records import DAYS, Brief
from qa.doors.pool import Pool, Ticket
from qa.follow.records import Change, Followed
from qa.many import TOGETHER
from qa.records import Answered, Article, Hit, Hits, Reply
from qa.reports import Overview
from qa.retrieve.query import AsOf, Day, Names
from qa.settings import AskSettings, DoorSettings


class AsyncArchive:
    """Asks an Archive in a few threads of its own; for the coroutines of one event loop.

    At most ``limits.workers`` questions run at a time and ``limits.waiting`` more wait. A question whose
    task is cancelled stops: before its turn at once, else once its passages are found. Every method
    raises :class:`qa.errors.TooBusy` where too many wait, or too long, and :class:`qa.errors.TooSlow` after
    ``limits.ask_seconds``, beside what the Archive's method of that name raises.
    """

    def __init__(self, archive: Archive, limits: DoorSettings | None = None) -> None:
        self.archive = checks.instance("archive", archive, Archive, "an Archive")
        given = checks.optional("limits", limits, DoorSettings, "a DoorSettings")
        self.limits = given if given is not None else DoorSettings()
        self._pool = Pool(
            self.limits.workers,
            self.limits.waiting,
            wait_seconds=self.limits.wait_seconds,
            seconds=self.limits.ask_seconds,
        )

    def __repr__(self) -> str:
        return f"AsyncArchive({self.archive!r})"

    @property
    def inside(self) -> int:
        """How many questions run or wait."""
        return self._pool.inside

    @classmethod
    async def open(
        cls, index: str | Path, *, settings: AskSettings | None = None, limits: DoorSettings | None = None
    ) -> AsyncArchive:
        """Open an index and load the models, as :meth:`qa.Archive.open`.

        :raises ArchiveError: if there is no whole index, or another embedder built it.
        :raises ModelError: if a model cannot be loaded.
        :raises InputError: if a threshold or an early exit is set for a reader that is not calibrated.
        """
        checks.optional("limits", limits, DoorSettings, "a DoorSettings")  # before the models are loaded
        return cls(await asyncio.to_thread(partial(Archive.open, index, settings=settings)), limits)

    async def __aenter__(self) -> AsyncArchive:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the threads; questions that run are stopped and waited for."""
        await self._pool.close()

    async def ask(
        self,
        question: str,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: AsOf = None,
        heed_time: bool = True,
        after: Reply | str | None = None,
        on_passages: Callable[[Sequence[Hit]], None] | None = None,
    ) -> Reply:
        """Return answers with their evidence, as :meth:`qa.Archive.ask`.

        ``after`` may also be the question before, which is then asked first. ``on_passages`` is called
        in a thread.

        :raises InputError: if a question is empty or too long, or a date cannot be read.
        :raises ValueError: if ``after`` is neither, or a datetime is naive.
        """

        if after is not None and not isinstance(after, str):
            checks.instance("after", after, Reply, "the Reply or the question before")
        checks.function("on_passages", on_passages)

        def asked(ticket: Ticket) -> Reply:
            def found(hits: Sequence[Hit]) -> None:
                ticket.check()
                if on_passages is not None:
                    on_passages(hits)

            ask = partial(
                self.archive.ask,
                since=since,
                until=until,
                source=source,
                tag=tag,
                as_of=as_of,
                heed_time=heed_time,
            )
            ticket.check()
            before = ask(after, on_passages=lambda _: ticket.check()) if isinstance(after, str) else after
            return ask(question, after=before, on_passages=found)

        return await self._pool.run(asked)

    async def ask_each(
        self,
        questions: Iterable[str],
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: AsOf = None,
        heed_time: bool = True,
    ) -> AsyncIterator[Answered]:
        """Ask many questions, in their order, as :meth:`qa.Archive.ask_each`.

        Each batch of 16 takes one place in the queue and has the time of one question, so that others who
        ask have their turn between.

        :raises InputError: if a date cannot be read.
        """
        ask_many = partial(
            self.archive.ask_many,
            since=since,
            until=until,
            source=source,
            tag=tag,
            as_of=as_of,
            heed_time=heed_time,
        )
        coming = iter(checks.several("questions", questions))
        while batch := list(islice(coming, TOGETHER)):

            def answered(_: Ticket, batch: Sequence[str] = tuple(batch)) -> list[Answered]:
                return ask_many(batch)

            for one in await self._pool.run(answered):
                yield one

    async def ask_many(
        self,
        questions: Iterable[str],
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: AsOf = None,
        heed_time: bool = True,
    ) -> list[Answered]:
        """Ask many questions, in their order, as :meth:`ask_each`, with all replies held at once.

        :raises InputError: if a date cannot be read.
        """
        each = self.ask_each(
            questions,
            since=since,
            until=until,
            source=source,
            tag=tag,
            as_of=as_of,
            heed_time=heed_time,
        )
        return [answered async for answered in each]

    async def follow(self, question: str, *, source: Names = None, tag: Names = None) -> Followed:
        """Keep a question beside the index, to be asked again whenever news comes in.

        :raises InputError: if it is empty or too long, the archive lacks a name, or it cannot be kept.
        """
        return await self._pool.run(lambda _: self.archive.follow(question, source=source, tag=tag))

    async def ask_followed(self, *, news: bool = True) -> list[Change]:
        """Ask all followed questions again, keep and return what changed, in the time of one question.

        :param news: False where articles were only forgotten: answers are kept, and none counts as a change.
        :raises InputError: if the followed questions cannot be read or kept.
        """
        return await self._pool.run(lambda _: self.archive.ask_followed(news=news))

    async def brief(
        self,
        topic: str,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: AsOf = None,
        days: int = DAYS,
    ) -> Brief:
        """Return a topic as a dated chain of exact sentences, as :meth:`qa.Archive.brief`.

        :raises InputError: if the topic is empty or too long, or a date cannot be read.
        """
        brief = partial(
            self.archive.brief,
            topic,
            since=since,
            until=until,
            source=source,
            tag=tag,
            as_of=as_of,
            days=days,
        )
        return await self._pool.run(lambda _: brief())

    async def search(
        self,
        question: str,
        k: int = 10,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: AsOf = None,
        heed_time: bool = True,
    ) -> Hits:
        """Return the passages alone, best first, as :meth:`qa.Archive.search`.

        :raises InputError: if the question is empty or too long, or a date cannot be read.
        :raises ValueError: if k is under 1 or a datetime is naive.
        """
        search = partial(
            self.archive.search,
            question,
            k,
            since=since,
            until=until,
            source=source,
            tag=tag,
            as_of=as_of,
            heed_time=heed_time,
        )
        return await self._pool.run(lambda _: search())

    async def article(self, article_id: str) -> Article:
        """Return an article of the index, whole.

        :raises KeyError: if the index does not hold it.
        """
        return await self._pool.run(lambda _: self.archive.article(article_id))

    async def overview(self) -> Overview:
        """Say what is in the index."""
        return await self._pool.run(lambda _: self.archive.overview())

    async def refresh(self) -> bool:
        """Move to a newer generation if one was built; True if so.

        :raises ArchiveError: if what is there now is damaged or another embedder built it; the archive
            then goes on with what it has.
        """
        return await self._pool.run(lambda _: self.archive.refresh())
