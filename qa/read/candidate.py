"""A span that may answer the question, as the reader hands it on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.records import Where


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of the title or the text of a passage's article that may be the answer."""

    passage: int  # position in the list that was read
    start: int  # half-open characters of article.field(where)
    end: int
    margin: float  # in logits; over 0: the reader prefers it to "no answer"
    null: float | None = None  # the score of "no answer" in the same window, in logits
    where: Where = "text"


def best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates by margin; equal ones by passage, the title's first, and by place."""
    return sorted(candidates, key=lambda c: (-c.margin, c.passage, c.where == "text", c.start, c.end))
