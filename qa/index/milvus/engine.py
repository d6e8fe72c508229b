"""An index in Milvus, opened: candidates, evidence and lists, as the local engine gives them.

Dense and BM25 candidates come from Milvus with their scores, are completed so that each has both,
and are fused by the Retriever exactly as local ones are. What is asked of all articles at once, such
as the counts by source, is read when it is first needed and kept, some hundred bytes an article.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Literal

import numpy as np

from qa.errors import ArchiveError, IndexMismatch
from qa.index import browse
from qa.index.analyzer import K1
from qa.index.engine import Candidates, Found, no_index_at
from qa.index.milvus.catalogue import Catalogue
from qa.index.milvus.client import Milvus
from qa.index.milvus.collection import CollectionPair, current_state
from qa.index.milvus.metadata import State
from qa.index.milvus.rows import CatalogueEntry, condition_of, moments_of, one_of, place_in, words_of
from qa.index.milvus.schema import KEY
from qa.ingest.versions import newer_version
from qa.records import Article, Calendar, Filter, Listing, Neighbour, Order, Passage
from qa.reports import Overview


class MilvusEngine:
    """One state of an index in Milvus. Safe to share between threads."""

    def __init__(self, collections: CollectionPair, state: State) -> None:
        self.collections = collections
        self.state = state

    @classmethod
    def open(cls, milvus: Milvus) -> MilvusEngine:
        """Open the current state of an index.

        :raises ArchiveError: if there is no whole index, or the server cannot be reached.
        """
        name = current_state(milvus)
        if name is None:
            raise no_index_at(milvus.address.written)
        collections = CollectionPair.open(milvus, name)
        state = collections.state()
        if state is None:  # its first build, in shards, is under way
            raise no_index_at(milvus.address.written)
        return cls(collections, state)

    @property
    def address(self) -> str:
        return self.collections.milvus.address.written

    @property
    def embedder(self) -> str:
        return self.collections.make.embedder

    @property
    def embedder_sha256(self) -> str:
        return self.collections.make.embedder_sha256

    def candidates(self, question: str, vector: np.ndarray, many: int, condition: Filter) -> Candidates:
        wanted = self.collections.make.dimension
        if len(vector) != wanted:
            raise IndexMismatch(
                f"its vectors have {wanted} dimensions, the question's has {len(vector)}",
                where=self.address,
                cure="Name the embedder that built the index.",
            )
        expression = condition_of(condition)
        (asked,) = words_of([question])
        cosines = self._by_vector(vector, many, expression)
        bm25 = self._by_words(asked, many, expression)
        found = cosines.keys() | bm25.keys()
        entries = self.collections.entries({place_in(key)[0] for key in found})
        # A passage whose article is not there is left over from a build that was killed.
        whole = {key for key in found if place_in(key)[0] in entries}
        for key, own in self.collections.vectors(sorted(whole - cosines.keys())).items():
            cosines[key] = float(own @ vector)
        only_near = sorted(whole - bm25.keys())
        bm25 |= self._by_words(asked, len(only_near), one_of(KEY, only_near)) if only_near else {}
        keys = sorted(whole & cosines.keys())
        return Candidates(
            keys=np.array(keys, dtype=np.str_),
            cosines=np.array([cosines[key] for key in keys]),
            bm25=np.array([bm25.get(key, 0.0) for key in keys]),
            published=moments_of([entries[place_in(key)[0]] for key in keys]),
        )

    def found(self, keys: Sequence[object]) -> list[Found | None]:
        places = [place_in(str(key)) for key in keys]
        entries = self.collections.entries({article for article, _, _ in places})
        groups = self._groups({known.duplicate_group for known in entries.values()})
        articles = self.collections.articles(
            sorted(entries.keys() | {f.key for g in groups.values() for f in g})
        )
        found: list[Found | None] = []
        for article, start, end in places:
            if article in entries and article in articles:
                others = [f.key for f in groups[entries[article].duplicate_group] if f.key != article]
                near_duplicates = tuple(articles[key] for key in others if key in articles)
                newer = newer_version(articles[article], near_duplicates)
                found.append(Found(Passage(articles[article], start, end), near_duplicates, newer))
            else:
                found.append(None)
        return found

    def article(self, article_id: str) -> Article:
        key = self._known(article_id).key
        return self._articles([key])[key]

    def near_duplicates(self, article_id: str) -> list[Article]:
        known = self._known(article_id)
        others = [
            f.key for f in self._groups({known.duplicate_group})[known.duplicate_group] if f.key != known.key
        ]
        articles = self._articles(others)
        return [articles[key] for key in others]

    def neighbours(self, article_id: str, many: int, within: timedelta | None) -> list[Neighbour]:
        known = self._known(article_id)
        condition = Filter()
        if within is not None:
            moment = self.article(article_id).published
            if moment is None:
                return []
            condition = browse.around(moment, within)
        own = self.collections.vectors(self.collections.passages_of([known.key]))
        middle = browse.middle_of(np.stack(list(own.values())))
        left_out = sum(f.passages for f in self._groups({known.duplicate_group})[known.duplicate_group])
        wanted = browse.many_passages(left_out, many)
        near = self._by_vector(middle, wanted, condition_of(condition))
        entries = self.collections.entries({place_in(key)[0] for key in near})
        passages = [(entries.get(place_in(key)[0]), cosine) for key, cosine in near.items()]
        grouped = ((f, f.duplicate_group, cosine) for f, cosine in passages if f is not None)
        chosen = browse.one_of_each(grouped, known.duplicate_group, many)
        articles = self._articles([f.key for f, _ in chosen])
        return [Neighbour(articles[f.key], cosine) for f, cosine in chosen]

    def listing(self, condition: Filter, first: int, many: int, by: Order) -> Listing:
        rows, total = browse.listed(self._catalogue, condition, first, many, by)
        keys = [self._catalogue.entries[row].key for row in rows]
        articles = self._articles(keys)
        return Listing(tuple(articles[key] for key in keys), total)

    def calendar(self, by: Literal["source", "tags"]) -> Calendar:
        return browse.calendar(self._catalogue, by)

    def overview(self) -> Overview:
        state = browse.State(
            index=self.address,
            generation=f"{self.collections.name}/{self.state.version}",
            built=self.state.built,
            bytes_on_disk=self.collections.milvus.bytes_on_disk(),
            make=self.collections.make,
            skipped=self.state.skipped,
        )
        return browse.overview_of(self._catalogue, state)

    def newer(self) -> MilvusEngine | None:
        if current_state(self.collections.milvus) != self.collections.name:
            return MilvusEngine.open(self.collections.milvus)
        state = self.collections.state()
        if state is None:  # its notes were taken away: what is left of it is no index
            raise no_index_at(self.address)
        return None if state == self.state else MilvusEngine(self.collections, state)

    @cached_property
    def _catalogue(self) -> Catalogue:
        return Catalogue(self.collections.catalogue())

    def _by_vector(self, vector: np.ndarray, many: int, expression: str) -> dict[str, float]:
        """Return cosines of the nearest passages by key, nearest first."""
        (hits,) = self.collections.milvus.search(
            self.collections.name, "vector", vector[None], many, expression, []
        )
        return {row[KEY]: score for score, row in hits}

    def _by_words(self, asked: str, many: int, expression: str) -> dict[str, float]:
        """Return BM25 scores of the passages that share words with what is asked, by key, highest first."""
        if not asked:
            return {}
        (hits,) = self.collections.milvus.search(self.collections.name, "bm25", [asked], many, expression, [])
        # Milvus multiplies by k1 + 1, as Robertson's formula was first written; the local engine does not.
        return {row[KEY]: score / (K1 + 1) for score, row in hits}

    def _groups(self, names: set[str]) -> dict[str, list[CatalogueEntry]]:
        """Return the articles of each of these groups of near-duplicates."""
        groups: dict[str, list[CatalogueEntry]] = {name: [] for name in names}
        for entry in self.collections.entries_of_groups(names):
            groups[entry.duplicate_group].append(entry)
        return groups

    def _articles(self, keys: Sequence[str]) -> dict[str, Article]:
        articles = self.collections.articles(keys)
        if len(articles) < len(set(keys)):
            raise ArchiveError("it was changed while it was asked", where=self.address, cure="Ask again.")
        return articles

    def _known(self, article_id: str) -> CatalogueEntry:
        entry = self.collections.entry_by_id(article_id)
        if entry is None:
            raise KeyError(article_id)
        return entry
