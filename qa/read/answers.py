"""Candidates of all passages -> answers: unfit ones dropped, equal ones merged, doubtful ones kept back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from qa.news.agreement import merged
from qa.news.claim import Claim
from qa.news.standing import Standing, amendments, newest_state, rivals, with_amended_last, with_standing
from qa.news.window import of_the_time
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate
from qa.read.evidence import evidence
from qa.read.fitting import given, is_supported, of_the_kind
from qa.records import Answer, Hit, TimeCondition, Where
from qa.text.normalization import normalized

# Without a calibration a span is shown if the reader prefers it to "no answer".
_LEAST_MARGIN = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What the reader's candidates come to."""

    answers: tuple[Answer, ...]  # best first; none means "not found in this archive"
    best_rejected: Answer | None  # the best span below the threshold, when none passed
    guess: Answer | None  # that span or a newer state of its count, where it is sure enough to be shown
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
    as_of: date | None = None,
) -> Judged:
    """Rank, merge and sift the candidates; return at most ``many`` answers.

    Answers from articles of the ``time`` that the question names come first. If it names none, the newest of
    the alternatives leads, provided that one of them passes alone. ``threshold`` replaces that of the
    calibration. No count of after ``as_of``, the day of asking, leads for being the newest.

    :raises ValueError: if a threshold is given without a calibration, so without probabilities to compare.
    """
    if calibration is None and threshold is not None:
        raise ValueError(f"the threshold {threshold} needs a calibrated reader")
    ranked = _ranked(of_the_kind(question, candidates, hits), hits, calibration)
    claims = given(question, _distinct(ranked))
    passed = _passed(claims, calibration, threshold)
    of_time = of_the_time(passed, time)
    shown = passed if of_time is None else of_time
    standing = _compared(question, claims, shown, hits, time, as_of)
    answers = tuple(answer.answer() for answer in standing[:many])
    heeded = time if time is None or of_time is not None or not passed else replace(time, hard=False)
    rejected = claims[0].answer() if claims and not answers else None
    guess = rejected if _may_be_guessed(rejected, calibration) else None
    if guess is not None and (time is None or not time.hard):
        newest = newest_state(question, claims, hits, as_of)
        guess = guess if newest is None else newest.answer()
    return Judged(answers, rejected, guess, heeded)


def _may_be_guessed(rejected: Answer | None, calibration: Calibration | None) -> bool:
    """Return whether it is sure enough; without a calibration none is: margins say only what is refused."""
    if rejected is None or rejected.confidence is None or calibration is None:
        return False
    return rejected.confidence >= calibration.guess


def _ranked(
    fit: Sequence[tuple[Candidate, Claim]], hits: Sequence[Hit], calibration: Calibration | None
) -> list[Claim]:
    """Return the claims, the surest first."""
    claims = [claim for _, claim in fit]
    if calibration is not None:
        speaking = evidence([candidate for candidate, _ in fit], hits)
        confidences = calibration.confidences(speaking).tolist()
        claims = [claim.with_confidence(sure) for claim, sure in zip(claims, confidences, strict=True)]
    return sorted(claims, key=_order)


def _order(claim: Claim) -> tuple[float, str, str, int, int]:
    quote = claim.quote
    return -_sureness(claim), claim.article.id, quote.where, quote.start, quote.end


def _sureness(claim: Claim) -> float:
    return claim.margin if claim.confidence is None else claim.confidence


def _distinct(ranked: Sequence[Claim]) -> list[Claim]:
    """Return the best of spans of an article that share characters; passages overlap, so spans do."""
    kept: dict[tuple[str, Where], list[Claim]] = {}
    distinct = []
    for claim in ranked:
        quote = claim.quote
        of_field = kept.setdefault((claim.article.id, quote.where), [])
        overlaps = any(quote.start < c.quote.end and c.quote.start < quote.end for c in of_field)
        if not overlaps and normalized(quote.text):
            of_field.append(claim)
            distinct.append(claim)
    return distinct


def _passed(claims: Sequence[Claim], calibration: Calibration | None, threshold: float | None) -> list[Claim]:
    """Return the claims that are sure enough to be shown, each by itself."""
    if calibration is None:
        least = _LEAST_MARGIN
        return [claim for claim in claims if claim.margin > least]
    least = calibration.threshold if threshold is None else threshold
    return [claim for claim in claims if _sureness(claim) >= least]


def _compared(
    question: str,
    claims: Sequence[Claim],
    shown: Sequence[Claim],
    hits: Sequence[Hit],
    time: TimeCondition | None,
    as_of: date | None,
) -> list[Standing]:
    """Merge what is shown; add its rivals, the newest first, unless the question names a time.

    A time that the question names says itself which of several is meant.
    """
    supported = partial(is_supported, question)
    amending = [claim for claim in amendments(question, claims, shown) if claim not in shown]
    if time is not None and time.hard:
        agreed = merged([*shown, *amending], hits, supported)
        return with_amended_last(question, [Standing(answer) for answer in agreed])
    others = rivals(question, claims, hits, as_of) if shown else []
    added = [*amending, *(claim for claim in others if claim not in shown and claim not in amending)]
    agreed = merged([*shown, *added], hits, supported)
    return with_amended_last(question, with_standing(question, agreed, hits))
