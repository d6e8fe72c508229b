"""Hits and what was judged of them -> the evidence that is shown, and the time that it is said to be of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.news.window import within
from qa.read.answers import Judged
from qa.records import Hit, TimeCondition


def shown(hits: Sequence[Hit], judged: Judged) -> tuple[list[Hit], TimeCondition | None]:
    """Return the hits of the time that the question names and those that hold an answer, and that time.

    The time stays hard, "only November 2023", if all that is shown was published in it: the hits, and the
    articles that give the same answer, which stand on its card.
    """
    time = judged.time
    if time is None or not time.hard:
        return list(hits), time
    quoted = [*judged.answers, *([judged.guess] if judged.guess is not None else [])]
    articles = (article for answer in quoted for article in (answer.article, *answer.support))
    kept, is_only = within(hits, time, {article.id for article in articles})
    return kept, time if is_only else replace(time, hard=False)
