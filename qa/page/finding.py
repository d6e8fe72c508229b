"""What people type in the archive's search -> the articles near it, each with the lines that are nearest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import qa
from qa.records import NO_DAY, Article, Hit
from qa.retrieve.excerpt import Excerpt, excerpts
from qa.retrieve.floor import is_near

FOUND = 60  # passages searched for; their articles are shown
LOOKED_AT = 3  # passages of an article, for the lines that are shown
FOUND_FOR_A_PHRASE = 400  # of these only the ones that hold it stay
PHRASE = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]")


@dataclass(frozen=True, slots=True)
class Within:
    """Which articles are searched."""

    since: date | None = None
    until: date | None = None
    source: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article near what was searched for."""

    article: Article
    excerpt: Excerpt


def find(retriever: qa.Retriever, wanted: str, within: Within, *, newest_first: bool) -> list[FoundArticle]:
    """Return each article that was found once, nearest or newest first; [] if none is near.

    Words in quotation marks must be in the title or the text of an article, word for word.

    :raises InputError: if nothing is searched for, or since is after until.
    """
    phrases = [folded(phrase) for phrase in PHRASE.findall(wanted) if phrase.strip()]
    hits = retriever.search(
        wanted,
        FOUND_FOR_A_PHRASE if phrases else FOUND,
        since=within.since,
        until=within.until,
        source=within.source,
        tag=within.tag,
        as_of=NO_DAY,
        heed_time=False,
    )
    nearest: dict[str, list[Hit]] = {}
    for hit in _with_phrases(hits, phrases) if phrases else hits:
        if phrases or is_near(hit):
            nearest.setdefault(hit.passage.article.id, []).append(hit)
    kept = [hits[:LOOKED_AT] for hits in nearest.values()]
    if newest_first:
        kept.sort(key=lambda hits: _moment(hits[0].passage.article), reverse=True)
    shown = iter(excerpts(wanted, [hit.passage for hits in kept for hit in hits]))
    return [FoundArticle(hits[0].passage.article, _telling([next(shown) for _ in hits])) for hits in kept]


def _telling(found: Sequence[Excerpt]) -> Excerpt:
    """Return the first with a word of the search: a passage may be near by its article's title alone."""
    return next((excerpt for excerpt in found if excerpt.words), found[0])


def _with_phrases(hits: Sequence[Hit], phrases: Sequence[str]) -> list[Hit]:
    """Return hits of articles that hold all phrases; passages that hold them come before the others."""

    def holds(text: str) -> bool:
        return all(phrase in folded(text) for phrase in phrases)

    of_articles = [hit for hit in hits if holds(f"{hit.passage.article.title}\n{hit.passage.article.text}")]
    return sorted(of_articles, key=lambda hit: not holds(hit.passage.text))


def _moment(article: Article) -> datetime:
    return datetime.min.replace(tzinfo=UTC) if article.published is None else article.published


def folded(text: str) -> str:
    """Return a text without case, and with one blank for any white space."""
    return " ".join(text.casefold().split())
