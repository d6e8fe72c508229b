"""One state of an index in Milvus: a collection of passages and one of articles, read and written.

A passage counts only once its article is there too. An article's first row is written after all
that belongs to it, and removed before it; whoever reads meanwhile, or after a kill, sees whole
articles only.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from qa.errors import IndexDamaged, IndexMismatch
from qa.index.forgotten import ForgottenList
from qa.index.make import Make
from qa.index.milvus.client import Milvus
from qa.index.milvus.metadata import Metadata, State
from qa.index.milvus.rows import (
    CatalogueEntry,
    Row,
    article_from,
    article_rows,
    entry_from,
    hashed,
    part_key,
    passage_rows,
)
from qa.index.milvus.schema import ARTICLE_FIELDS, ARTICLE_INDEXES, KEY, passage_fields, passage_indexes
from qa.passages import content
from qa.records import Article, Passage
from qa.reports import Skipped

_WHOLE = ["article", "part", "body"]
_FACTS = ["article", "facts"]
_COPIED_TOGETHER = 500  # rows


@dataclass(frozen=True, slots=True)
class CollectionPair:
    """Both collections; nothing is kept in memory."""

    milvus: Milvus
    name: str  # of the collection of passages
    make: Make

    @classmethod
    def open(cls, milvus: Milvus, name: str) -> CollectionPair:
        """Open both collections of a state.

        :raises IndexDamaged: if it was left half made.
        :raises IndexMismatch: if another version of this program made it, or its vectors do not fit.
        """
        make = Metadata(milvus, _articles(name)).make()
        width = milvus.dimension(name, "vector")
        if width != make.dimension:
            raise IndexMismatch(
                f"its vectors have {width} dimensions, those of {make.embedder!r} have {make.dimension}",
                where=milvus.address.written,
                cure="Build the index again.",
            )
        return cls(milvus, name, make)

    @classmethod
    def create(cls, milvus: Milvus, make: Make) -> CollectionPair:
        """Make a new pair of collections, empty, that the index's name does not stand for yet."""
        name = f"{milvus.address.name}_{datetime.now(UTC):%Y%m%dT%H%M%S}_{secrets.token_hex(3)}"
        exact = milvus.address.file is not None
        milvus.create(name, passage_fields(make.dimension), passage_indexes(exact=exact))
        milvus.create(_articles(name), ARTICLE_FIELDS, ARTICLE_INDEXES)
        Metadata(milvus, _articles(name)).write_make(make)
        return cls(milvus, name, make)

    def drop(self) -> None:
        """Remove both collections."""
        drop(self.milvus, self.name)

    def state(self) -> State | None:
        """Return what the last finished build left; None if none was finished."""
        return Metadata(self.milvus, _articles(self.name)).state()

    def finish(self, skipped: Sequence[Skipped]) -> None:
        """Have all that was written on disk, and say that a build is finished."""
        self.milvus.flush(self.name)
        Metadata(self.milvus, _articles(self.name)).write_state(skipped)
        self.milvus.flush(_articles(self.name))

    def forgotten(self) -> ForgottenList:
        """Return what later builds must leave out."""
        return Metadata(self.milvus, _articles(self.name)).forgotten()

    def remember_forgotten(self, forgotten: ForgottenList) -> None:
        """Have on disk what later builds must leave out."""
        Metadata(self.milvus, _articles(self.name)).write_forgotten(forgotten)
        self.milvus.flush(_articles(self.name))

    def catalogue(self) -> list[CatalogueEntry]:
        """Return the entry of every article."""
        return [entry_from(row) for row in self.milvus.walk(_articles(self.name), 'facts != ""', _FACTS)]

    def entries(self, article_keys: Iterable[str]) -> dict[str, CatalogueEntry]:
        """Return the entries of those of these articles that are there, by key."""
        first_rows = [part_key(key, 0) for key in article_keys]
        rows = self.milvus.named(_articles(self.name), KEY, first_rows, _FACTS)
        return {row["article"]: entry_from(row) for row in rows}

    def entry_by_id(self, article_id: str) -> CatalogueEntry | None:
        """Return the entry of the article of this id, None if it is not there."""
        rows = self.milvus.named(_articles(self.name), "id", [hashed(article_id)], [*_FACTS, "part"])
        return next((entry_from(row) for row in rows if row["part"] == 0), None)

    def changed(self, incoming: Sequence[Article]) -> dict[str, Article]:
        """Return, by id, the articles there that have one of these articles' ids and another content."""
        contents = {article.id: content(article) for article in incoming}
        ids = [hashed(article_id) for article_id in contents]
        rows = self.milvus.named(_articles(self.name), "id", ids, [*_FACTS, "part"])
        entries = [entry_from(row) for row in rows if row["part"] == 0]
        keys = [entry.key for entry in entries if contents.get(entry.id, entry.content) != entry.content]
        return {article.id: article for article in self.articles(keys).values()}

    def entries_of_groups(self, groups: Iterable[str]) -> list[CatalogueEntry]:
        """Return the entries of all articles that belong to these groups of near-duplicates."""
        rows = self.milvus.named(_articles(self.name), "copies", sorted(groups), [*_FACTS, "part"])
        return [entry_from(row) for row in rows if row["part"] == 0]

    def articles(self, article_keys: Sequence[str]) -> dict[str, Article]:
        """Return those of these articles that are there, whole, by key."""
        rows = self.milvus.named(_articles(self.name), "article", article_keys, _WHOLE)
        parts: dict[str, list[Row]] = {}
        for row in rows:
            parts.setdefault(row["article"], []).append(row)
        # Without its first row an article does not count; the others are about to come or to go.
        whole = {key: rows for key, rows in parts.items() if any(row["part"] == 0 for row in rows)}
        return {key: article_from(rows) for key, rows in whole.items()}

    def vectors(self, passage_keys: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the vectors ``(dim,)`` of those of these passages that are there and sound, by key."""
        rows = self.milvus.named(self.name, KEY, passage_keys, ["vector"])
        vectors = {row[KEY]: np.asarray(row["vector"], dtype=np.float32) for row in rows}
        # Unit length is the cheap proof that a vector is sound; a damaged one must not be taken over.
        return {key: vector for key, vector in vectors.items() if is_sound(vector)}

    def passages_of(self, article_keys: Sequence[str]) -> list[str]:
        """Return the keys of the passages of these articles, in the order of keys."""
        return sorted(row[KEY] for row in self.milvus.named(self.name, "article", article_keys, [KEY]))

    def put_passages(self, passages: Sequence[tuple[Passage, str, np.ndarray]]) -> None:
        """Write passages with their keys and vectors ``(dim,)``; they do not count yet."""
        self.milvus.upsert(self.name, passage_rows(passages))

    def put_articles(self, articles: Iterable[tuple[Article, CatalogueEntry]]) -> None:
        """Write articles whose passages are there: from now on they count."""
        # The first row makes the article count, so it comes last.
        rows = [row for article, entry in articles for row in reversed(article_rows(article, entry))]
        self.milvus.upsert(_articles(self.name), rows)

    def remove(self, article_keys: Sequence[str]) -> None:
        """Remove articles and their passages.

        Passages go first: after a kill in between the article is still in the catalogue, so the next build
        removes the rest. The other way round, passages without an article would stay for ever.
        """
        self.milvus.delete(self.name, "article", article_keys)
        self.milvus.delete(_articles(self.name), "article", article_keys)

    def copy_to(self, other: CollectionPair, *, without: Sequence[str]) -> None:
        """Write all rows, but those of these articles, into another state; notes come along."""
        gone = frozenset(without)
        pairs = (
            (self.name, other.name, passage_fields(self.make.dimension)),
            (_articles(self.name), _articles(other.name), ARTICLE_FIELDS),
        )
        for source, target, known in pairs:
            fields = [field.name for field in known if field.kind != "bm25" and field.name != KEY]
            together: list[Row] = []
            for row in self.milvus.walk(source, "", fields):
                if row["article"] not in gone:
                    together.append(row)
                if len(together) == _COPIED_TOGETHER:
                    self.milvus.upsert(target, together)
                    together = []
            if together:
                self.milvus.upsert(target, together)

    def compact(self) -> None:
        """Ask Milvus to write its files anew without what was removed; it does so when it pleases."""
        self.milvus.compact(self.name)
        self.milvus.compact(_articles(self.name))

    def every_row(self) -> tuple[Iterator[Row], Iterator[Row]]:
        """Return all rows of the articles and all of the passages, to be verified."""
        articles = self.milvus.walk(_articles(self.name), 'id != ""', [*_WHOLE, "copies", "facts"])
        passages = self.milvus.walk(self.name, "", ["article", "published", "source", "tags", "vector"])
        return articles, passages


def is_sound(vector: np.ndarray) -> bool:
    """Return whether it has the unit length of all vectors."""
    return bool(np.isclose(np.linalg.norm(vector), 1, atol=1e-3))


def names_of_states(milvus: Milvus) -> list[str]:
    """Return all states of this index that are in Milvus, finished or not, oldest first."""
    return sorted(name for name in milvus.collections() if milvus.address.is_state(name))


def current_state(milvus: Milvus) -> str | None:
    """Return the state that the index's name stands for, None if there is no index.

    :raises IndexMismatch: if it stands for something that News QA did not make.
    """
    current = milvus.current()
    foreign = (
        milvus.address.name in milvus.collections()
        if current is None
        else not milvus.address.is_state(current)
    )
    if foreign:
        raise IndexMismatch(
            f"Milvus has a collection of the name {milvus.address.name!r} that News QA did not make",
            where=milvus.address.written,
            cure="Choose another name for the index.",
        )
    return current


def forgotten_in(milvus: Milvus, name: str) -> ForgottenList | None:
    """Return what later builds must leave out, also of a state that cannot be opened; None if unknown."""
    try:
        metadata = Metadata(milvus, _articles(name))
        forgotten = metadata.forgotten()
        # Where even the note of how it was made is gone, the other may be gone, too.
        return forgotten if forgotten.traces or metadata.keeps_make() else None
    except IndexDamaged:
        return None


def drop(milvus: Milvus, name: str) -> None:
    """Remove the two collections of a state."""
    milvus.drop(_articles(name))
    milvus.drop(name)


def _articles(name: str) -> str:
    return f"{name}_articles"
