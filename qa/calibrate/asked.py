"""Questions with known answers and an archive -> all candidates of each, and which of them are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qa.archive import Archive
from qa.calibrate.fit import Asked
from qa.evaluate.metrics import RIGHT, f1
from qa.evaluate.questions import Question
from qa.read.candidate import Candidate
from qa.read.evidence import evidence
from qa.read.fitting import of_the_kind
from qa.records import Hit
from qa.reports import Progress
from qa.retrieve.query import AsOf


def ask_all(
    archive: Archive, questions: Sequence[Question], *, as_of: AsOf, progress: Callable[[Progress], None]
) -> list[Asked]:
    """Search and read for each question as ``ask`` does; a question without any candidate is left out.

    ``as_of`` is the day for questions that have none of their own.
    """
    found = []
    for done, question in enumerate(questions):
        progress(Progress("asking", done, len(questions), "questions"))
        hits = archive.search(
            question.question,
            archive.settings.passages_read,
            since=question.since,
            until=question.until,
            source=question.sources,
            tag=question.tags,
            as_of=as_of if question.as_of is None else question.as_of,
        )
        read = judged(archive, question.question, hits, question.golds)
        if read is not None:
            found.append(read[0])
    progress(Progress("asking", len(questions), len(questions), "questions"))
    return found


def judged(
    archive: Archive, question: str, hits: Sequence[Hit], golds: Sequence[str], *, weight: float = 1.0
) -> tuple[Asked, tuple[Candidate, ...]] | None:
    """Read the hits and compare each candidate's words with the gold answers; None without any candidate.

    Candidates of another kind than is asked for are dropped, as ``ask`` drops them. Without a gold answer
    every candidate is wrong.
    """
    read = of_the_kind(question, archive.reader.read(question, [hit.passage for hit in hits]), hits)
    if not read:
        return None
    candidates = tuple(candidate for candidate, _ in read)
    worth = [f1(claim.quote.text, golds) if golds else 0.0 for _, claim in read]
    return Asked(evidence(candidates, hits), np.array(worth) >= RIGHT, weight), candidates
