"""A pair of collections -> proof that every article is as it was written and has all its passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

import numpy as np

from qa.errors import IndexDamaged
from qa.index.engine import CheckedIndex
from qa.index.milvus.collection import CollectionPair, is_sound
from qa.index.milvus.metadata import State
from qa.index.milvus.rows import CatalogueEntry, Row, article_from, asked_of, entry_from, entry_of, key_of
from qa.index.milvus.schema import KEY

_CURE = "Build the whole index again."


def check_collections(collections: CollectionPair, state: State) -> CheckedIndex:
    """Read every row.

    :raises IndexDamaged: at the first thing that is wrong.
    """
    where = collections.milvus.address.written
    articles, passages = collections.every_row()
    filters: dict[str, Row] = {}
    due: Counter[str] = Counter()
    for entry, asked in _articles(articles, where):
        filters[entry.key] = asked
        due[entry.key] = entry.passages
    found: Counter[str] = Counter()
    for row in passages:
        article = row["article"]
        if article not in due:
            raise IndexDamaged(
                "a passage belongs to no article; a build was killed here",
                where=where,
                cure="Run that build again.",
            )
        altered = any(row[name] != value for name, value in filters[article].items())
        if altered or not is_sound(np.array(row["vector"])):
            raise IndexDamaged(f"the passage {row[KEY]} was altered", where=where, cure=_CURE)
        found[article] += 1
    if found != due:
        lacking = sum((due - found).values())
        raise IndexDamaged(f"{lacking:,} passages are missing", where=where, cure=_CURE)
    return CheckedIndex(f"{collections.name}/{state.version}", len(due), due.total())


def _articles(rows: Iterable[Row], where: str) -> Iterator[tuple[CatalogueEntry, Row]]:
    """Yield each article's entry, and what filters ask of its passages.

    :raises IndexDamaged: at the first that is not as it was written.
    """
    for key, group in groupby(rows, key=lambda row: row["article"]):
        parts = list(group)
        try:
            article = article_from(parts)
            entry = entry_from(parts[0])
            expected = entry_of(article, passages=entry.passages, duplicate_group=parts[0]["copies"])
            if key_of(article) != key or entry != expected:
                raise ValueError("its fields do not fit each other")
        except (ValueError, KeyError, TypeError):
            raise IndexDamaged(f"the article {key} was altered", where=where, cure=_CURE) from None
        yield entry, asked_of(article)
