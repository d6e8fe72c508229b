"""Reply, Hit, BuildReport -> the HTML of the page's cards and messages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from page.html.highlight import marked
from page.html.templates import macro
from qa import words
from qa.records import Answer, BuildReport, Hit, Reply, Skipped
from qa.text.sentences import PARAGRAPH_BREAK, context_around

STYLE = Path(__file__).with_name("page.css")
NOT_FOUND = "Not found in this archive"


def head(theme: str | None) -> str:
    """Style sheet and title of the page.

    ``theme`` is "light" or "dark", and decides light-dark() in the style sheet; None: as the system has it.
    """
    scheme = theme if theme in ("light", "dark") else "light dark"
    return macro("cards.html", "head")(scheme)


def first_start() -> str:
    """What stands above the progress of the very first build."""
    return macro("cards.html", "first_start")()


def answer_card(answer: Answer, reply: Reply) -> str:
    """Return the quote, its sentence with the quote marked, the confidence, and where it stands.

    Below them the articles that agree, in their own words, and near-duplicates, which are no second source.
    """
    text = answer.article.text
    context = marked(text, [(answer.start, answer.end)], *context_around(text, answer.start, answer.end))
    own = next((hit for hit in reply.hits if hit.passage.article.id == answer.article.id), None)
    return macro("cards.html", "answer_card")(answer, context, () if own is None else own.near_duplicates)


def evidence_card(hit: Hit) -> str:
    """A passage that was found, with its scores in a quiet line."""
    paragraphs = [paragraph for paragraph in hit.passage.text.split(PARAGRAPH_BREAK) if paragraph]
    return macro("cards.html", "evidence_card")(hit, paragraphs)


def verdict(reply: Reply) -> str:
    """The heading of the answers, or that there is none."""
    if not reply.answers:
        return not_found(reply)
    found = words.count(len(reply.answers), "answer")
    return heading(found, "" if len(reply.answers) == 1 else "Most likely first.")


def not_found(reply: Reply) -> str:
    """Says plainly that the archive does not answer, with the best guess as a hint only."""
    return macro("cards.html", "not_found")(NOT_FOUND, reply.hits, reply.best_rejected)


def heading(title: str, text: str = "") -> str:
    """The title of a part of the page, with a line that says what it holds."""
    return macro("parts.html", "heading")(title, text)


def quiet(line: str) -> str:
    """A line in small print."""
    return macro("parts.html", "quiet")(line)


def build_report(done: BuildReport) -> str:
    """What a build did, and every input that it skipped with the reason."""
    return macro("cards.html", "build_report")(words.report(done), [by_file(entry) for entry in done.skipped])


def by_file(entry: Skipped) -> Skipped:
    """Name the last part of a path only; an address stays whole."""
    where = entry.where
    return entry if "://" in where else replace(entry, where=re.split(r"[/\\]", where)[-1])
