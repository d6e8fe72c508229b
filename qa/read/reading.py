"""Question and hits -> what the reader makes of them: of all at once, or batch by batch until it is sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.read.answers import Judged, judge
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate, best_first
from qa.read.dated import AskedByDate
from qa.read.reader import Asked, Reader
from qa.records import Hit, TimeCondition

BATCH = 4  # passages; two for each of two cores, and few answers are sure on less


@dataclass(frozen=True, slots=True)
class Reading:
    """What the passages that were read come to."""

    judged: Judged
    passages: int  # how many were read, of the first


def read_hits(
    question: str,
    hits: Sequence[Hit],
    reader: Reader,
    calibration: Calibration | None,
    *,
    early_exit: float | None,
    threshold: float | None,
    many: int,
    time: TimeCondition | None = None,
    as_of: date | None = None,
) -> Reading:
    """Read the hits and judge what was read; see :func:`qa.read.answers.judge`.

    ``early_exit`` is the confidence from which the answer stands that would be shown first: what is unread
    then is not looked at, nor does it agree, disagree or take its place. None reads all.

    :raises ValueError: if a threshold or an early exit is given without a calibration.
    """
    if calibration is None and early_exit is not None:
        raise ValueError(f"the early exit at {early_exit} needs a calibrated reader")
    size = max(1, len(hits)) if early_exit is None else BATCH
    candidates: list[Candidate] = []
    until = 0
    while True:
        batch = hits[until : until + size]
        read = reader.read(question, [hit.passage for hit in batch])
        if until:
            # In the order of one reading: equal ones rank by it, and sums round by it.
            read = best_first(
                [*candidates, *(replace(found, passage=found.passage + until) for found in read)]
            )
        candidates = read
        until += len(batch)
        so_far = ToRead(question, hits[:until], time, as_of)
        judged = _judged(so_far, candidates, calibration, threshold=threshold, many=many)
        if until == len(hits) or (early_exit is not None and _stands(judged, early_exit, time)):
            break
    asked = ToRead(question, hits, time, as_of)
    (judged,) = _by_date([asked], [candidates], [judged], reader, calibration, threshold=threshold, many=many)
    return Reading(judged, until)


@dataclass(frozen=True, slots=True)
class ToRead:
    """A question with what was found for it."""

    question: str
    hits: Sequence[Hit]
    time: TimeCondition | None
    as_of: date | None = None  # the day of asking


def read_together(
    asked: Sequence[ToRead],
    reader: Reader,
    calibration: Calibration | None,
    *,
    early_exit: float | None,
    threshold: float | None,
    many: int,
) -> list[Reading]:
    """Read the hits of several questions in one run of the reader, and judge each as :func:`read_hits` does.

    With an early exit each question is read by itself, since it ends where that one is sure.

    :raises ValueError: if a threshold or an early exit is given without a calibration.
    """
    if early_exit is not None:
        return [
            read_hits(
                one.question,
                one.hits,
                reader,
                calibration,
                early_exit=early_exit,
                threshold=threshold,
                many=many,
                time=one.time,
                as_of=one.as_of,
            )
            for one in asked
        ]
    read = reader.read_many([Asked(one.question, [hit.passage for hit in one.hits]) for one in asked])
    first = [
        _judged(one, found, calibration, threshold=threshold, many=many)
        for one, found in zip(asked, read, strict=True)
    ]
    last = _by_date(asked, read, first, reader, calibration, threshold=threshold, many=many)
    return [Reading(judged, len(one.hits)) for one, judged in zip(asked, last, strict=True)]


def _judged(
    one: ToRead,
    candidates: Sequence[Candidate],
    calibration: Calibration | None,
    *,
    threshold: float | None,
    many: int,
) -> Judged:
    return judge(
        one.question,
        candidates,
        one.hits,
        calibration,
        threshold=threshold,
        many=many,
        time=one.time,
        as_of=one.as_of,
    )


def _by_date(
    asked: Sequence[ToRead],
    read: Sequence[Sequence[Candidate]],
    first: Sequence[Judged],
    reader: Reader,
    calibration: Calibration | None,
    *,
    threshold: float | None,
    many: int,
) -> list[Judged]:
    """Return what the questions come to when those without an answer are read again without their time.

    ``read`` are the candidates of each question, ``first`` is what they came to with the time.
    """
    last = list(first)
    again = {
        at: dated
        for at, one in enumerate(asked)
        if not first[at].answers and (dated := AskedByDate.of(one.question, one.hits, one.time)) is not None
    }
    if not again:
        return last
    reread = reader.read_many(
        [Asked(dated.question, [asked[at].hits[n].passage for n in dated.at]) for at, dated in again.items()]
    )
    for (at, dated), found in zip(again.items(), reread, strict=True):
        one, candidates = asked[at], dated.among(read[at], found)
        second = _judged(one, candidates, calibration, threshold=threshold, many=many)
        last[at] = second if second.answers else first[at]
    return last


def _stands(judged: Judged, early_exit: float, time: TimeCondition | None) -> bool:
    sure = judged.answers[0].confidence if judged.answers else None
    if sure is None or sure < early_exit:
        return False
    # "The newest" may always come later; and answers of the time that is named come before all others.
    return time is None or (judged.time is not None and judged.time.hard)
