"""Candidates of all passages -> answers: overlaps removed, equal answers merged, doubtful ones kept back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.news.agreement import merged
from qa.news.standing import rivals, with_standing
from qa.news.times import times_around
from qa.news.window import of_the_time
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate
from qa.read.evidence import evidence
from qa.records import Answer, Hit, TimeCondition
from qa.text.normalization import normalized

# Without a calibration a span is shown if the reader prefers it to "no answer".
_LEAST_MARGIN = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What the reader's candidates come to."""

    answers: tuple[Answer, ...]  # best first; none means "not found in this archive"
    best_rejected: Answer | None  # the best span below the threshold, when none passed
    time: TimeCondition | None = None  # as it was heeded: not hard if no answer was of the time


def judge(
    question: str,
    candidates: Sequence[Candidate],
    hits: Sequence[Hit],
    calibration: Calibration | None,
    *,
    threshold: float | None,
    many: int,
    time: TimeCondition | None = None,
) -> Judged:
    """Rank, merge and sift the candidates; at most ``many`` answers.

    Answers from articles of the ``time`` that the question names come before all others. Without
    one, the newest of the answers that take each other's place leads; they pass the threshold together.

    ``threshold`` overrides the calibration's; without a calibration it must be None, since there
    is no probability to compare with.

    :raises ValueError: if a threshold is given without a calibration.
    """
    if calibration is None and threshold is not None:
        raise ValueError(f"the threshold {threshold} needs a calibrated reader")
    confidences: Sequence[float | None] = [None] * len(candidates)
    if calibration is not None:
        confidences = calibration.confidences(evidence(candidates, hits)).tolist()
    ranked = sorted(
        (_answer(c, hits[c.passage], sure) for c, sure in zip(candidates, confidences, strict=True)),
        key=lambda a: (-(a.margin if a.confidence is None else a.confidence), a.article.id, a.start, a.end),
    )
    distinct = _without_overlaps([answer for answer in ranked if normalized(answer.text)])
    if calibration is None:
        passed = [answer for answer in distinct if answer.margin > _LEAST_MARGIN]
    else:
        least = calibration.threshold if threshold is None else threshold
        passed = [answer for answer in distinct if answer.confidence >= least]
    # A time that the question names says itself which of several is meant.
    compare = time is None or not time.hard
    others = rivals(question, distinct) if compare else []
    if not passed and others and calibration is not None:
        # One answer at different times: what counts is whether any of them is right.
        together = sum(answer.confidence for answer in (distinct[0], *others))
        passed = distinct[:1] if together >= least else []
    # Only answers that stand on their own support each other: "April 2019" is found in many articles.
    of_time = of_the_time(passed, time)
    shown = passed if of_time is None else of_time
    agreed = merged([*shown, *(answer for answer in others if shown and answer not in shown)], hits)
    if compare:
        agreed = with_standing(question, agreed, hits)
    answers = tuple(_with_times(answer) for answer in agreed[:many])
    heeded = time if time is None or of_time is not None or not passed else replace(time, hard=False)
    return Judged(answers, distinct[0] if distinct and not answers else None, heeded)


def _with_times(answer: Answer) -> Answer:
    return replace(answer, times=times_around(answer.article, answer.start, answer.end))


def _answer(candidate: Candidate, hit: Hit, confidence: float | None) -> Answer:
    article = hit.passage.article
    quote = article.text[candidate.start : candidate.end]
    # Some tokenizers count the blank before a word as part of it.
    start = candidate.start + len(quote) - len(quote.lstrip())
    end = candidate.end - (len(quote) - len(quote.rstrip()))
    return Answer(article, start, end, confidence, candidate.margin, null=candidate.null)


def _without_overlaps(ranked: Sequence[Answer]) -> list[Answer]:
    """Of spans of an article that share characters only the best; passages overlap, so they do."""
    kept: list[Answer] = []
    for answer in ranked:
        rivals = (other for other in kept if other.article.id == answer.article.id)
        if not any(answer.start < other.end and other.start < answer.end for other in rivals):
            kept.append(answer)
    return kept
