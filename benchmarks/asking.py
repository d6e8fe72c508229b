"""Questions with golds -> replies, and what they are worth; the same for every archive."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.report import percentile, tracked
from qa import NewsQA
from qa.metrics import Figures, Scored, figures, scored
from qa.records import Answer, Reply


class Gold(Protocol):
    """A question whose answer is known."""

    question: str
    golds: tuple[str, ...]  # none: unanswerable


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question got."""

    gold: Gold
    reply: Reply
    forced: Answer | None  # the best span, whether it was shown or not
    seconds: float

    @property
    def shown(self) -> bool:
        return bool(self.reply.answers)

    @property
    def worth(self) -> Scored:
        """The worth of the forced answer; its margin is 1 if it was shown, 0 if it was kept back."""
        if self.forced is None:
            return scored(None, self.gold.golds, margin=float("-inf"))
        return scored(self.forced.text, self.gold.golds, margin=float(self.shown))


def ask_all(news: NewsQA, questions: Sequence[Gold]) -> list[Outcome]:
    """Ask every question in turn, each timed on its own."""
    outcomes = []
    for gold in tracked(questions, "asking"):
        began = time.perf_counter()
        reply = news.ask(gold.question)
        seconds = time.perf_counter() - began
        forced = reply.answers[0] if reply.answers else reply.best_rejected
        outcomes.append(Outcome(gold, reply, forced, seconds))
    return outcomes


def as_shipped(outcomes: Sequence[Outcome]) -> Figures:
    """At the shipped threshold: an answer kept back counts as a refusal."""
    return figures([o.worth for o in outcomes], 1.0)


def forced(outcomes: Sequence[Outcome]) -> Figures:
    """With the best span given to every question."""
    return figures([o.worth for o in outcomes], float("-inf"))


def latency(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Seconds a question takes, in the middle and for the slowest twentieth."""
    seconds = [o.seconds for o in outcomes]
    return {"p50": round(percentile(seconds, 0.5), 3), "p95": round(percentile(seconds, 0.95), 3)}
