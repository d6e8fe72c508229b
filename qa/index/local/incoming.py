"""Articles that a build was given, and the generation before -> which rows stay, what is written."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from qa.index.local.store import Store
from qa.passages import content, digest
from qa.records import Article


@dataclass(frozen=True, slots=True)
class Incoming:
    """An article on its way into the index."""

    article: Article
    record: bytes  # hash of all that it holds
    content: bytes  # hash of title, text and source
    digest: bytes  # hash of all that is embedded of it
    twin: int | None = None  # a row of the generation before with this digest, whose passages serve again


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a generation."""

    kept: np.ndarray  # boolean, by row of the generation before
    incoming: Sequence[Incoming]


def change_of(
    before: Store | None, articles: Iterable[Article], *, add: bool, same_make: bool = True
) -> Change:
    """Return what makes the index hold just these articles, or with ``add`` these beside those it has.

    An article that comes in as it is there stays where it is. Of two with the same id or the same
    content the one that comes in now counts.

    :param same_make: whether the passages from before can be taken over; else all is written anew.
    """
    fresh = [_incoming(article) for article in articles]
    if before is None:
        return Change(np.empty(0, dtype=bool), fresh)
    kept = before.alive.copy()
    if add:
        kept &= ~before.rows_of([one.article.id for one in fresh])
        contents = {one.content for one in fresh}
        for at, content_hash in enumerate(before.column("content")):
            kept[at] &= content_hash not in contents
    else:
        kept[:] = False
    if not same_make:
        old = [_incoming(before.article(row)) for row in np.flatnonzero(kept).tolist()]
        return Change(np.zeros_like(kept), [*old, *fresh])
    rows = before.rows()
    records, digests = before.column("record"), before.column("digest")
    same = {records[row]: row for row in rows}
    twins = {digests[row]: row for row in rows}
    written: list[Incoming] = []
    for one in fresh:
        row = same.get(one.record)
        if row is None:
            written.append(Incoming(one.article, one.record, one.content, one.digest, twins.get(one.digest)))
        else:
            kept[row] = True
    return Change(kept, written)


def _incoming(article: Article) -> Incoming:
    return Incoming(
        article,
        record=_record(article),
        content=bytes.fromhex(content(article)),
        digest=bytes.fromhex(digest(article)),
    )


def _record(article: Article) -> bytes:
    """Return a hash that changes whenever anything of the article does."""
    fields = repr([getattr(article, field.name) for field in dataclasses.fields(article)])
    return hashlib.blake2b(fields.encode("utf-8", "surrogatepass"), digest_size=16).digest()
