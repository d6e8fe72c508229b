"""Archive: question -> Reply; retrieves, reads and judges."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from qa.errors import InputError
from qa.index.backends import backend_of
from qa.read.reader import ExtractiveReader, Reader
from qa.read.reading import read_hits
from qa.records import Article, FollowUp, Hit, Overview, Reply, shortened
from qa.retrieve.follow_up import resolve_follow_up
from qa.retrieve.query import Day, Names, checked_question, day_of
from qa.retrieve.question_time import time_asked_for
from qa.retrieve.retriever import Retriever
from qa.settings import AskSettings


class Archive:
    """Answers questions from an index with exact quotes. Safe to share between threads."""

    def __init__(self, retriever: Retriever, reader: Reader, settings: AskSettings) -> None:
        self.retriever = retriever
        self.reader = reader
        self.settings = settings

    def __repr__(self) -> str:
        return f"Archive({self.retriever.address!r}, reader={self.settings.reader!r})"

    @classmethod
    def open(cls, index: str | Path, *, settings: AskSettings | None = None) -> Archive:
        """Open an index and load the models.

        :raises ArchiveError: if there is no whole index, or another embedder built it.
        :raises ModelError: if a model cannot be loaded.
        :raises InputError: if a threshold or an early exit is set for a reader that is not calibrated.
        """
        chosen = settings if settings is not None else AskSettings()
        engine = backend_of(index).open()  # before any model: where there is no index, none is wanted
        with ThreadPoolExecutor(1) as aside:
            # Hashing and compiling leave Python alone, so that each core can load one of the two.
            loading = aside.submit(ExtractiveReader.load, chosen)
            retriever = Retriever.over(engine, settings=chosen)
            reader = loading.result()
        if reader.calibration is None:
            _refuse_probabilities(chosen)
        return cls(retriever, reader, chosen)

    def ask(
        self,
        question: str,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: Day = None,
        heed_time: bool = True,
        after: Reply | None = None,
        on_passages: Callable[[Sequence[Hit]], None] | None = None,
    ) -> Reply:
        """Answers with their evidence; no answers means "not found in this archive".

        The filters and ``as_of`` are those of :meth:`qa.Retriever.search`. From ``as_of``, today by
        default, "last week" in the question counts; without ``heed_time`` a time in the question is
        words like others. ``after`` is the reply before, on which a question such as "And who did
        he meet there?" may lean. ``on_passages`` is called with the passages once they are found, before
        they are read, which takes several times as long.

        :raises InputError: if the question is empty or too long, or a date cannot be read.
        :raises ValueError: if ``after`` is no Reply, or a datetime is naive.
        """
        if after is not None and not isinstance(after, Reply):
            raise ValueError(f"after must be the Reply to the question before, not {shortened(repr(after))}")
        question = checked_question(question)
        settings = self.settings
        began = time.perf_counter()
        asked_for = time_asked_for(question, day_of(as_of)) if heed_time else None
        follow_up = None if after is None else _follow_up(question, after)
        whole = question if follow_up is None else follow_up.question
        hits = self.retriever.search(
            whole,
            settings.passages_read,
            since=since,
            until=until,
            source=source,
            tag=tag,
            time=asked_for,
            as_of=as_of,
        )
        found = time.perf_counter()
        if on_passages is not None:
            on_passages(hits)
        began_reading = time.perf_counter()
        seen = read_hits(
            whole,
            hits,
            self.reader,
            early_exit=settings.early_exit,
            threshold=settings.threshold,
            many=settings.answers,
            time=asked_for,
        )
        judged = seen.judged
        read = time.perf_counter()
        return Reply(
            question=question,
            answers=judged.answers,
            hits=tuple(hits),
            calibrated=self.reader.calibration is not None,
            best_rejected=judged.best_rejected,
            timings={"retrieve": found - began, "read": read - began_reading},
            time=judged.time,
            follow_up=follow_up,
            passages_read=seen.passages if seen.passages < len(hits) else None,
        )

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        as_of: Day = None,
    ) -> list[Hit]:
        """The passages alone; see :meth:`qa.Retriever.search`."""
        return self.retriever.search(
            question, k, since=since, until=until, source=source, tag=tag, as_of=as_of
        )

    def article(self, article_id: str) -> Article:
        """:raises KeyError: if the index does not hold it."""
        return self.retriever.article(article_id)

    def overview(self) -> Overview:
        """What is in the index."""
        return self.retriever.overview()

    def refresh(self) -> bool:
        """Move to a newer generation if one was built; True if so."""
        return self.retriever.refresh()


def _refuse_probabilities(settings: AskSettings) -> None:
    named = {
        "a threshold": ("--threshold", settings.threshold),
        "an early exit": ("--early-exit", settings.early_exit),
    }
    for what, (option, value) in named.items():
        if value is not None:
            raise InputError(
                f"this reader has no calibration, so {what} means nothing to it",
                where=settings.reader,
                cure=f"Leave {option} out.",
            )


def _follow_up(question: str, after: Reply) -> FollowUp | None:
    before = after.question if after.follow_up is None else after.follow_up.question
    return resolve_follow_up(question, before, after.answers[0].text if after.answers else None)
