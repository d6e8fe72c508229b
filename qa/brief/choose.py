"""The sentences of a day -> its one or two events, each with the sentences that say nearly the same.

Sentences are chosen by maximal marginal relevance: relevance to the topic, less likeness to what the
brief says already (Carbonell and Goldstein 1998, "The Use of MMR, Diversity-Based Reranking for
Reordering Documents and Producing Summaries"). A sentence that several independent articles have weighs
more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.brief.days import Weighed, weight_of
from qa.brief.records import Event

SAME = 0.8  # cosine from which two sentences say nearly the same
NOVELTY = 0.3  # share of likeness in the marginal relevance
SECOND = 0.7  # of the first's worth, that a second sentence of a day must have
MOST = 2  # sentences of a day


def events_of(
    lines: Sequence[Weighed], vectors: np.ndarray, elsewhere: Sequence[int]
) -> list[tuple[Event, int]]:
    """Return the events of one day, the most relevant first, each with the row of its vector.

    ``vectors`` ``(n, dim)`` are unit vectors. ``elsewhere`` are the rows of the sentences of other days of
    the brief.
    """
    own = vectors[[one.row for one in lines]]
    alike = own @ own.T >= SAME
    stories = [len({lines[other].story for other in np.flatnonzero(row).tolist()}) for row in alike]
    worth = np.array([weight_of(one) for one in lines]) * (1 + np.log(stories))
    likeness = (own @ vectors[list(elsewhere)].T).max(axis=1) if elsewhere else np.zeros(len(lines))
    free = np.ones(len(lines), dtype=bool)
    chosen: list[int] = []
    while free.any() and len(chosen) < MOST:
        marginal = np.where(free, (1 - NOVELTY) * worth - NOVELTY * likeness * worth.max(), -np.inf)
        best = int(marginal.argmax())
        if chosen and worth[best] < SECOND * worth[chosen[0]]:
            break
        chosen.append(best)
        free &= ~alike[best]
        free[best] = False
        likeness = np.maximum(likeness, own @ own[best])
    return [(_event(lines, place, alike[place]), lines[place].row) for place in chosen]


def _event(lines: Sequence[Weighed], place: int, alike: np.ndarray) -> Event:
    best = lines[place]
    others: dict[str, Weighed] = {}  # by article: one sentence of each
    for at in np.flatnonzero(alike).tolist():
        article = lines[at].dated.quote.article.id
        if article != best.dated.quote.article.id:
            others.setdefault(article, lines[at])
    return Event(
        best.dated.quote,
        tuple(other.dated.quote for other in others.values()),
        len({best.story, *(other.story for other in others.values())}),
        best.relevance,
    )
