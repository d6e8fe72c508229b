"""Index folder and a selection of articles -> a new generation without them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from qa.errors import InputError
from qa.index.disk import translating_disk_faults
from qa.index.engine import Selection, ignore_progress
from qa.index.local.generation import hold_current, verify_at_open, writing
from qa.index.local.previous import Previous
from qa.index.local.store import Store
from qa.index.local.writer import write_generation
from qa.records import ForgetReport, Forgotten


def forget_in_folder(index: Path, selection: Selection, *, dry_run: bool) -> ForgetReport:
    """Write a generation without the selected articles, then swap; nothing is written if there are none.

    :raises InputError: if no article would be left.
    :raises IndexBusy: if a build is writing this index.
    :raises ArchiveError: if there is no whole index, or it cannot be written.
    """
    started = time.monotonic()
    manifest, lease = hold_current(index)  # before the writer's place, which would make a missing folder
    with lease:
        if dry_run:
            verify_at_open(index, manifest)
            return _report(Store.open(index / manifest.generation), selection, index, started, dry_run=True)
    with writing(index):
        before = Previous.open(index)
        report = _report(before.store, selection, index, started, dry_run=False)
        if report.forgotten:
            with translating_disk_faults(index):
                kept = before.store.alive & ~_selected(before.store, selection)
                write_generation(index, before, kept, None, before.manifest, ignore_progress)
    return report


def _selected(store: Store, selection: Selection) -> np.ndarray:
    """Boolean, by row."""
    selected = store.passing(selection.condition)
    return selected & store.rows_of(selection.ids) if selection.ids else selected


def _report(
    store: Store, selection: Selection, index: Path, started: float, *, dry_run: bool
) -> ForgetReport:
    selected = _selected(store, selection)
    rows = np.flatnonzero(selected)
    left = len(store) - len(rows)
    if not left:
        raise InputError(
            f"all {len(store):,} articles would be forgotten, and an index cannot be empty",
            where=index,
            cure="Choose fewer, or delete the folder.",
        )
    passages = store.alive_passages & ~selected[store.article_rows(np.arange(len(store.alive_passages)))]
    known = set(store.ids(np.flatnonzero(store.rows_of(selection.ids))))
    columns = [store.column(name) for name in ("id", "title", "source", "published")]
    return ForgetReport(
        forgotten=tuple(Forgotten(*(column[row] for column in columns)) for row in rows),
        unknown=tuple(id_ for id_ in selection.ids if id_ not in known),
        articles=left,
        passages=int(np.count_nonzero(passages)),
        dry_run=dry_run,
        seconds=time.monotonic() - started,
    )
