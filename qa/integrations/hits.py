"""A hit <-> the plain metadata that a document of another library carries."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from qa import words
from qa.records import Article, Hit, Hits, Passage
from qa.retrieve.retriever import Retriever

log = logging.getLogger("qa.integrations")


def metadata_of(hit: Hit, index: str) -> dict[str, Any]:
    """Return strings and numbers to show and to filter by, and what leads back to the hit."""
    article = hit.passage.article
    return {
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": None if article.published is None else article.published.isoformat(),
        "tags": list(article.tags),
        "authors": list(article.authors),
        "index": index,
        "article": article.id,
        "start": hit.passage.start,  # half-open characters of the article's text
        "end": hit.passage.end,
        "score": float(hit.score),
        "similarity": float(hit.similarity),
        "bm25": float(hit.bm25),
    }


def warn_of_unknown(hits: Hits) -> None:
    """Log the sources and tags that no article has; a list of documents has no place for them."""
    for name in hits.unknown:
        log.warning("%s", words.unknown_and_known(name))


def name_of(hit: Hit) -> str:
    """Return an identity for the document: the article's and the place in it."""
    return f"{hit.passage.article.id}:{hit.passage.start}:{hit.passage.end}"


def own_hit(text: str, metadata: Mapping[str, Any], retriever: Retriever) -> Hit | None:
    """Return the hit of this index that a document was made of; None if it is not one, or not any more."""
    known = metadata.get
    start, end = known("start"), known("end")
    if known("index") != retriever.address or type(start) is not int or type(end) is not int:
        return None
    try:
        article = retriever.article(str(known("article")))
        scores = [float(metadata[name]) for name in ("score", "similarity", "bm25")]
    except (KeyError, TypeError, ValueError):
        return None
    if article.text[start:end] != text:  # a later text of the article, or a document that was altered
        return None
    near_duplicates = tuple(retriever.near_duplicates(article.id))
    return Hit(Passage(article, start, end), scores[0], scores[1], scores[2], near_duplicates)


def foreign_hit(name: str, text: str, title: object) -> Hit:
    """Return a hit of a document that somebody else found: an article of its text alone, without scores."""
    article = Article(name, title if isinstance(title, str) else "", text)
    return Hit(Passage(article, 0, len(text)), 0.0, 0.0, 0.0)
