"""Many questions -> what becomes of each, in batches: the passages of one are found while another is read.

Alone decides what is done together and what happens to a question that fails; finding and reading are given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from qa.errors import QAError
from qa.records import Answered, Hit, Reply
from qa.retrieve.query import Query

TOGETHER = 16  # questions of one run of the reader: 160 passages keep every core busy, and few MB of memory


@dataclass(frozen=True, slots=True)
class Found:
    """A question with its passages, still to be read."""

    question: str  # as it was given
    query: Query
    hits: Sequence[Hit]
    seconds: float  # that finding took


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done with a question; each step may raise, and then it is this question's fault."""

    query: Callable[[str], Query]
    find: Callable[[Query], Sequence[Hit]]
    read: Callable[[Sequence[Found]], list[Reply]]  # the replies to several, in the order given


def answered_each(questions: Iterable[str], steps: Steps) -> Iterator[Answered]:
    """Give out what becomes of each question, in their order, as it is ready."""
    coming = iter(questions)
    with ThreadPoolExecutor(1) as ahead:
        ready: Future[list[Found | Answered]] | None = None
        while batch := list(islice(coming, TOGETHER)):
            finding = ahead.submit(_find_all, batch, steps)
            if ready is not None:
                yield from _read_batch(ready.result(), steps)
            ready = finding
        if ready is not None:
            yield from _read_batch(ready.result(), steps)


def _find_all(questions: Sequence[str], steps: Steps) -> list[Found | Answered]:
    return [_find(question, steps) for question in questions]


def _find(question: str, steps: Steps) -> Found | Answered:
    began = time.perf_counter()
    try:
        query = steps.query(question)
        hits = steps.find(query)
    except Exception as fault:  # of this question; the others go on
        return Answered(question, None, _one_line(fault))
    return Found(question, query, hits, time.perf_counter() - began)


def _read_batch(batch: Sequence[Found | Answered], steps: Steps) -> Iterator[Answered]:
    found = [one for one in batch if isinstance(one, Found)]
    try:
        replies = [Answered(one.question, reply) for one, reply in zip(found, steps.read(found), strict=True)]
    except Exception:  # of one of them, maybe: by themselves the others have their replies
        replies = [_read_alone(one, steps) for one in found]
    read = iter(replies)
    for one in batch:
        yield one if isinstance(one, Answered) else next(read)


def _read_alone(found: Found, steps: Steps) -> Answered:
    try:
        return Answered(found.question, steps.read([found])[0])
    except Exception as fault:
        return Answered(found.question, None, _one_line(fault))


def _one_line(fault: Exception) -> str:
    if isinstance(fault, QAError):
        return str(fault)
    return " ".join(f"an unforeseen fault ({type(fault).__name__}: {fault})".split())
