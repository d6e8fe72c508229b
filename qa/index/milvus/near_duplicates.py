"""Articles of a build -> the groups of near-duplicates that they belong to, with those that Milvus holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from qa.index.engine import Listener
from qa.index.milvus.collection import CollectionPair
from qa.index.milvus.rows import CatalogueEntry, hashed, place_in
from qa.index.milvus.schema import KEY
from qa.ingest.copies import BANDS, Sketcher, link
from qa.ingest.versions import version_pairs
from qa.records import Article

# Passages looked at for each new one. A near-duplicate's are nearer than others, but those that came in with
# it may be nearer still; as groups are transitive, one of them that sees the old one is enough.
_NEAREST = 32
_ASKED_TOGETHER = 100  # vectors


def groups_of(articles: Sequence[Article], listener: Listener) -> dict[str, str]:
    """Return the group of each article, by its id: all articles of the index are here."""
    labels = _labels(articles, listener)
    return {a.id: hashed(articles[label].id) for a, label in zip(articles, labels, strict=True)}


def groups_with(
    collections: CollectionPair,
    staying: Mapping[str, CatalogueEntry],
    fresh: Sequence[str],
    articles: Sequence[Article],
    listener: Listener,
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the same for articles that are added, and what changes among those that stay.

    Near passages propose near-duplicates among the articles that stay, and the texts decide as always: so
    nobody reads a million articles to add ten.

    :param staying: the articles that stay, by key.
    :param fresh: keys of the new ones; their passages are on the collections.
    :return: groups of ``articles`` by id, and new groups of those held by key.
    """
    proposed = [staying[key] for key in _near(collections, fresh) if key in staying]
    held = collections.articles([entry.key for entry in proposed])
    labels = _labels([*(held[entry.key] for entry in proposed), *articles], listener)
    found: dict[str, str] = {}
    merged: dict[str, str] = {}  # group that stays -> the group that it becomes part of
    leading = dict(enumerate(entry.duplicate_group for entry in proposed))
    for entry, label in zip(proposed, labels, strict=False):
        if leading[label] != entry.duplicate_group:
            merged[entry.duplicate_group] = leading[label]
    for at, article in enumerate(articles):
        label = labels[len(proposed) + at]
        first = articles[label - len(proposed)] if label >= len(proposed) else None
        found[article.id] = leading[label] if first is None else hashed(first.id)
    changed = {
        key: _last(merged, f.duplicate_group) for key, f in staying.items() if f.duplicate_group in merged
    }
    return {id_: _last(merged, group) for id_, group in found.items()}, changed


def _labels(articles: Sequence[Article], listener: Listener) -> list[int]:
    """Return for each article the position of the first of its group of near-duplicates and versions."""
    sketcher = Sketcher()
    sketches = np.array([sketcher(a.text) for a in articles], dtype=np.uint32).reshape(-1, BANDS)
    versions = version_pairs([a.id for a in articles], [a.url for a in articles], articles.__getitem__)
    texts = [article.text for article in articles]
    labels: list[int] = link(sketches, texts.__getitem__, versions=versions, progress=listener).tolist()
    return labels


def _near(collections: CollectionPair, fresh: Sequence[str]) -> list[str]:
    """Return the keys of articles that have a passage near one of these articles'."""
    vectors = list(collections.vectors(collections.passages_of(fresh)).values())
    keys: dict[str, None] = {}
    for first in range(0, len(vectors), _ASKED_TOGETHER):
        asked = np.stack(vectors[first : first + _ASKED_TOGETHER])
        for hits in collections.milvus.search(collections.name, "vector", asked, _NEAREST, "", []):
            keys |= dict.fromkeys(place_in(row[KEY])[0] for _, row in hits)
    return sorted(keys)


def _last(merged: Mapping[str, str], group: str) -> str:
    """Return the group that this one has become in the end."""
    seen = {group}
    while group in merged and merged[group] not in seen:
        group = merged[group]
        seen.add(group)
    return group
