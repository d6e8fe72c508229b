"""Reply -> the sections and cards of the page, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from page.html import cards
from qa.records import Article, Reply

PASSAGES_SHOWN = 3  # the rest waits behind a fold: calm first, everything on demand


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article, what is marked in it, and where it opens."""

    article: Article
    marks: tuple[tuple[int, int], ...] = ()  # the answers
    focus: tuple[int, int] | None = None  # the one of them at which it opens
    passage: tuple[int, int] | None = None  # the evidence; it opens there if there is no focus


@dataclass(frozen=True, slots=True)
class Card:
    """A piece of HTML, and the article that it can open."""

    key: str  # unique on the page
    html: str
    view: ArticleView


@dataclass(frozen=True, slots=True)
class Section:
    """Cards under a heading; folded away behind its title if it has one."""

    html: str
    cards: tuple[Card, ...] = ()
    fold: str = ""


def answered(reply: Reply) -> Section:
    """The verdict, and a card for every answer."""
    return Section(cards.verdict(reply), _answers(reply))


def evidence(reply: Reply) -> list[Section]:
    """The closest passages, and the rest of them folded."""
    found = _evidence(reply)
    closest, rest = found[:PASSAGES_SHOWN], found[PASSAGES_SHOWN:]
    shown = []
    if closest:
        text = "The passages closest to the question, best first."
        shown.append(Section(cards.heading("Evidence", text), closest))
    if rest:
        numbers = f"Passages {PASSAGES_SHOWN + 1} to {len(found)}"
        shown.append(Section(cards.quiet(f"{numbers}, still by closeness."), rest, fold=numbers))
    return shown


def view_of(reply: Reply, article_id: str) -> ArticleView | None:
    """Where an article of the reply opens: at its best answer, else at its best passage."""
    cards_of_article = (card for card in (*_answers(reply), *_evidence(reply)))
    return next((card.view for card in cards_of_article if card.view.article.id == article_id), None)


def _answers(reply: Reply) -> tuple[Card, ...]:
    return tuple(
        Card(
            f"answer-{number}",
            cards.answer_card(answer, reply),
            ArticleView(answer.article, _marks(reply, answer.article), focus=(answer.start, answer.end)),
        )
        for number, answer in enumerate(reply.answers, start=1)
    )


def _evidence(reply: Reply) -> tuple[Card, ...]:
    return tuple(
        Card(
            f"passage-{number}",
            cards.evidence_card(hit),
            ArticleView(
                hit.passage.article,
                _marks(reply, hit.passage.article),
                passage=(hit.passage.start, hit.passage.end),
            ),
        )
        for number, hit in enumerate(reply.hits, start=1)
    )


def _marks(reply: Reply, article: Article) -> tuple[tuple[int, int], ...]:
    """Every answer in the article, also where another article gives it best."""
    quotes = [quote for answer in reply.answers for quote in (answer, *answer.agreeing)]
    return tuple((quote.start, quote.end) for quote in quotes if quote.article.id == article.id)
