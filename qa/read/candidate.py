"""A span that may answer the question, as the reader hands it on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a passage's article that may be the answer."""

    passage: int  # position in the list that was read
    start: int  # half-open characters of article.text
    end: int
    margin: float  # in logits; over 0: the reader prefers it to "no answer"
    null: float | None = None  # the score of "no answer" in the same window, in logits
