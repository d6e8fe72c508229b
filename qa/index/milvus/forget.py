"""A selection of articles -> an index in Milvus without them; they go one by one, in place."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from qa.index.engine import Selection
from qa.index.forgetting import Chosen
from qa.index.milvus.catalogue import Catalogue
from qa.index.milvus.collection import CollectionPair
from qa.index.milvus.metadata import State
from qa.records import Article
from qa.reports import ForgetReport, Forgotten

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
    chosen = Chosen.of(catalogue, selection, where=collections.milvus.address.written)
    keys, alike = (
        [catalogue.entries[row].key for row in rows.tolist()] for rows in (chosen.going, chosen.alike)
    )
    gone = list(_read(collections, keys))
    if keys and not dry_run:
        # First the note: after a kill here, the articles are there still, and the same command goes on.
        collections.remember_forgotten(collections.forgotten().with_articles(gone))
        collections.remove(keys)
        collections.finish(state.skipped)
    return chosen.report(
        forgotten=tuple(map(_named, gone)),
        near_duplicates=tuple(map(_named, _read(collections, alike))),
        elsewhere=ELSEWHERE,
        dry_run=dry_run,
        started=started,
    )


def _read(collections: CollectionPair, keys: Sequence[str]) -> Iterator[Article]:
    for first in range(0, len(keys), _READ_TOGETHER):
        yield from collections.articles(keys[first : first + _READ_TOGETHER]).values()


def _named(article: Article) -> Forgotten:
    return Forgotten(article.id, article.title, article.source, article.published)
