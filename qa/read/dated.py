"""A question that names a time, and hits of that time -> the same without the time, as their dates answer it.

"How many people marched in Hong Kong in June 2019?": an article of 17 June seldom says its month again, and
the reader, who misses it there, refuses what it would quote otherwise. What does not pass with the time is
read once more without it, in the articles of that time alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.news.window import was_published
from qa.read.candidate import Candidate, best_first
from qa.records import Hit, TimeCondition

_FEWEST_WORDS = 4  # "Who won in 2022?" without its year is answered by anything
_BEFORE_A_MARK = re.compile(r" (?=[?!.,;])")


@dataclass(frozen=True, slots=True)
class AskedByDate:
    """A question without the time that it names, for the hits whose articles are of that time."""

    question: str
    at: tuple[int, ...]  # positions of the hits

    @classmethod
    def of(cls, question: str, hits: Sequence[Hit], time: TimeCondition | None) -> AskedByDate | None:
        """Return None if the time has no first or no last day, as "since May", or no hit is of it."""
        if time is None or not time.hard or time.first is None or time.last is None:
            return None
        if time.text not in question:
            return None
        rest = _BEFORE_A_MARK.sub("", " ".join(question.replace(time.text, " ", 1).split())).lstrip(" ,;:")
        rest = rest[:1].upper() + rest[1:]
        at = tuple(place for place, hit in enumerate(hits) if was_published(hit, time))
        return cls(rest, at) if at and len(rest.split()) >= _FEWEST_WORDS else None

    def among(self, candidates: Sequence[Candidate], read: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates of all hits, best first; those of the time as ``read`` without it."""
        others = (found for found in candidates if found.passage not in self.at)
        return best_first([*others, *(replace(found, passage=self.at[found.passage]) for found in read)])
