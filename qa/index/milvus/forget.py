"""A selection of articles -> an index in Milvus without them.

In a file, which one program has open at a time, the articles that stay are written into a new state and
the old states are dropped. Otherwise the text would stay in the file: Milvus Lite compacts when it likes
and cannot be asked to. On a server articles are deleted one by one, in place, from every finished state.
Then Milvus is asked to compact, which it does when it likes.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence

from qa.errors import IndexDamaged, IndexMismatch
from qa.index.engine import Selection
from qa.index.forgetting import Chosen
from qa.index.milvus.catalogue import Catalogue
from qa.index.milvus.client import Milvus
from qa.index.milvus.collection import CollectionPair, current_state, drop, names_of_states
from qa.index.milvus.metadata import State
from qa.records import Article
from qa.reports import ForgetReport, Forgotten

_READ_TOGETHER = 500  # articles, for their titles
ON_SERVER = "the server's own files, until it has compacted them (it was asked to) and collected its garbage"
ELSEWHERE = (
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
    chosen = Chosen.of(catalogue, selection, where=collections.milvus.address.written)
    keys, alike = (
        [catalogue.entries[row].key for row in rows.tolist()] for rows in (chosen.going, chosen.alike)
    )
    gone = list(_read(collections, keys))
    staying = tuple(map(_named, _read(collections, alike)))
    in_file = _is_file(collections.milvus)
    if keys and not dry_run:
        # First the note: after a kill here, the articles are there still, and the same command goes on.
        collections.remember_forgotten(collections.forgotten().with_articles(gone))
        if in_file:
            _write_anew(collections, keys, state)
        else:
            _remove_everywhere(collections, keys, state)
    if in_file and not dry_run:
        _drop_others(collections.milvus)  # also those that a kill has left, which may hold what is gone
    return chosen.report(
        forgotten=tuple(map(_named, gone)),
        near_duplicates=staying,
        elsewhere=ELSEWHERE if in_file else (ON_SERVER, *ELSEWHERE),
        dry_run=dry_run,
        started=started,
    )


def _is_file(milvus: Milvus) -> bool:
    return milvus.address.file is not None


def _write_anew(collections: CollectionPair, keys: Sequence[str], state: State) -> None:
    fresh = CollectionPair.create(collections.milvus, collections.make)
    collections.copy_to(fresh, without=keys)
    fresh.finish(state.skipped)
    collections.milvus.point(fresh.name)


def _drop_others(milvus: Milvus) -> None:
    current = current_state(milvus)
    for name in names_of_states(milvus):
        if name != current:
            drop(milvus, name)


def _remove_everywhere(collections: CollectionPair, keys: Sequence[str], state: State) -> None:
    """Remove articles from every finished state; readers may still have the one before the last build."""
    for name in names_of_states(collections.milvus):
        with contextlib.suppress(IndexDamaged, IndexMismatch):  # half made, or of another version: no reader
            older = CollectionPair.open(collections.milvus, name)
            left = older.state()
            if name != collections.name and left is not None:
                older.remove(keys)
                older.finish(left.skipped)
                older.compact()
    collections.remove(keys)
    collections.finish(state.skipped)
    collections.compact()


def _read(collections: CollectionPair, keys: Sequence[str]) -> Iterator[Article]:
    for first in range(0, len(keys), _READ_TOGETHER):
        yield from collections.articles(keys[first : first + _READ_TOGETHER]).values()


def _named(article: Article) -> Forgotten:
    return Forgotten(article.id, article.title, article.source, article.published)
