"""Articles of a build -> the groups of near-copies that they belong to, with those that Milvus holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from qa.index.engine import Listener
from qa.index.milvus.collection import Shelf
from qa.index.milvus.rows import Facts, hashed, place_in
from qa.index.milvus.schema import KEY
from qa.ingest.copies import BANDS, Sketcher, link
from qa.records import Article

# Passages looked at for each new one. A copy's are nearer than any other's, but copies that came in with
# it may be nearer still; as groups are transitive, one of them that sees the old one is enough.
_NEAREST = 32
_ASKED_TOGETHER = 100  # vectors


def groups_of(articles: Sequence[Article], listener: Listener) -> dict[str, str]:
    """The group of each article, by its id: all articles of the index are here."""
    labels = _labels([article.text for article in articles], listener)
    return {a.id: hashed(articles[label].id) for a, label in zip(articles, labels, strict=True)}


def groups_with(
    shelf: Shelf,
    held: Mapping[str, Facts],
    fresh: Sequence[str],
    articles: Sequence[Article],
    listener: Listener,
) -> tuple[dict[str, str], dict[str, str]]:
    """The same for articles that are added, and what changes among those that stay.

    Near passages propose copies among the articles that stay, and the texts decide as always: so
    nobody reads a million articles to add ten.

    :param held: the articles that stay, by key.
    :param fresh: keys of the new ones; their passages are on the shelf.
    :return: groups of ``articles`` by id, and new groups of those held by key.
    """
    proposed = [held[key] for key in _near(shelf, fresh) if key in held]
    texts = shelf.articles([facts.key for facts in proposed])
    texts_of_both = [texts[facts.key].text for facts in proposed] + [article.text for article in articles]
    labels = _labels(texts_of_both, listener)
    found: dict[str, str] = {}
    merged: dict[str, str] = {}  # group that stays -> the group that it becomes part of
    leading = dict(enumerate(facts.copies for facts in proposed))
    for facts, label in zip(proposed, labels, strict=False):
        if leading[label] != facts.copies:
            merged[facts.copies] = leading[label]
    for at, article in enumerate(articles):
        label = labels[len(proposed) + at]
        first = articles[label - len(proposed)] if label >= len(proposed) else None
        found[article.id] = leading[label] if first is None else hashed(first.id)
    changed = {key: _last(merged, f.copies) for key, f in held.items() if f.copies in merged}
    return {id_: _last(merged, group) for id_, group in found.items()}, changed


def _labels(texts: Sequence[str], listener: Listener) -> list[int]:
    """For each text the position of the first of its group of near-copies."""
    sketcher = Sketcher()
    sketches = np.array([sketcher(text) for text in texts], dtype=np.uint32).reshape(-1, BANDS)
    return link(sketches, texts.__getitem__, progress=listener).tolist()


def _near(shelf: Shelf, fresh: Sequence[str]) -> list[str]:
    """The keys of articles that have a passage near one of these articles'."""
    vectors = list(shelf.vectors(shelf.passages_of(fresh)).values())
    keys: dict[str, None] = {}
    for first in range(0, len(vectors), _ASKED_TOGETHER):
        asked = np.stack(vectors[first : first + _ASKED_TOGETHER])
        for hits in shelf.milvus.search(shelf.name, "vector", asked, _NEAREST, "", []):
            keys |= dict.fromkeys(place_in(row[KEY])[0] for _, row in hits)
    return sorted(keys)


def _last(merged: Mapping[str, str], group: str) -> str:
    """The group that this one has become in the end."""
    seen = {group}
    while group in merged and merged[group] not in seen:
        group = merged[group]
        seen.add(group)
    return group
