"""Feeds -> an index that takes in what is new, poll after poll; a bad feed never stops the others."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from qa.disk import write_whole
from qa.errors import IndexMissing, QAError
from qa.index.backends import backend_of
from qa.ingest.sources import Source, fetched_source, public_source
from qa.ingest.web import FeedFault, Validators, fetch_changed
from qa.maintain.build import build
from qa.models.embedder import Embedder, SentenceEmbedder
from qa.reports import Poll, Skipped
from qa.settings import IndexSettings
from qa.small_json import BrokenJson, read_object

MEMORY = "watch.json"  # beside the index: what servers said of their feeds; may be deleted at any time
MOST_MEMORY_BYTES = 16 << 20


class Watcher:
    """Polls feeds. What a server said of a feed is kept beside the index, so that it is asked politely."""

    def __init__(
        self,
        feeds: Sequence[str],
        index: str | Path,
        known: dict[str, Validators],
        load_embedder: Callable[[], Embedder],
        *,
        memory: Path | None,
        allow_private: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``memory``: the file that keeps ``known``; None where there is no place for it."""
        self._feeds = feeds
        self._index = index
        self._known = known
        self._load_embedder = load_embedder
        self._embedder: Embedder | None = None  # most polls bring nothing and need none
        self._memory = memory
        self._allow_private = allow_private
        self._clock = clock
        self._not_before: dict[str, float] = {}

    @classmethod
    def open(cls, feeds: Sequence[str], index: str | Path, *, allow_private: bool = False) -> Watcher:
        """Watch feeds for an index, which need not be there yet.

        :raises InputError: if a feed is no http or https address.
        :raises ArchiveError: if there is an index, but not a whole one.
        """
        for feed in feeds:
            public_source(feed)  # only to see that it is an address
        backend = backend_of(index)
        name = IndexSettings().embedder
        with contextlib.suppress(IndexMissing):
            name = backend.overview().embedder  # what the index was built with, or all were embedded anew
        files = backend.side_files(MEMORY)
        memory = files[0] if files else None
        known = _read_first(files)
        load = partial(SentenceEmbedder.load, name)
        return cls(list(dict.fromkeys(feeds)), index, known, load, memory=memory, allow_private=allow_private)

    def poll(self) -> Poll:
        """Ask every feed once and put what is new into the index; report faults, raise none."""
        faults: list[Skipped] = []
        changed: list[Source] = []
        validators: dict[str, Validators] = {}
        unchanged = 0
        for feed in self._feeds:
            if self._clock() < self._not_before.get(feed, 0.0):
                faults.append(Skipped(feed, "The server asked to be left alone for a while."))
                continue
            try:
                page = fetch_changed(
                    feed, self._known.get(feed, Validators()), public_only=not self._allow_private
                )
            except FeedFault as fault:
                self._not_before[feed] = self._clock() + fault.wait
                faults.append(Skipped(feed, f"The feed {fault}."))
                continue
            if page is None:
                unchanged += 1
            else:
                changed.append(fetched_source(feed, page.content))
                validators[feed] = page.validators
        added = 0
        if changed:
            try:
                added, skipped = self._take_in(changed)
            except QAError as fault:
                faults.append(Skipped(str(self._index), str(fault)))
            else:
                faults += skipped
                self._remember(validators)
        return Poll(len(self._feeds), unchanged + len(changed), unchanged, added, tuple(faults))

    def _take_in(self, changed: Sequence[Source]) -> tuple[int, Sequence[Skipped]]:
        if self._embedder is None:
            self._embedder = self._load_embedder()
        settings = IndexSettings(embedder=self._embedder.name)
        report = build(changed, self._index, add=True, settings=settings, embedder=self._embedder)
        return report.added, report.skipped

    def _remember(self, validators: dict[str, Validators]) -> None:
        self._known |= validators
        if self._memory is None:
            return
        body = json.dumps({feed: asdict(validators) for feed, validators in self._known.items()}, indent=1)
        with contextlib.suppress(OSError):  # then the feeds are fetched once more than needed
            write_whole(self._memory, body)


def watched_feeds(index: str | Path) -> list[str]:
    """Return the feeds that have been watched for an index, as far as it keeps them; [] without a folder."""
    return sorted(_read_first(backend_of(index).side_files(MEMORY)))


def _read_first(files: Sequence[Path]) -> dict[str, Validators]:
    """Return what the first of the files that is there keeps."""
    return next((_read(file) for file in files if file.is_file()), {})


def _read(memory: Path) -> dict[str, Validators]:
    """Read what is kept; nothing if the file is not there or cannot be read."""
    try:
        kept = read_object(memory, most_bytes=MOST_MEMORY_BYTES)
    except (OSError, BrokenJson):
        return {}
    known = {}
    for feed, facts in kept.items():
        if not isinstance(facts, dict):
            continue
        etag, changed = facts.get("etag"), facts.get("last_modified")
        if isinstance(etag, str) and isinstance(changed, str):
            known[feed] = Validators.sent(etag, changed)
    return known
