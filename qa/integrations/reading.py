"""Texts that some retriever found -> exact quotes in them, with scores that may be calibrated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.archive import Archive
from qa.errors import InputError
from qa.integrations.hits import foreign_hit, own_hit
from qa.read.reading import read_hits
from qa.records import Answer, Hit
from qa.retrieve.query import query_of

MOST_CHARACTERS = 1_000_000  # of all texts together; to read so many takes a minute on two cores


@dataclass(frozen=True, slots=True)
class Found:
    """A text of another library: its identity there, its words, and its metadata."""

    name: str
    text: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Extracted:
    """A quote, and in which of the texts it stands."""

    answer: Answer
    text: int  # which one, from 0
    start: int | None  # half-open characters of that text; None: the quote stands in the title
    end: int | None
    score: float  # 0 to 1: a probability if it is calibrated, else the logistic of the reader's margin
    is_calibrated: bool


def extracted(archive: Archive, question: str, texts: Sequence[Found]) -> list[Extracted]:
    """Read the texts in their order, best first; return the answers that are sure enough, surest first.

    The confidence was fitted on hits of our own retrieval, on their ranks and with their near-duplicates.
    So it holds only where every text is such a hit of this archive, in the order of the search.

    :raises InputError: if the question is empty or too long, or the texts are.
    """
    query = query_of(question)
    size = sum(len(found.text) for found in texts)
    if size > MOST_CHARACTERS:
        raise InputError(
            f"the texts have {size:,} characters, at most {MOST_CHARACTERS:,} are read",
            cure="Split them, and let a retriever choose.",
        )
    own = [own_hit(found.text, found.metadata, archive.retriever) for found in texts]
    hits = [
        hit if hit is not None else foreign_hit(found.name, found.text, found.metadata.get("title"))
        for hit, found in zip(own, texts, strict=True)
    ]
    calibration = archive.calibration if None not in own else None
    settings = archive.settings
    seen = read_hits(
        query.text,
        hits,
        archive.reader,
        calibration,
        early_exit=None,
        threshold=None if calibration is None else settings.threshold,
        many=settings.answers,
        time=query.time,
        as_of=query.as_of,
    )
    return [_placed(answer, hits) for answer in seen.judged.answers]


def _placed(answer: Answer, hits: Sequence[Hit]) -> Extracted:
    sure = answer.confidence
    score = sure if sure is not None else 1 / (1 + math.exp(-max(-50.0, min(50.0, answer.margin))))
    for number, passage in enumerate(hit.passage for hit in hits):
        if passage.article.id != answer.article.id:
            continue
        if answer.where == "title":
            return Extracted(answer, number, None, None, score, sure is not None)
        if passage.start <= answer.start and answer.end <= passage.end:
            first, last = answer.start - passage.start, answer.end - passage.start
            return Extracted(answer, number, first, last, score, sure is not None)
    raise ValueError(f"{answer!r} stands in none of the {len(hits)} texts that were read")
