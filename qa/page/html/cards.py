"""Reply, Hit, BuildReport -> the HTML of the page's cards and messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qa import words
from qa.citation import citations
from qa.page.html.highlight import Piece, marked
from qa.page.html.templates import macro
from qa.records import Answer, Article, Composed, Hit, Reply
from qa.reports import BuildReport, Skipped
from qa.retrieve.excerpt import Excerpt
from qa.text.display import visible
from qa.text.sentences import context_around

STYLE = Path(__file__).with_name("page.css")
NO_ANSWER = "No answer that I am sure of"
NOT_FOUND = "Not found in this archive"


def head(theme: str | None, view: str = "") -> str:
    """Return style sheet and title of the page; ``view`` is the heading of a view, or ""."""
    scheme = theme if theme in ("light", "dark") else "light dark"
    return macro("cards.html", "head")(scheme, view)


def first_start() -> str:
    """Return the text above the progress of the very first build."""
    return macro("cards.html", "first_start")()


def offer_sample() -> str:
    """Return the text above the button that builds the sample archive."""
    return macro("cards.html", "offer_sample")()


def no_index(where: str) -> str:
    """Return the text that the page shows alone where the index that was named is missing."""
    return macro("cards.html", "no_index")(visible(where))


def answer_card(answer: Answer, reply: Reply) -> str:
    """Return the quote, its sentence with the quote marked, the confidence, and where it stands.

    Below them the articles that agree, in their own words, and near-duplicates, which are no second source.
    """
    return macro("cards.html", "answer_card")(
        answer, _context(answer), _near_duplicates(answer, reply), citations(answer)
    )


def guess_card(guess: Answer, reply: Reply) -> str:
    """Return the best guess, called unsure, marked in its sentence."""
    return macro("cards.html", "guess_card")(
        guess, _context(guess), _near_duplicates(guess, reply), citations(guess)
    )


def evidence_card(hit: Hit, excerpt: Excerpt, marks: Sequence[tuple[int, int]]) -> str:
    """Return the sentences of a passage nearest to the question, its words and the answers marked."""
    return macro("cards.html", "evidence_card")(hit, _stretches(hit, excerpt, marks))


def listed_card(article: Article) -> str:
    """Return an article of a list: title, byline and its first sentence."""
    text = article.text
    return macro("cards.html", "listed_card")(article, [marked(text, (), *context_around(text, 0, 0))])


def _stretches(hit: Hit, excerpt: Excerpt, marks: Sequence[tuple[int, int]]) -> list[list[Piece]]:
    text = hit.passage.article.text
    return [marked(text, marks, *place, words=excerpt.words) for place in excerpt.stretches]


def composed_card(composed: Composed) -> str:
    """Return what a language model composed, called so; failed sentences are struck out with the reason."""
    origins = [(number, composed.passages[number - 1].passage.article) for number in words.cited(composed)]
    return macro("cards.html", "composed_card")(composed, origins)


def unsure(title: str, reply: Reply) -> str:
    """Return the text in the place of the answers if none is sure."""
    return macro("cards.html", "unsure")(title, bool(reply.hits), reply.guess is not None)


def reading(passages: int, found: Sequence[tuple[Hit, Excerpt]]) -> str:
    """Return what is shown until the reply is ready: the closest of the passages that are read."""
    shown = [(hit, _stretches(hit, excerpt, ())) for hit, excerpt in found]
    return macro("cards.html", "reading")(words.count(passages, "closest passage"), shown)


def scores(reply: Reply) -> str:
    """Return the passages with their scores, as a table."""
    return macro("cards.html", "scores")(reply.hits)


def heading(title: str, text: str = "") -> str:
    """Return the title of a part of the page, with a line that says what it holds."""
    return macro("parts.html", "heading")(title, text)


def quiet(line: str) -> str:
    """Return a line in small print."""
    return macro("parts.html", "quiet")(line)


def message(title: str, text: str) -> str:
    """Return why there is nothing else to show."""
    return macro("cards.html", "message")(title, text)


def build_report(done: BuildReport) -> str:
    """Return what a build did, and every input that it skipped with the reason."""
    notes = [by_file(Skipped(note.where or "All inputs", note.what)) for note in done.notes]
    skipped = [by_file(entry) for entry in done.skipped]
    return macro("cards.html", "build_report")(words.report(done), notes, skipped)


def by_file(entry: Skipped) -> Skipped:
    """Shorten a path to its last part; an address stays whole."""
    where = entry.where
    return entry if "://" in where else replace(entry, where=re.split(r"[/\\]", where)[-1])


def _context(answer: Answer) -> list[Piece]:
    text = answer.field
    return marked(text, [(answer.start, answer.end)], *context_around(text, answer.start, answer.end))


def _near_duplicates(answer: Answer, reply: Reply) -> tuple[Article, ...]:
    own = next((hit for hit in reply.hits if hit.passage.article.id == answer.article.id), None)
    return () if own is None else own.near_duplicates
