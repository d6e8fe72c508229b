"""Question -> hits: dense and BM25 candidates, fused, under exact filters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import numpy as np

from qa import checks
from qa.errors import IndexMismatch
from qa.index.backends import backend_of
from qa.index.engine import Engine
from qa.models.embedder import Embedder, SentenceEmbedder
from qa.records import Article, Calendar, Filter, Hit, Hits, Listing, Neighbour, Order, UnknownName
from qa.reports import Overview
from qa.retrieve.fusion import scores
from qa.retrieve.names import MOST_ARTICLES, names_of
from qa.retrieve.nearest import in_doubt, unknown_names
from qa.retrieve.query import AsOf, Day, Names, Query, filter_of, query_of
from qa.settings import AskSettings


@dataclass(slots=True)
class _Opened:
    """A state of the index, with what was worked out of it; both are let go of together."""

    engine: Engine
    names: frozenset[str] | None = None


class Retriever:
    """Finds passages in an index, whichever engine keeps it. Safe to share between threads."""

    def __init__(self, engine: Engine, embedder: Embedder, settings: AskSettings) -> None:
        self._opened = _Opened(engine)
        self._embedder = embedder
        self._settings = settings

    def __repr__(self) -> str:
        return f"Retriever({self.address!r}, embedder={self._embedder.name!r})"

    @property
    def _engine(self) -> Engine:
        return self._opened.engine

    @property
    def address(self) -> str:
        """Where the index is, as it was named when it was opened."""
        return self._engine.address

    @property
    def embedder(self) -> Embedder:
        """What embeds the questions, and built the index; builds and briefs use it again."""
        return self._embedder

    @classmethod
    def open(
        cls, index: str | Path, *, settings: AskSettings | None = None, embedder: Embedder | None = None
    ) -> Retriever:
        """Open an index with the embedder that built it, or check that the given one did.

        :raises ArchiveError: if there is no whole index, or another embedder built it.
        :raises ModelError: if the embedder cannot be loaded.
        """
        _check_parts(settings, embedder)
        return cls.over(backend_of(index).open(), settings=settings, embedder=embedder)

    @classmethod
    def over(
        cls, engine: Engine, *, settings: AskSettings | None = None, embedder: Embedder | None = None
    ) -> Retriever:
        """Make a retriever as :meth:`open` does, of an index that is open already."""
        checks.part("engine", engine, "an open index", "embedder", "embedder_sha256", "candidates")
        _check_parts(settings, embedder)
        if embedder is None:
            embedder = SentenceEmbedder.load(engine.embedder)
        _check_embedder(engine, embedder)
        return cls(engine, embedder, settings if settings is not None else AskSettings())

    def likeness(self, one: str, other: str) -> float:
        """Return how near two texts are in meaning: the cosine of their embeddings as questions."""
        one, other = checks.text("one", one), checks.text("other", other)
        return float(self._embedder.embed_question(one) @ self._embedder.embed_question(other))

    def refresh(self) -> bool:
        """Move to the index as it is by now; True if it changed.

        :raises ArchiveError: if what is there now is damaged or another embedder built it; this
            retriever then goes on with what it has.
        """
        newer = self._engine.newer()
        if newer is None:
            return False
        _check_embedder(newer, self._embedder)
        self._opened = _Opened(newer)
        return True

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
        """Return the k passages that fit the question best, best first; fewer if fewer pass the filters.

        ``since`` and ``until`` are text ("2023-07-01", "July 2023"), a date or an aware datetime; ``until``
        includes its day. Filters apply before the ranking, exactly. Articles of a time that the question
        names are preferred, or else those near ``as_of``, the day of asking: today by default, none with
        ``qa.NO_DAY``. Without ``heed_time`` a time in the question is words like others. The ``unknown`` of
        what is returned names the sources and tags that no article has, with those spelled like them.

        :raises InputError: if the question is empty or too long, or a date cannot be read.
        :raises ValueError: if k is under 1 or a datetime is naive.
        """
        query = query_of(
            question, since=since, until=until, source=source, tag=tag, as_of=as_of, heed_time=heed_time
        )
        found = self.find(query, k)
        return Hits(found, self.unknown(query.filters, found=bool(found)))

    def find(self, query: Query, k: int = 10) -> list[Hit]:
        """Return the k passages that fit a Query best, best first; every search ends here.

        :raises ValueError: if k is under 1.
        """
        checks.instance("query", query, Query, "a Query, as query_of makes it")
        k = checks.whole_number("k", k, least=1)
        engine = self._engine  # one for the whole search, whatever refresh() does meanwhile
        vector = self._embedder.embed_question(query.text)
        candidates = engine.candidates(query.text, vector, max(k, self._settings.candidates), query.filters)
        fused = scores(candidates, query, self._settings)
        order = np.argsort(-fused, kind="stable")[:k]
        found = engine.found(candidates.keys[order].tolist())
        near, worded = _ranks(candidates.cosines), _ranks(candidates.bm25)
        return [
            Hit(
                f.passage,
                float(fused[i]),
                float(candidates.cosines[i]),
                float(candidates.bm25[i]),
                f.near_duplicates,
                int(near[i]),
                int(worded[i]),
                f.newer_version,
            )
            for i, f in zip(order, found, strict=True)
            if f is not None
        ]

    def article(self, article_id: str) -> Article:
        """Return an article of the index, whole.

        :raises KeyError: if the index does not hold it.
        """
        return self._engine.article(checks.text("article_id", article_id))

    def holds(self, article_id: str) -> bool:
        """Return whether the index has an article of this id."""
        checks.text("article_id", article_id)
        try:
            self._engine.article(article_id)
        except KeyError:
            return False
        return True

    def near_duplicates(self, article_id: str) -> list[Article]:
        """Return the other articles that are near-duplicates of this one.

        :raises KeyError: if the index does not hold it.
        """
        return self._engine.near_duplicates(checks.text("article_id", article_id))

    def neighbours(
        self, article_id: str, many: int = 5, *, within: timedelta | None = None
    ) -> list[Neighbour]:
        """Return the articles nearest in meaning, nearest first; ``within``: only those so near in time.

        Leaves out its near-duplicates, and lists one of articles that are near-duplicates of each other.

        :raises KeyError: if the index does not hold it.
        """
        checks.optional("within", within, timedelta, "a timedelta")
        many = checks.whole_number("many", many, least=1)
        return self._engine.neighbours(checks.text("article_id", article_id), many, within)

    def listing(
        self,
        first: int = 0,
        many: int = 20,
        *,
        since: Day = None,
        until: Day = None,
        source: Names = None,
        tag: Names = None,
        by: Order = "published",
    ) -> Listing:
        """Return the articles that pass the filters, newest first, from the ``first`` on.

        ``by="arrived"``: as they came into the index, known by their ids. Milvus, and an index whose
        articles came in before this was kept, know no arrivals; those are in order of publication.

        :raises InputError: if a date cannot be read.
        """
        if by not in ("published", "arrived"):
            raise ValueError(f"by must be 'published' or 'arrived', not {by!r}")
        first, many = (
            checks.whole_number("first", first, least=0),
            checks.whole_number("many", many, least=0),
        )
        condition = filter_of(since=since, until=until, source=source, tag=tag)
        listed = self._engine.listing(condition, first, many, by)
        return replace(listed, unknown=self.unknown(condition, found=listed.total > 0))

    def articles_of(self, query: Query, many: int) -> Listing:
        """Return the newest articles of the time that a Query names, of those that pass its filters."""
        checks.instance("query", query, Query, "a Query, as query_of makes it")
        many = checks.whole_number("many", many, least=0)
        return self._engine.listing(query.within_time, 0, many, "published")

    def unknown(self, filters: Filter, *, found: bool) -> tuple[UnknownName, ...]:
        """Return the sources and tags of a filter that no article has, with the names spelled like them.

        ``found``: whether anything passed the filter; one name alone that let something through is known.
        """
        checks.instance("filters", filters, Filter, "a Filter, as filter_of makes it")
        checks.flag("found", found)
        return unknown_names(filters, self.overview()) if in_doubt(filters, found=found) else ()

    def names(self) -> frozenset[str]:
        """Return the words that are names in the index's articles, in lower case; see :func:`names_of`."""
        opened = self._opened
        if opened.names is None:
            opened.names = names_of(opened.engine.listing(Filter(), 0, MOST_ARTICLES, "published").articles)
        return opened.names

    def calendar(self, by: Literal["source", "tags"]) -> Calendar:
        """Return how the dated articles spread over time, by their names."""
        if by not in ("source", "tags"):
            raise ValueError(f"by must be 'source' or 'tags', not {by!r}")
        return self._engine.calendar(by)

    def overview(self) -> Overview:
        """Return what is in the index."""
        return self._engine.overview()


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Return 1 for the highest ``(n,)``; equal scores share a rank."""
    return 1 + len(scores) - np.searchsorted(np.sort(scores), scores, side="right")


def _check_parts(settings: object, embedder: object) -> None:
    checks.optional("settings", settings, AskSettings, "an AskSettings")
    if embedder is not None:
        checks.part("embedder", embedder, "an embedder or None", "embed_question", "weights_sha256", "name")


def _check_embedder(engine: Engine, embedder: Embedder) -> None:
    if embedder.weights_sha256 != engine.embedder_sha256:
        raise IndexMismatch(
            f"the index was built with {engine.embedder!r} (weights {engine.embedder_sha256[:12]}), "
            f"not with {embedder.name!r} (weights {embedder.weights_sha256[:12]})",
            where=engine.address,
            cure="Build the index again, or name the embedder that built it.",
        )
