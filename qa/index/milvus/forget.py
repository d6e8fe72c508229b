"""A selection of articles -> an index in Milvus without them; they go one by one, in place."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from qa.errors import InputError
from qa.index.engine import Selection
from qa.index.milvus.catalogue import Catalogue
from qa.index.milvus.collection import CollectionPair
from qa.index.milvus.metadata import State
from qa.records import Article, ForgetReport, Forgotten

_READ_TOGETHER = 500  # articles, for their titles
ELSEWHERE = (
    "Milvus's own files, until it compacts them",
    "the state before the last whole build, until the next one",
    "the files and feeds that it came from",
    "replies that were downloaded",
    "pages and programs that are running and have shown it",
    "backups",
)


def forget_in_milvus(
    collections: CollectionPair, state: State, selection: Selection, *, dry_run: bool
) -> ForgetReport:
    """Delete the selected articles; run again after a kill, it deletes what is left of them.

    :raises InputError: if no article would be left.
    """
    started = time.monotonic()
    catalogue = Catalogue(collections.catalogue())
    selected = catalogue.passing(selection.condition)
    if selection.ids:
        selected &= np.array([entry.id in selection.ids for entry in catalogue.entries], dtype=bool)
    going = [catalogue.entries[row] for row in np.flatnonzero(selected)]
    left = [catalogue.entries[row] for row in np.flatnonzero(~selected)]
    if not left:
        raise InputError(
            f"all {len(catalogue):,} articles would be forgotten, and an index cannot be empty",
            where=collections.milvus.address.written,
            cure="Choose fewer.",
        )
    keys = [entry.key for entry in going]
    gone = list(_read(collections, keys))
    groups = {entry.duplicate_group for entry in going}
    alike = [entry.key for entry in left if entry.duplicate_group in groups]
    if keys and not dry_run:
        # First the note: after a kill here, the articles are there still, and the same command goes on.
        collections.remember_forgotten(collections.forgotten().with_articles(gone))
        collections.remove(keys)
        collections.finish(state.skipped)
    known = {entry.id for entry in catalogue.entries}
    return ForgetReport(
        forgotten=tuple(map(_named, gone)),
        unknown=tuple(id_ for id_ in selection.ids if id_ not in known),
        articles=len(left),
        passages=sum(entry.passages for entry in left),
        dry_run=dry_run,
        seconds=time.monotonic() - started,
        near_duplicates=tuple(map(_named, _read(collections, alike))),
        elsewhere=ELSEWHERE,
    )


def _read(collections: CollectionPair, keys: Sequence[str]) -> Iterator[Article]:
    for first in range(0, len(keys), _READ_TOGETHER):
        yield from collections.articles(keys[first : first + _READ_TOGETHER]).values()


def _named(article: Article) -> Forgotten:
    return Forgotten(article.id, article.title, article.source, article.published)
