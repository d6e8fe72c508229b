"""Reply -> the sections and cards of the page, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa import words
from qa.page.html import cards
from qa.records import Answer, Article, Hit, Listing, Quote, Reply, Where
from qa.retrieve.excerpt import excerpts

PASSAGES_SHOWN = 3  # the rest waits behind a fold: calm first, everything on demand
# The first answer is clear if it is sure enough by itself and so much surer than any other reading.
CLEAR_CONFIDENCE = 0.4
CLEAR_RATIO = 1.5
CLEAR_MARGIN = 3.0  # logits, where the reader gives no confidence
_Places = tuple[tuple[int, int], ...]  # half-open characters of one field of an article


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article, what is marked in it, and where it opens."""

    article: Article
    marks: tuple[tuple[int, int], ...] = ()  # the answers in its text
    focus: tuple[int, int] | None = None  # the one of them at which it opens
    passage: tuple[int, int] | None = None  # the evidence; it opens there if there is no focus
    title_marks: tuple[tuple[int, int], ...] = ()  # the answers in its title


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


def unknown(reply: Reply) -> list[Section]:
    """Return a line for each source and topic that was asked for and that no article has."""
    return [Section(cards.message(words.unknown(name), "")) for name in reply.unknown]


def answered(reply: Reply) -> list[Section]:
    """Return the answers; if none is sure, a line that says so and the best guess.

    Where the first answer is clear, the others are folded away as other readings of the question.
    """
    if reply.listing is not None:
        return [Section(cards.heading("Articles", f"{words.listing(reply)}."), _listed(reply.listing))]
    if not reply.answers:
        guess = () if reply.guess is None else (_guess(reply, reply.guess),)
        return [Section(cards.unsure(headline(reply), reply), guess)]
    found = _answers(reply)
    if not is_clear(reply):
        return [Section(cards.heading(headline(reply), words.order(reply.answers)), found)]
    first = Section(cards.heading(headline(reply)), found[:1])
    if len(found) == 1:
        return [first]
    rest = reply.answers[1:]
    earlier = all(answer.state == "superseded" for answer in rest)
    kind = words.count(len(rest), "earlier answer" if earlier else "other reading")
    return [first, Section("", found[1:], fold=f"{kind}: {', '.join(answer.text for answer in rest)}")]


def headline(reply: Reply) -> str:
    """Return the heading of a reply: its answer, how many answers compete, or that none is sure."""
    if reply.unknown and reply.outcome == "not found" and not reply.hits:
        return " ".join(words.unknown(name) for name in reply.unknown)
    if reply.listing is not None:
        return words.listing(reply)
    if not reply.answers:
        return cards.NOT_FOUND if reply.guess is None else cards.NO_ANSWER
    return "Answer" if is_clear(reply) else words.count(len(reply.answers), "answer")


def _listed(listing: Listing) -> tuple[Card, ...]:
    return tuple(
        Card(f"listed-{number}", cards.listed_card(article), ArticleView(article))
        for number, article in enumerate(listing.articles, start=1)
    )


def in_one_line(reply: Reply) -> str:
    """Return a reply in short for a screen reader: heading and how sure it is, no word of an article."""
    if reply.listing is not None:
        return headline(reply)
    if reply.answers:
        return f"{headline(reply)}, {words.sureness(reply.answers[0])}"
    return f"{headline(reply)}. Best guess" if reply.guess is not None else headline(reply)


def is_clear(reply: Reply) -> bool:
    """Return whether the first answer is the one to show: no source disputes it, and no other comes near."""
    first, *others = reply.answers
    if any(answer.state == "disputed" for answer in reply.answers):
        return False
    rivals = [answer for answer in others if answer.state != "superseded"]
    if first.confidence is None:
        return all(first.margin - rival.margin >= CLEAR_MARGIN for rival in rivals)
    sure = [rival.confidence for rival in rivals if rival.confidence is not None]
    return not rivals or first.confidence >= max(CLEAR_CONFIDENCE, CLEAR_RATIO * max(sure))


def evidence(reply: Reply) -> list[Section]:
    """Return the closest passages, and the rest of them folded."""
    found = _evidence(reply)
    closest, rest = found[:PASSAGES_SHOWN], found[PASSAGES_SHOWN:]
    shown = []
    if closest:
        shown.append(Section(_heading_of_passages(reply), closest))
    if rest:
        shown.append(Section("", rest, fold=f"Passages {PASSAGES_SHOWN + 1} to {len(found)}"))
    return shown


def _heading_of_passages(reply: Reply) -> str:
    """Return the heading of the passages: evidence there is only of an answer or of a guess."""
    if reply.answers or reply.guess is not None:
        return cards.heading("Evidence", "The passages closest to the question, best first.")
    return cards.heading("Closest passages", "Closest first.")


def found_so_far(question: str, hits: Sequence[Hit]) -> str:
    """Return the closest passages while the reader still reads, without anything to click."""
    closest = hits[:PASSAGES_SHOWN]
    shown = excerpts(question, [hit.passage for hit in hits])[:PASSAGES_SHOWN]
    return cards.reading(len(hits), list(zip(closest, shown, strict=True)))


def view_of(reply: Reply, article_id: str) -> ArticleView | None:
    """Return where an article of the reply opens: at its best answer, else at its best passage."""
    cards_of_article = (card for card in (*_answers(reply), *_evidence(reply)))
    return next((card.view for card in cards_of_article if card.view.article.id == article_id), None)


def _answers(reply: Reply) -> tuple[Card, ...]:
    return tuple(
        Card(
            f"answer-{number}",
            cards.answer_card(answer, reply),
            _opened(answer, _marks(reply, answer.article), _marks(reply, answer.article, "title")),
        )
        for number, answer in enumerate(reply.answers, start=1)
    )


def _guess(reply: Reply, guess: Answer) -> Card:
    place = ((guess.start, guess.end),)
    view = _opened(guess, place, ()) if guess.where == "text" else _opened(guess, (), place)
    return Card("guess", cards.guess_card(guess, reply), view)


def _opened(answer: Answer, marks: _Places, title_marks: _Places) -> ArticleView:
    """Return the article at its answer; one in the title opens at its beginning."""
    focus = (answer.start, answer.end) if answer.where == "text" else None
    return ArticleView(answer.article, marks, focus=focus, title_marks=title_marks)


def _evidence(reply: Reply) -> tuple[Card, ...]:
    question = reply.question if reply.follow_up is None else reply.follow_up.question
    shown_quotes = reply.answers if reply.guess is None else (reply.guess,)
    quotes = [quote for quote in shown_quotes if quote.where == "text"]
    shown = excerpts(question, [hit.passage for hit in reply.hits], quotes)
    return tuple(
        Card(
            f"passage-{number}",
            cards.evidence_card(hit, excerpt, _marks(reply, hit.passage.article)),
            ArticleView(
                hit.passage.article,
                _marks(reply, hit.passage.article),
                passage=(hit.passage.start, hit.passage.end),
                title_marks=_marks(reply, hit.passage.article, "title"),
            ),
        )
        for number, (hit, excerpt) in enumerate(zip(reply.hits, shown, strict=True), start=1)
    )


def _marks(reply: Reply, article: Article, where: Where = "text") -> _Places:
    """Return every answer in that field of the article, also where another article gives it best."""
    quotes: list[Answer | Quote] = []
    for answer in reply.answers:
        quotes += [answer, *answer.agreeing]
    own = (quote for quote in quotes if quote.article.id == article.id and quote.where == where)
    return tuple((quote.start, quote.end) for quote in own)
