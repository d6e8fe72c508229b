"""Archive: question -> Reply; retrieves, reads and judges."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from qa import checks
from qa.brief.records import DAYS, Brief
from qa.follow.records import Change, Followed
from qa.follow.store import follow
from qa.index.backends import backend_of, side_file
from qa.many import Found, Steps, answered_each
from qa.read.calibration import Calibration, file_name, refuse_probabilities
from qa.read.reader import ExtractiveReader, Reader
from qa.read.reading import Reading, ToRead, read_hits, read_together
from qa.read.shown import shown
from qa.records import Answered, Article, FollowUp, Hit, Hits, Reply
from qa.reports import Overview
from qa.retrieve.follow_up import follow_up_of
from qa.retrieve.query import (
    AsOf,
    Day,
    Names,
    Query,
    checked_question,
    day_of,
    filter_of,
    query_of,
    query_under,
)
from qa.retrieve.retriever import Retriever
from qa.retrieve.two_readings import is_better, leans_back
from qa.settings import AskSettings

LISTED = 20  # articles of a time that are named for "What happened in November 2023?"


class Archive:
    """Answers questions from an index with exact quotes. Safe to share between threads."""

    def __init__(
        self,
        retriever: Retriever,
        reader: Reader,
        settings: AskSettings,
        *,
        calibration: Calibration | None = None,
    ) -> None:
        """``calibration``: one fitted on questions about this archive; without it the reader's own holds."""
        self.retriever = retriever
        self.reader = reader
        self.settings = settings
        self.calibration = reader.calibration if calibration is None else calibration

    def __repr__(self) -> str:
        return f"Archive({self.retriever.address!r}, reader={self.settings.reader!r})"

    @classmethod
    def open(cls, index: str | Path, *, settings: AskSettings | None = None) -> Archive:
        """Open an index and load the models.

        :raises ArchiveError: if there is no whole index, or another embedder built it.
        :raises ModelError: if a model cannot be loaded.
        :raises InputError: if a threshold or an early exit is set for a reader that is not calibrated.
        """
        checks.optional("settings", settings, AskSettings, "an AskSettings")
        chosen = settings if settings is not None else AskSettings()
        engine = backend_of(index).open()  # before the models, which nobody needs without an index
        with ThreadPoolExecutor(1) as aside:
            # Hashing and compiling release Python's lock, so that each core can load one of the two.
            loading = aside.submit(ExtractiveReader.load, chosen)
            retriever = Retriever.over(engine, settings=chosen)
            reader = loading.result()
        archive = cls.over(retriever, reader, chosen)
        if archive.calibration is None:
            refuse_probabilities(chosen)
        return archive

    @classmethod
    def over(cls, retriever: Retriever, reader: ExtractiveReader, settings: AskSettings) -> Archive:
        """Put an opened index and a loaded reader together, with the calibration fitted for both, if any.

        :raises ModelError: if that calibration is broken.
        """
        checks.part("retriever", retriever, "a Retriever", "address", "find")
        checks.part("reader", reader, "a reader that was loaded", "weights_sha256", "read")
        checks.instance("settings", settings, AskSettings, "an AskSettings")
        own = Calibration.own(side_file(retriever.address, file_name(reader.weights_sha256)))
        return cls(retriever, reader, settings, calibration=own)

    @property
    def calibration_file(self) -> Path:
        """Where a calibration fitted on questions about this archive lies, for this reader alone."""
        return side_file(self.retriever.address, file_name(self.reader.weights_sha256))

    def ask(
        self,
        question: str,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: AsOf = None,
        heed_time: bool = True,
        after: Reply | None = None,
        on_passages: Callable[[Sequence[Hit]], None] | None = None,
    ) -> Reply:
        """Return answers with their evidence; no answers means "not found in this archive".

        The filters, ``as_of`` and ``heed_time`` are those of :meth:`qa.Retriever.search`. ``after`` is the
        reply before, to which "And who did he meet there?" may refer. ``on_passages`` is called once the
        passages are found, before they are read, which takes several times as long.

        :raises InputError: if the question is empty or too long, or a date cannot be read.
        :raises ValueError: if ``after`` is no Reply, or a datetime is naive.
        """
        query = query_of(
            question, since=since, until=until, source=source, tag=tag, as_of=as_of, heed_time=heed_time
        )
        return self.reply_to(query, after=after, on_passages=on_passages)

    def reply_to(
        self,
        query: Query,
        *,
        after: Reply | None = None,
        on_passages: Callable[[Sequence[Hit]], None] | None = None,
    ) -> Reply:
        """Return the Reply to a Query; the way of every question, see :meth:`ask`."""
        checks.instance("query", query, Query, "a Query, as query_of makes it")
        checks.optional("after", after, Reply, "the Reply to the question before")
        checks.function("on_passages", on_passages)
        if (listed := self._listed(query)) is not None:
            return listed
        if after is None or (follow_up := follow_up_of(query.text, after)) is None:
            return self._read(query, None, on_passages)
        leans = leans_back(query.text, after, self.retriever.names())
        if leans == "surely":
            return self._read(query, follow_up, on_passages)
        alone = self._read(query, None, on_passages)
        if leans is None:
            return alone
        joined = self._read(query, follow_up, None)
        likeness = partial(self.retriever.likeness, follow_up.before)
        return joined if is_better(query.text, joined, alone, likeness) else alone

    def _listed(self, query: Query) -> Reply | None:
        """Return the articles of the time for a question that names a time and no matter; else None."""
        if not query.asks_for_all:
            return None
        began = time.perf_counter()
        found = self.retriever.articles_of(query, LISTED)
        if not found.articles:
            return None
        return Reply(
            question=query.text,
            answers=(),
            hits=(),
            calibrated=self.calibration is not None,
            timings={"list": time.perf_counter() - began},
            time=query.time,
            listing=found,
            unknown=self.retriever.unknown(query.filters, found=True),
        )

    def _read(
        self,
        query: Query,
        follow_up: FollowUp | None,
        on_passages: Callable[[Sequence[Hit]], None] | None,
    ) -> Reply:
        """Retrieve, read and judge one reading of a question: alone, or completed as a follow-up."""
        settings = self.settings
        began = time.perf_counter()
        whole = query if follow_up is None else replace(query, text=checked_question(follow_up.question))
        hits = self.retriever.find(whole, settings.passages_read)
        found = time.perf_counter()
        if on_passages is not None:
            on_passages(hits)
        began_reading = time.perf_counter()
        seen = read_hits(
            whole.text,
            hits,
            self.reader,
            self.calibration,
            early_exit=settings.early_exit,
            threshold=settings.threshold,
            many=settings.answers,
            time=query.time,
            as_of=query.as_of,
        )
        timings = {"retrieve": found - began, "read": time.perf_counter() - began_reading}
        return self._reply(query, follow_up, hits, seen, timings)

    def _reply(
        self,
        query: Query,
        follow_up: FollowUp | None,
        hits: Sequence[Hit],
        seen: Reading,
        timings: dict[str, float],
    ) -> Reply:
        judged = seen.judged
        evidence, heeded = shown(hits, judged)
        return Reply(
            question=query.text,
            answers=judged.answers,
            hits=tuple(evidence),
            calibrated=self.calibration is not None,
            best_rejected=judged.best_rejected,
            guess=judged.guess,
            timings=timings,
            time=heeded,
            follow_up=follow_up,
            passages_read=(
                sum(hit in evidence for hit in hits[: seen.passages]) if seen.passages < len(hits) else None
            ),
            archive_ends=self._end_before(query, hits),
            unknown=self.retriever.unknown(query.filters, found=bool(hits)),
        )

    def ask_many(
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
        """Ask many questions, in their order; as :meth:`ask_each`, with all replies held at once."""
        return list(
            self.ask_each(
                questions,
                since=since,
                until=until,
                source=source,
                tag=tag,
                as_of=as_of,
                heed_time=heed_time,
            )
        )

    def ask_each(
        self,
        questions: Iterable[str],
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: AsOf = None,
        heed_time: bool = True,
    ) -> Iterator[Answered]:
        """Ask many questions and give out what becomes of each, in their order, as it is ready.

        The passages of 16 questions are read in one run of the reader, while those of the next are being
        found. The conditions are those of :meth:`ask` and hold for all. A question that cannot be asked has a
        fault instead of a reply, and never ends the run. The timings of a reply are its share of its batch.

        :raises InputError: if a date of the conditions cannot be read; at once.
        :raises ValueError: if the questions are one text, or a datetime is naive; at once.
        """
        checks.several("questions", questions)
        checks.flag("heed_time", heed_time)
        condition = filter_of(since=since, until=until, source=source, tag=tag)
        day = day_of(as_of)

        def query(question: str) -> Query:
            return query_under(question, condition, day, heed_time=heed_time)

        def find(asked: Query) -> list[Hit]:
            return self.retriever.find(asked, self.settings.passages_read)

        return answered_each(questions, Steps(query, find, self._replies))

    def _replies(self, found: Sequence[Found]) -> list[Reply]:
        """Read the passages of several questions in one run."""
        settings = self.settings
        listed = [self._listed(one.query) for one in found]
        unlisted = [one for one, reply in zip(found, listed, strict=True) if reply is None]
        began = time.perf_counter()
        read = read_together(
            [ToRead(one.query.text, one.hits, one.query.time, one.query.as_of) for one in unlisted],
            self.reader,
            self.calibration,
            early_exit=settings.early_exit,
            threshold=settings.threshold,
            many=settings.answers,
        )
        share = (time.perf_counter() - began) / max(1, len(unlisted))
        replies = (
            self._reply(one.query, None, one.hits, seen, {"retrieve": one.seconds, "read": share})
            for one, seen in zip(unlisted, read, strict=True)
        )
        return [reply if reply is not None else next(replies) for reply in listed]

    def brief(
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
        """Return a topic as a dated chain of exact sentences; see :func:`qa.brief.make.make_brief`."""
        from qa.brief.make import make_brief  # a question needs none of it, and starts sooner without

        return make_brief(
            self.retriever, topic, since=since, until=until, source=source, tag=tag, as_of=as_of, days=days
        )

    def follow(self, question: str, *, source: Names = None, tag: Names = None) -> Followed:
        """Keep a question beside the index, to be asked again whenever news comes in.

        :raises InputError: if it is empty or too long, the archive lacks a name, or it cannot be kept.
        """
        asked = checked_question(checks.text("question", question))
        filters = filter_of(source=source, tag=tag)
        where, strange = self.retriever.address, self.retriever.unknown(filters, found=False)
        return follow(where, asked, sources=filters.sources, tags=filters.tags, unknown=strange)

    def ask_followed(self, *, news: bool = True) -> list[Change]:
        """Ask all followed questions again, keep and return what changed; :func:`qa.follow.again.ask_again`.

        :param news: False where articles were only forgotten: answers are kept, and none counts as a change.
        :raises InputError: if the followed questions cannot be read or kept.
        """

        def ask(
            questions: Sequence[str], sources: tuple[str, ...], tags: tuple[str, ...]
        ) -> Iterator[Answered]:
            return self.ask_each(questions, source=sources, tag=tags)

        checks.flag("news", news)
        generation = self.overview().generation
        from qa.follow.again import ask_again

        return ask_again(self.retriever.address, generation, ask, self.retriever.holds, news=news)

    def search(
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
        """Return the passages alone, ranked as :meth:`ask` reads them; see :meth:`qa.Retriever.search`."""
        return self.retriever.search(
            question,
            k,
            since=since,
            until=until,
            source=source,
            tag=tag,
            as_of=as_of,
            heed_time=heed_time,
        )

    def article(self, article_id: str) -> Article:
        """Return an article of the index, whole; raise KeyError if the index does not hold it."""
        return self.retriever.article(article_id)

    def overview(self) -> Overview:
        """Return what is in the index."""
        return self.retriever.overview()

    def refresh(self) -> bool:
        """Move to a newer generation if one was built; True if so."""
        return self.retriever.refresh()

    def _end_before(self, query: Query, hits: Sequence[Hit]) -> date | None:
        """Return the archive's last day if the question names a time after it."""
        asked_for = query.time
        if asked_for is None or not asked_for.hard or asked_for.first is None:
            return None
        days = [moment.date() for hit in hits if (moment := hit.passage.article.published) is not None]
        if any(day >= asked_for.first for day in days):
            return None  # seen at once, without a look at the whole archive
        last = self.retriever.overview().last
        return last.date() if last is not None and last.date() < asked_for.first else None
