"""Answers, best first -> equal ones merged, each with its independent sources and its first and last day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.news.values import Saying, agree, saying_of
from qa.records import Answer, Article, Hit, Passage


def merged(answers: Sequence[Answer], hits: Sequence[Hit]) -> list[Answer]:
    """Equal answers become one, the best; quotes of other articles that give it agree with it.

    Near-duplicates of an article already counted do not agree, since they report nothing new.
    """
    near_duplicates = near_duplicates_of(hits)
    groups: list[tuple[Saying, list[Answer]]] = []
    for answer in answers:
        saying = saying_of(answer.article, answer.start, answer.end)
        equals = next((group for best, group in groups if agree(best, saying)), None)
        if equals is None:
            groups.append((saying, [answer]))
        elif not any(answer.article.id in near_duplicates[other.article.id] for other in equals):
            equals.append(answer)
    return [_one(equals, near_duplicates) for _, equals in groups]


def independent_sources(articles: Iterable[Article], near_duplicates: dict[str, frozenset[str]]) -> int:
    """How many sources the articles come from, where near-duplicates and articles of one source count once.

    An article without a source counts by itself.
    """
    groups: list[set[str]] = []
    for article in articles:
        marks = {f"id {id_}" for id_ in near_duplicates[article.id]}
        if article.source:
            marks.add(f"source {article.source.casefold()}")
        touching = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks] + [marks.union(*touching)]
    return len(groups)


def near_duplicates_of(hits: Sequence[Hit]) -> dict[str, frozenset[str]]:
    """Article id -> ids of the article and its near-duplicates."""
    return {
        hit.passage.article.id: frozenset(
            article.id for article in (hit.passage.article, *hit.near_duplicates)
        )
        for hit in hits
    }


def _one(equals: Sequence[Answer], near_duplicates: dict[str, frozenset[str]]) -> Answer:
    days = [answer.date for answer in equals if answer.date is not None]
    return replace(
        equals[0],
        agreeing=tuple(Passage(other.article, other.start, other.end) for other in equals[1:]),
        sources=independent_sources([answer.article for answer in equals], near_duplicates),
        first=min(days, default=None),
        last=max(days, default=None),
    )
