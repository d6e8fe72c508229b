"""The two collections of an index in Milvus, field by field, in plain words.

**Passages** are searched: vector, words for BM25, and what filters need. The key of a passage is made of
its article's key and its place in the text, so writing it twice changes nothing. **Articles** are read:
the whole article as JSON, cut to rows of a size that Milvus takes. Their vector is there because a
collection must have one.

An article's key is a hash of all of it, so a changed article is another one, and no row ever changes its
meaning. Ids, sources and tags are compared by their hashes. These fit any field, need no quotes in a
condition, and are made without case, as the local engine compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.index.analyzer import K1, B

KEY = "key"
LONGEST_TEXT = 65_535  # bytes, Milvus's limit
MOST_NAMES = 4096  # in a list, Milvus's limit
_HASH = 32  # hex digits
_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Field:
    """One column; the first of a collection is its key."""

    name: str
    kind: Literal["text", "number", "names", "vector", "words", "bm25"]
    longest: int = 0  # bytes of a text or of each name
    dimension: int = 0  # of a vector


@dataclass(frozen=True, slots=True)
class Index:
    """How a field is searched."""

    field: str
    kind: str
    metric: str = ""
    parameters: tuple[tuple[str, float], ...] = ()


def passage_fields(dimension: int) -> tuple[Field, ...]:
    """Return the fields of passages; Milvus fills ``bm25`` from ``words``."""
    return (
        Field(KEY, "text", _LONGEST_KEY),
        Field("article", "text", _HASH),
        Field("published", "number"),  # microseconds since 1970, UTC
        Field("source", "text", _HASH),
        Field("tags", "names", _HASH),
        Field("words", "words", LONGEST_TEXT),
        Field("bm25", "bm25"),
        Field("vector", "vector", dimension=dimension),
    )


def passage_indexes(*, exact: bool) -> tuple[Index, ...]:
    """Return how passages are searched: vectors exactly in a file; a server chooses by size and hardware."""
    return (
        Index("vector", "FLAT" if exact else "AUTOINDEX", "IP"),
        Index("bm25", "SPARSE_INVERTED_INDEX", "BM25", (("bm25_k1", K1), ("bm25_b", B))),
        Index("article", "INVERTED"),
    )


ARTICLE_FIELDS = (
    Field(KEY, "text", _LONGEST_KEY),
    Field("article", "text", _HASH),
    Field("part", "number"),  # counts the rows of an article from 0
    Field("id", "text", _HASH),  # hashed
    Field("copies", "text", _HASH),  # the same for all near-duplicates of one article
    Field("facts", "text", LONGEST_TEXT),  # JSON; empty but in the first row
    Field("body", "text", LONGEST_TEXT),  # JSON of the article, this part of it
    Field("place", "vector", dimension=2),
)
ARTICLE_INDEXES = (
    Index("place", "FLAT", "IP"),
    Index("article", "INVERTED"),
    Index("id", "INVERTED"),
    Index("copies", "INVERTED"),
)
