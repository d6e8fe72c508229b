"""Questions with golds -> what each got, and what that is worth; the same for every archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from qa.evaluate.metrics import Figures, Scored, figures, percentile, scored
from qa.records import Answer, Reply


class Gold(Protocol):
    """A question whose answer is known."""

    @property
    def golds(self) -> tuple[str, ...]:
        """None: unanswerable."""
        ...


G = TypeVar("G", bound=Gold)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[G]):
    """What a question got."""

    gold: G
    reply: Reply
    seconds: float

    @property
    def shown(self) -> bool:
        return bool(self.reply.answers)

    @property
    def forced(self) -> Answer | None:
        """The best span, whether it was shown or not."""
        return self.reply.answers[0] if self.reply.answers else self.reply.best_rejected

    @property
    def worth(self) -> Scored:
        """The worth of the forced answer; its margin is 1 if it was shown, 0 if it was kept back."""
        if self.forced is None:
            return scored(None, self.gold.golds, margin=float("-inf"))
        return scored(self.forced.text, self.gold.golds, margin=float(self.shown))


@dataclass(frozen=True, slots=True)
class Guesses:
    """What was shown as unsure, as shares of the questions, 0 to 1; a guess counts as a refusal elsewhere."""

    right: float | None  # of the answerable questions
    wrong: float | None  # of the answerable questions
    wrong_unanswerable: float | None  # of the unanswerable questions


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds a question takes, in the middle and for the slowest twentieth."""

    p50: float
    p95: float


def ask_all(questions: Iterable[G], ask: Callable[[G], Reply]) -> list[Outcome[G]]:
    """Ask every question in turn, each timed on its own."""
    outcomes = []
    for question in questions:
        began = time.perf_counter()
        reply = ask(question)
        outcomes.append(Outcome(question, reply, time.perf_counter() - began))
    return outcomes


def as_shipped(outcomes: Sequence[Outcome[G]]) -> Figures:
    """Return at the shipped threshold: an answer kept back counts as a refusal."""
    return figures([o.worth for o in outcomes], 1.0)


def guesses(outcomes: Sequence[Outcome[G]]) -> Guesses:
    """Return what the guesses come to; None where there is no such question."""
    has = [o for o in outcomes if o.worth.answerable]
    no = [o for o in outcomes if not o.worth.answerable]
    guessed = [o for o in has if o.reply.guess is not None]
    right = sum(o.worth.right for o in guessed)
    return Guesses(
        right=right / len(has) if has else None,
        wrong=(len(guessed) - right) / len(has) if has else None,
        wrong_unanswerable=sum(o.reply.guess is not None for o in no) / len(no) if no else None,
    )


def forced(outcomes: Sequence[Outcome[G]]) -> Figures:
    """Return the figures with the best span given to every question."""
    return figures([o.worth for o in outcomes], float("-inf"))


def latency(outcomes: Sequence[Outcome[G]]) -> Latency:
    """Return the seconds of the middle and of the slowest twentieth.

    :raises ValueError: if there are no outcomes.
    """
    seconds = [o.seconds for o in outcomes]
    return Latency(p50=round(percentile(seconds, 0.5), 3), p95=round(percentile(seconds, 0.95), 3))
