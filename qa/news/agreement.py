"""Claims, best first -> equal ones merged, each with its independent sources and its first and last day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.news.claim import Claim
from qa.news.values import agree
from qa.records import Answer, Article, Hit


@dataclass(frozen=True, eq=False)
class Agreement:
    """One answer: its best claim, and the claims of other articles that give it too."""

    best: Claim
    others: tuple[Claim, ...] = ()
    sources: int = 1  # independent ones

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (self.best, *self.others)

    @property
    def articles(self) -> list[Article]:
        return [claim.article for claim in self.claims]

    @property
    def reported(self) -> tuple[date, date]:
        """The first and the last day on which the newest of its articles may have been written."""
        return max((claim.days[0], claim.days[-1]) for claim in self.claims if claim.days)

    def answer(self) -> Answer:
        """Return the answer that people get."""
        days = [claim.published for claim in self.claims if claim.published is not None]
        return replace(
            self.best.answer(),
            agreeing=tuple(claim.quote for claim in self.others),
            sources=self.sources,
            first=min(days, default=None),
            last=max(days, default=None),
        )


def merged(
    claims: Sequence[Claim], hits: Sequence[Hit], supported: Callable[[Claim], bool] | None = None
) -> list[Agreement]:
    """Merge equal claims into one answer, led by the best; supported claims of other articles agree.

    Near-duplicates of an article already counted do not agree, since they report nothing new; nor does an
    article that gives the same words as a plan or a supposition.
    """
    near_duplicates = near_duplicates_of(hits)
    groups: list[list[Claim]] = []
    for claim in claims:
        equals = next((group for group in groups if agree(group[0].saying, claim.saying)), None)
        if equals is None:
            groups.append([claim])
        elif not any(claim.article.id in near_duplicates[other.article.id] for other in equals) and (
            supported is None or (supported(equals[0]) and supported(claim))
        ):
            equals.append(claim)
    return [
        Agreement(
            group[0], tuple(group[1:]), independent_sources([c.article for c in group], near_duplicates)
        )
        for group in groups
    ]


def independent_sources(articles: Iterable[Article], near_duplicates: dict[str, frozenset[str]]) -> int:
    """Count the sources of the articles; near-duplicates, and articles of one source, count once.

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
    """Return article id -> ids of the article and its near-duplicates, for all of them."""
    groups = ([article.id for article in (hit.passage.article, *hit.near_duplicates)] for hit in hits)
    return {article_id: frozenset(group) for group in groups for article_id in group}
