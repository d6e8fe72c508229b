"""Given and gold answers -> exact match and F1, by the rules of SQuAD 2.0 (Rajpurkar et al. 2018)."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")
RIGHT = 0.6  # F1 from which an answer counts as right: "Liz Truss" for "Truss", not "British"


@dataclass(frozen=True, slots=True)
class Scored:
    """One question: what its best span is worth, and how sure the reader was of it."""

    answerable: bool
    exact: float  # 0 or 1, of the best span; 0 if the question is unanswerable
    f1: float  # 0 to 1, likewise
    margin: float  # higher: surer that there is an answer; -inf if no span was found

    @property
    def right(self) -> bool:
        """What a confidence is the probability of."""
        return self.answerable and self.f1 >= RIGHT


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the questions at one threshold, 0 to 1; None where there is no such question."""

    questions: int
    answerable: int
    threshold: float  # spans of less margin count as "no answer"
    exact: float | None
    f1: float | None
    has_exact: float | None  # answerable questions alone; a refusal counts 0
    has_f1: float | None
    no_answer: float | None  # unanswerable questions alone: the share refused


def normalized(text: str) -> str:
    """Lower case without ASCII punctuation and English articles, words parted by one blank."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(given: str, golds: Sequence[str]) -> float:
    """Return 1 if the answer is one of the golds, both normalised; no gold, or only empty ones, wants ""."""
    return float(normalized(given) in {normalized(gold) for gold in _real(golds)})


def f1(given: str, golds: Sequence[str]) -> float:
    """Return the overlap of words, each as often as it occurs, with the gold that fits best."""
    return max(_f1(normalized(given).split(), normalized(gold).split()) for gold in _real(golds))


def scored(given: str | None, golds: Sequence[str], *, margin: float) -> Scored:
    """Return the worth of a forced answer; ``given`` is None where no span was found."""
    answerable = _real(golds) != [""]
    if not answerable or given is None:
        return Scored(answerable, 0.0, 0.0, margin)
    return Scored(answerable, exact_match(given, golds), f1(given, golds), margin)


def figures(questions: Sequence[Scored], threshold: float) -> Figures:
    """Return the means when spans of at least the threshold are given and all else is refused.

    A threshold of ``-inf`` forces an answer to every question.
    """
    has = [q for q in questions if q.answerable]
    no = [q for q in questions if not q.answerable]
    return Figures(
        questions=len(questions),
        answerable=len(has),
        threshold=threshold,
        exact=_mean([_worth(q, threshold, _exact) for q in questions]),
        f1=_mean([f1_at(q, threshold) for q in questions]),
        has_exact=_mean([_worth(q, threshold, _exact) for q in has]),
        has_f1=_mean([f1_at(q, threshold) for q in has]),
        no_answer=_mean([_worth(q, threshold, _exact) for q in no]),
    )


def best_threshold(questions: Sequence[Scored]) -> float:
    """Return the margin from which answers are best given, for the highest mean F1; ``inf``: refuse all.

    Questions of equal margin are given or refused together. Of equal means the highest threshold
    wins, which is the first that the official script finds.
    """
    ranked = sorted(questions, key=lambda q: -q.margin)
    best = total = 0.0  # gain over refusing every question
    threshold = float("inf")
    for position, question in enumerate(ranked):
        if question.margin == float("-inf"):
            break  # no span: refused whatever the threshold
        total += question.f1 if question.answerable else -1.0
        last_of_ties = position + 1 == len(ranked) or ranked[position + 1].margin < question.margin
        if last_of_ties and total > best:
            best, threshold = total, question.margin
    return threshold


def contains(text: str, answer: str, *, whole_words: bool = True) -> bool:
    """Return whether a text holds an answer, both normalised; an empty answer is in no text."""
    needle = normalized(answer)
    if not needle:
        return False
    hay = normalized(text)
    return f" {needle} " in f" {hay} " if whole_words else needle in hay


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least value that is not under ``share`` of all values (nearest rank).

    :raises ValueError: if there are no values.
    """
    if not values:
        raise ValueError("no values, so no percentile")
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * round(share * 1000) // 1000) - 1)]


def _real(golds: Sequence[str]) -> list[str]:
    """Return the golds that are more than punctuation and articles; the empty answer if none is."""
    return [gold for gold in golds if normalized(gold)] or [""]


def _f1(given: list[str], gold: list[str]) -> float:
    if not given or not gold:
        return float(given == gold)
    common = sum((Counter(given) & Counter(gold)).values())
    return 2 * common / (len(given) + len(gold))


def f1_at(question: Scored, threshold: float) -> float:
    """Return the F1 of one question when spans under the threshold are refused; a right refusal is 1."""
    return _worth(question, threshold, _overlap)


def _worth(question: Scored, threshold: float, measure: Callable[[Scored], float]) -> float:
    shown = question.margin >= threshold and question.margin > float("-inf")
    if not shown:
        return float(not question.answerable)
    return measure(question)


def _exact(question: Scored) -> float:
    return question.exact


def _overlap(question: Scored) -> float:
    return question.f1


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
