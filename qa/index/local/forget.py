"""Index folder and a selection of articles -> a new generation without them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from qa.index.disk import translating_disk_faults
from qa.index.engine import Selection, ignore_progress
from qa.index.forgetting import Chosen
from qa.index.forgotten import read_forgotten, write_forgotten
from qa.index.local.generation import hold_current, old_generations, writing
from qa.index.local.guard import Guard
from qa.index.local.previous import Previous
from qa.index.local.store import Store
from qa.index.local.writer import write_generation
from qa.ingest.versions import plain_id
from qa.reports import ForgetReport, Forgotten

ELSEWHERE = (
    "the files and feeds that it came from",
    "replies that were downloaded",
    "pages and programs that are running and have shown it",
    "backups of the index's folder",
)


def forget_in_folder(index: Path, selection: Selection, *, dry_run: bool) -> ForgetReport:
    """Write a generation without the selected articles, then swap. Without any, write nothing.

    Every segment that held one of them is written again, so that no file of the new generation has its text.

    :raises InputError: if no article would be left.
    :raises IndexBusy: if a build is writing this index.
    :raises ArchiveError: if there is no whole index, or it cannot be written.
    """
    started = time.monotonic()
    manifest, lease = hold_current(index)  # before the writer's place, which would make a missing folder
    with lease:
        if dry_run:
            store = Store.open(index / manifest.generation, Guard.open(index, manifest))
            return _report(store, Chosen.of(store, selection, where=index), started, dry_run=True)
    with writing(index):
        before = Previous.open(index)
        chosen = Chosen.of(before.store, selection, where=index)
        report = _report(before.store, chosen, started, dry_run=False)
        if report.forgotten or _buried(before.store, selection):
            with translating_disk_faults(index), before.guard.taking_over():
                return replace(report, still_read=_forget(index, before, chosen))
    return report


def let_back_in_folder(index: Path, ids: Sequence[str]) -> tuple[str, ...]:
    """Take ids off the list of what was forgotten; those that stood there.

    :raises IndexBusy: if a build is writing this index.
    :raises ArchiveError: if there is no whole index, or it cannot be written.
    """
    _, lease = hold_current(index)
    with lease, writing(index):
        forgotten = read_forgotten(index)
        known = tuple(dict.fromkeys(trace.id for trace in forgotten.traces if trace.id in ids))
        if known:
            with translating_disk_faults(index):
                write_forgotten(index, forgotten.without_ids(ids))
    return known


def _forget(index: Path, before: Previous, chosen: Chosen) -> tuple[str, ...]:
    """Note what is forgotten, then write a generation that holds nothing of it; the older ones still read."""
    store = before.store
    gone = [store.article(row) for row in chosen.going.tolist()]
    # First the note: after a kill here, the article is there still, and the same command goes on.
    write_forgotten(index, read_forgotten(index).with_articles(gone))
    kept = store.alive & ~chosen.selected
    manifest, _ = write_generation(index, before, kept, None, before.manifest, ignore_progress, purge=True)
    return tuple(folder.name for folder in old_generations(index, manifest.generation))


def _buried(store: Store, selection: Selection) -> bool:
    """Return whether a named article was replaced or removed before, and its text is on disk still."""
    dead = np.flatnonzero(~store.alive)
    return bool({plain_id(name) for name in store.ids(dead)} & set(selection.ids)) if len(dead) else False


def _report(store: Store, chosen: Chosen, started: float, *, dry_run: bool) -> ForgetReport:
    columns = [store.column(name) for name in ("id", "title", "source", "published")]

    def named(rows: np.ndarray) -> tuple[Forgotten, ...]:
        return tuple(Forgotten(*(column[row] for column in columns)) for row in rows.tolist())

    return chosen.report(
        forgotten=named(chosen.going),
        near_duplicates=named(chosen.alike),
        elsewhere=ELSEWHERE,
        dry_run=dry_run,
        started=started,
    )
