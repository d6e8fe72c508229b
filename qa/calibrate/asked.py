"""Questions with known answers and an archive -> all candidates of each, and which of them are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qa.archive import Archive
from qa.calibrate.fit import Asked
from qa.evaluate.metrics import RIGHT, f1
from qa.evaluate.questions import Question
from qa.news.claim import Claim
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
        candidates = archive.reader.read(question.question, [hit.passage for hit in hits])
        fit = of_the_kind(question.question, candidates, hits)  # as judging drops them
        if fit:
            found.append(judged(hits, fit, question.golds))
    progress(Progress("asking", len(questions), len(questions), "questions"))
    return found


def judged(
    hits: Sequence[Hit],
    claims: Sequence[tuple[Candidate, Claim]],
    golds: Sequence[str],
    *,
    weight: float = 1.0,
) -> Asked:
    """Compare each candidate's words with the gold answers; without any, every candidate is wrong."""
    worth = [f1(claim.quote.text, golds) if golds else 0.0 for _, claim in claims]
    found = evidence([candidate for candidate, _ in claims], hits)
    return Asked(found, np.array(worth) >= RIGHT, weight)
