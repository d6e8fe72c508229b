"""What a system built and replied, and the golds -> its figures; all figures -> which goals are met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.exchange import Built, Given, Replied
from benchmarks.peers.floors import EMBED
from benchmarks.report import Judged
from qa.evaluate.metrics import Scored, contains, figures, percentile, scored


@dataclass(frozen=True, slots=True)
class Answers:
    """How good the answers are, 0 to 1; a refusal is right where there is no answer, else worth nothing."""

    exact: float | None
    f1: float | None
    has_exact: float | None  # answerable questions alone
    has_f1: float | None
    refused: float | None  # unanswerable questions alone
    forced_f1: float | None  # answerable questions, the best span given to each


@dataclass(frozen=True, slots=True)
class Measured:
    """One system."""

    articles_a_second: float
    passages_a_second: float
    words_a_second: float
    passages: int
    ask_p50: float  # seconds
    ask_p95: float
    questions_a_second: float  # at once where the system can, else one after the other
    at_once: bool
    cold_start: float  # seconds from the start of the process to the first answer, index on disk
    build_megabytes: float
    ask_megabytes: float
    recall_at_5: float | None
    answers: Answers
    variants: dict[str, Answers]

    @property
    def megabytes(self) -> float:
        return max(self.build_megabytes, self.ask_megabytes)

    @property
    def best_f1(self) -> float:
        """Over all questions, of the best way it was set up."""
        every = [self.answers.f1, *(variant.f1 for variant in self.variants.values())]
        return max(f1 for f1 in every if f1 is not None)


def measured(
    built: Built, replied: Replied, golds: Sequence[tuple[str, ...]], *, cold_start: float
) -> Measured:
    """Return one system's figures.

    :raises ValueError: if there is not one answer for each question.
    """
    seconds = replied.seconds
    rate = len(seconds) / (sum(seconds) if replied.batch_seconds is None else replied.batch_seconds)
    return Measured(
        articles_a_second=built.articles / built.seconds,
        passages_a_second=built.passages / built.seconds,
        words_a_second=built.words / built.seconds,
        passages=built.passages,
        ask_p50=percentile(seconds, 0.5),
        ask_p95=percentile(seconds, 0.95),
        questions_a_second=rate,
        at_once=replied.batch_seconds is not None,
        cold_start=cold_start,
        build_megabytes=built.megabytes,
        ask_megabytes=replied.megabytes,
        recall_at_5=recall(replied.given, golds),
        answers=answers(replied.given, golds),
        variants={name: answers(given, golds) for name, given in replied.variants.items()},
    )


def answers(given: Sequence[Given], golds: Sequence[tuple[str, ...]]) -> Answers:
    """Judge the answers of a system.

    :raises ValueError: if there is not one answer for each question.
    """
    pairs = list(zip(given, golds, strict=True))
    shown = figures([_worth(one.text, gold) for one, gold in pairs], 0.0)
    forced = figures([_worth(one.forced, gold) for one, gold in pairs], 0.0)
    return Answers(
        shown.exact, shown.f1, shown.has_exact, shown.has_f1, shown.no_answer, forced_f1=forced.has_f1
    )


def recall(given: Sequence[Given], golds: Sequence[tuple[str, ...]]) -> float | None:
    """Share of the answerable questions with a gold, as whole words, in one of the first passages."""
    found = [
        any(contains(passage, gold) for passage in one.passages for gold in wanted)
        for one, wanted in zip(given, golds, strict=True)
        if wanted
    ]
    return sum(found) / len(found) if found else None


def judged(ours: Measured, peers: Mapping[str, Measured]) -> list[Judged]:
    """Return the goals; each is judged beside the peer, and the set-up of a peer, that does best at it."""
    others = peers.values()
    return [
        Judged("build, words/s, times", ours.words_a_second / max(p.words_a_second for p in others), 4),
        Judged("ask p50, times", min(p.ask_p50 for p in others) / ours.ask_p50, 4),
        Judged("cold start, times", min(p.cold_start for p in others) / ours.cold_start, 5),
        Judged("peak memory, share", ours.megabytes / min(p.megabytes for p in others), 0.5, at_most=True),
        Judged("F1, points more", 100 * (ours.answers.f1 - max(p.best_f1 for p in others)), 5),
    ]


def floors(ours: Mapping[str, float], theirs: Mapping[str, float]) -> list[Judged]:
    """Return our embedding rates as shares of theirs: as shipped beside the fastest, float32 beside float32.

    Those of BM25 are not judged: it takes a fiftieth of a question (``python -m benchmarks.steps``).
    """
    embed = {name: rate for name, rate in theirs.items() if name.startswith(EMBED)}
    float32 = max(rate for name, rate in embed.items() if name.endswith("float32"))
    return [
        Judged("embedding, share of their fastest", ours[f"{EMBED}as shipped"] / max(embed.values()), 0.95),
        Judged("embedding in float32, share of theirs", ours[f"{EMBED}float32"] / float32, 0.95),
    ]


def _worth(text: str | None, golds: Sequence[str]) -> Scored:
    return scored(text, golds, margin=float("-inf") if text is None else 0.0)
