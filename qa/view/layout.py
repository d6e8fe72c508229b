"""Reply -> the sections and cards of the page, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from qa.records import Article, Reply
from qa.view import cards, words

PASSAGES_SHOWN = 3  # the rest waits behind a fold: calm first, everything on demand


@dataclass(frozen=True, slots=True)
class Card:
    """A piece of HTML and the place in an article that it can open."""

    key: str  # unique on the page
    html: str
    article: Article
    mark: tuple[int, int] | None = None  # the answer
    passage: tuple[int, int] | None = None  # the evidence


@dataclass(frozen=True, slots=True)
class Section:
    """Cards under a heading; folded away behind its title if it has one."""

    html: str
    cards: tuple[Card, ...] = ()
    fold: str = ""


def sections(reply: Reply) -> list[Section]:
    """The verdict with its answers, the closest evidence, the rest of it folded, the time it took."""
    shown = [Section(cards.verdict(reply), _answers(reply))]
    evidence = _evidence(reply)
    closest, rest = evidence[:PASSAGES_SHOWN], evidence[PASSAGES_SHOWN:]
    if closest:
        told = "The passages closest to the question, best first."
        shown.append(Section(cards.heading("Evidence", told), closest))
    if rest:
        numbers = f"Passages {PASSAGES_SHOWN + 1} to {len(evidence)}"
        shown.append(Section(cards.quiet(f"{numbers}, still by closeness."), rest, fold=numbers))
    if reply.timings:
        shown.append(Section(cards.quiet(words.timings(reply.timings))))
    return shown


def _answers(reply: Reply) -> tuple[Card, ...]:
    return tuple(
        Card(f"answer-{number}", cards.answer(answer, reply), answer.article, mark=(answer.start, answer.end))
        for number, answer in enumerate(reply.answers, start=1)
    )


def _evidence(reply: Reply) -> tuple[Card, ...]:
    return tuple(
        Card(
            f"passage-{number}",
            cards.evidence(hit),
            hit.passage.article,
            passage=(hit.passage.start, hit.passage.end),
        )
        for number, hit in enumerate(reply.hits, start=1)
    )
