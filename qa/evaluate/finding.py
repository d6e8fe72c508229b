"""A question's hits -> where its gold answer and its gold article stand among them; recall over many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluate.metrics import contains, normalized
from qa.evaluate.questions import Question
from qa.records import Article, Hit


@dataclass(frozen=True, slots=True)
class Found:
    """Ranks from 1; None if it is not among the hits."""

    answer: int | None  # first passage that holds a gold answer, as whole words
    article: int | None  # first passage of a gold article or of a near-duplicate of one


def find(question: Question, hits: Sequence[Hit]) -> Found:
    """Return where the golds rank among the hits."""
    names = {*question.articles, *(normalized(name) for name in question.articles)}
    holds_answer = [any(contains(hit.passage.text, gold) for gold in question.golds) for hit in hits]
    is_gold = [any(_is_named(a, names) for a in (hit.passage.article, *hit.near_duplicates)) for hit in hits]
    return Found(answer=_first(holds_answer), article=_first(is_gold))


def recall(ranks: Sequence[int | None], depth: int) -> float | None:
    """Return the share of ranks that are not beyond the depth; None if there are no ranks."""
    if not ranks:
        return None
    return sum(rank is not None and rank <= depth for rank in ranks) / len(ranks)


def _is_named(article: Article, names: set[str]) -> bool:
    keys = (article.id, article.url, normalized(article.title))
    return any(key in names for key in keys if key)


def _first(fits: Sequence[bool]) -> int | None:
    return fits.index(True) + 1 if True in fits else None
