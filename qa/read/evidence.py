"""Candidates and the hits they stand in -> what speaks for each of them, as numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.news.agreement import near_duplicates_of
from qa.read.candidate import Candidate
from qa.records import Hit
from qa.text.normalization import normalized

FEATURES = ("margin", "agreement", "depth", "doubt")
OWN = FEATURES[:3]  # what sets one candidate apart from another, and ranks
SETTING = FEATURES[2:]  # what the confidence weighs beside margin and lead


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for each candidate of one question.

    The columns of ``features``: the reader's *margin*; the *agreement*, the logarithm of 1 plus the
    summed probabilities with which the reader gives the same answer in other, independent articles;
    the *depth* of the passage, the natural logarithm of its place in the retrieval counted from 1; the
    *doubt*, the entropy in nats of the probabilities that the margins give to the different answers.
    """

    features: np.ndarray  # (n, len(FEATURES)) float64
    texts: tuple[str, ...]  # the n answers, normalised: equal answers have equal texts


def evidence(candidates: Sequence[Candidate], hits: Sequence[Hit]) -> Evidence:
    """Return one row a candidate, in the order given."""
    texts = tuple(normalized(quote_of(candidate, hits)) for candidate in candidates)
    near_duplicates = near_duplicates_of(hits)
    stories = [min(near_duplicates[hit.passage.article.id]) for hit in hits]  # near-duplicates are one story
    # The highest margin of each answer in each story.
    surest: dict[str, dict[str, float]] = {}
    for candidate, text in zip(candidates, texts, strict=True):
        margins = surest.setdefault(text, {})
        story = stories[candidate.passage]
        margins[story] = max(margins.get(story, -math.inf), candidate.margin)
    doubt = _entropy([max(margins.values()) for margins in surest.values()])
    rows = []
    for candidate, text in zip(candidates, texts, strict=True):
        others = (m for story, m in surest[text].items() if story != stories[candidate.passage])
        rows.append(
            (
                candidate.margin,
                math.log1p(sum(_logistic(margin) for margin in others)),
                math.log(candidate.passage + 1),
                doubt,
            )
        )
    return Evidence(np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES)), texts)


def quote_of(candidate: Candidate, hits: Sequence[Hit]) -> str:
    """Return the words of a candidate."""
    article = hits[candidate.passage].passage.article
    return article.field(candidate.where)[candidate.start : candidate.end]


def _entropy(logits: Sequence[float]) -> float:
    if not logits:
        return 0.0
    shares = np.exp(np.array(logits) - max(logits))
    shares /= shares.sum()
    return float(-(shares * np.log(np.maximum(shares, 1e-300))).sum())


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
