"""Dated sentences and their relevance -> the salience of each day: how much it matters to the topic.

The salience of a day grows with the number of independent articles that report on it, on the day or
later. Date selection rests on these counts (Tran, Herder and Markert 2015, "Joint Graphical Models for
Date Selection in Timeline Summarization"; Martschat and Markert 2018, "A Temporally Sensitive
Submodularity Framework for Timeline Summarization").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qa.brief.dated import Basis, Dated

# How much a sentence counts by the way its day was found. An article's own day counts little: most come out
# on some day on which nothing of the topic happens. By `python -m benchmarks.briefs`, 0 to 0.2 for own and
# ahead and 0.3 to 1 for far find as many days, within two points.
WEIGHTS: Mapping[Basis, float] = {"named": 1.0, "own": 0.2, "ahead": 0.2, "far": 0.5}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A dated sentence with what it weighs for the topic."""

    dated: Dated
    story: str  # the same for near-duplicates of its article
    relevance: float  # 0 to 1
    row: int  # of its vector


def weight_of(one: Weighed) -> float:
    """Return how much a sentence says of its day."""
    return WEIGHTS[one.dated.basis] * one.relevance


def salience(lines: Sequence[Weighed]) -> dict[date, float]:
    """Return for each day the sum, over independent articles, of the weightiest sentence on it."""
    best: dict[tuple[date, str], float] = {}
    for one in lines:
        key = (one.dated.day, one.story)
        best[key] = max(best.get(key, 0.0), weight_of(one))
    days: dict[date, float] = {}
    for (day, _), weight in best.items():
        days[day] = days.get(day, 0.0) + weight
    return days


def most_salient(days: Mapping[date, float], many: int, *, least: float) -> list[date]:
    """Return the ``many`` days that matter most, in order of time; each with ``least`` of the first's."""
    ranked = sorted(days, key=lambda day: (-days[day], day))[:many]
    return sorted(day for day in ranked if days[day] >= least * days[ranked[0]])
