"""Candidates of all passages -> answers: overlaps removed, equal answers merged, doubtful ones kept back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.news.times import times_around
from qa.read.calibration import Calibration
from qa.read.reader import Candidate
from qa.records import Answer, Hit, Quote

# Without a calibration a span is shown if the reader prefers it to "no answer".
_LEAST_MARGIN = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What the reader's candidates come to."""

    answers: tuple[Answer, ...]  # best first; none means "not found in this archive"
    best_rejected: Answer | None  # the best span below the threshold, when none passed


def judge(
    candidates: Sequence[Candidate],
    hits: Sequence[Hit],
    calibration: Calibration | None,
    *,
    threshold: float | None,
    many: int,
) -> Judged:
    """Rank, merge and sift the candidates; at most ``many`` answers.

    ``threshold`` overrides the calibration's; without a calibration it must be None, since there
    is no probability to compare with.

    :raises ValueError: if a threshold is given without a calibration.
    """
    if calibration is None and threshold is not None:
        raise ValueError(f"the threshold {threshold} needs a calibrated reader")
    ranked = sorted(
        (_answer(candidate, hits[candidate.passage], calibration) for candidate in candidates),
        key=lambda a: (-(a.margin if a.confidence is None else a.confidence), a.article.id, a.start, a.end),
    )
    distinct = _without_overlaps([answer for answer in ranked if normalized(answer.text)])
    if calibration is None:
        passed = [answer for answer in distinct if answer.margin > _LEAST_MARGIN]
    else:
        least = calibration.threshold if threshold is None else threshold
        passed = [answer for answer in distinct if answer.confidence >= least]
    # Only answers that stand on their own support each other: "April 2019" is found in many articles.
    merged = _merge(passed, _copy_groups(hits))
    told = tuple(replace(a, times=times_around(a.article, a.start, a.end)) for a in merged[:many])
    return Judged(told, distinct[0] if distinct and not told else None)


def normalized(text: str) -> str:
    """Text by which equal answers are told: no case, accents, articles, punctuation at the ends."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = re.sub(r"[^\w.,$€£%]+", " ", plain).split()
    words = [word.strip(".,") for word in words if word not in {"a", "an", "the"}]
    return " ".join(word for word in words if word)


def _answer(candidate: Candidate, hit: Hit, calibration: Calibration | None) -> Answer:
    confidence = None if calibration is None else calibration.confidence(candidate.margin, hit)
    article = hit.passage.article
    quote = article.text[candidate.start : candidate.end]
    # Some tokenizers count the blank before a word as part of it.
    start = candidate.start + len(quote) - len(quote.lstrip())
    end = candidate.end - (len(quote) - len(quote.rstrip()))
    return Answer(article, start, end, confidence, candidate.margin)


def _without_overlaps(ranked: Sequence[Answer]) -> list[Answer]:
    """Of spans of an article that share characters only the best; passages overlap, so they do."""
    kept: list[Answer] = []
    for answer in ranked:
        rivals = (other for other in kept if other.article.id == answer.article.id)
        if not any(answer.start < other.end and other.start < answer.end for other in rivals):
            kept.append(answer)
    return kept


def _copy_groups(hits: Sequence[Hit]) -> dict[str, frozenset[str]]:
    """Article id -> ids of the article and its near-copies."""
    return {
        hit.passage.article.id: frozenset([hit.passage.article.id, *(copy.id for copy in hit.copies)])
        for hit in hits
    }


def _merge(answers: Sequence[Answer], groups: dict[str, frozenset[str]]) -> list[Answer]:
    """Equal answers become one, the best; other articles that give it are its support.

    Near-copies of an article already counted are no support, since they tell nothing new.
    """
    merged: dict[str, Answer] = {}
    for answer in answers:
        key = normalized(answer.text)
        best = merged.setdefault(key, answer)
        counted = {id_ for article in (best.article, *best.support) for id_ in groups[article.id]}
        if best is not answer and answer.article.id not in counted:
            quote = Quote(answer.article, answer.start, answer.end)
            merged[key] = replace(best, agreeing=(*best.agreeing, quote))
    return list(merged.values())
