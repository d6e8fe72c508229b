"""What the Retriever needs of an index, however it is kept: candidates for a question, then the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

import numpy as np

from qa.holdings import Calendar, Listing, Neighbour, Order
from qa.records import Article, Filter, Overview, Passage


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The passages that dense or BM25 search ranks high, each with both true scores.

    Whichever method brought a passage, the other one's score of it is worked out too: a fusion
    that took a missing score for 0 would punish what only one method found.
    """

    keys: np.ndarray  # (n,) names the passages to their engine, in an order that settles equal scores
    cosines: np.ndarray  # (n,) of question and passage
    bm25: np.ndarray  # (n,) of the question's words, >= 0
    published: np.ndarray  # (n,) datetime64[us] of the article, UTC; NaT where it has no date


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its whole article, and the article's near-copies."""

    passage: Passage
    copies: tuple[Article, ...]


class Engine(Protocol):
    """An index, opened. Safe to share between threads."""

    @property
    def address(self) -> str:
        """Where the index is, as people write it."""

    @property
    def embedder(self) -> str:
        """The name of the embedder that built the index."""

    @property
    def embedder_sha256(self) -> str:
        """The hash of that embedder's weights."""

    def candidates(self, question: str, vector: np.ndarray, many: int, condition: Filter) -> Candidates:
        """The ``many`` best passages by each of dense search and BM25, of those that pass the condition.

        ``vector`` ``(dim,)`` is the question embedded. The condition is exact and comes before
        the ranking: it never costs hits.
        """

    def found(self, keys: Sequence[object]) -> list[Found | None]:
        """The passages that candidates of this engine were named by, in that order.

        None where an index that is changed in place has let go of the article meanwhile.
        """

    def article(self, article_id: str) -> Article:
        """:raises KeyError: if the index does not hold it."""

    def copies(self, article_id: str) -> list[Article]:
        """The other articles that are near-copies of this one.

        :raises KeyError: if the index does not hold it.
        """

    def neighbours(self, article_id: str, many: int, within: timedelta | None) -> list[Neighbour]:
        """The articles nearest in meaning, nearest first, each group of copies once, its own not.

        ``within``: only those published so near to it in time.

        :raises KeyError: if the index does not hold it.
        """

    def listing(self, condition: Filter, first: int, many: int, by: Order) -> Listing:
        """Of the articles that pass, newest first, ``many`` from the ``first`` on."""

    def calendar(self, by: Literal["source", "tags"]) -> Calendar:
        """How the dated articles spread over time, by their names."""

    def overview(self) -> Overview:
        """What is in the index, for people."""

    def newer(self) -> Engine | None:
        """The index as it is by now, None if nothing changed since it was opened.

        :raises IndexError_: if what is there now cannot be opened.
        """
