"""Listing, Overview, Preview -> the HTML of the archive's lists and of a look before building."""

from __future__ import annotations

from collections.abc import Sequence

from qa import words
from qa.page.html.cards import by_file
from qa.page.html.highlight import Piece, marked
from qa.page.html.templates import macro
from qa.records import Article
from qa.reports import Overview, Preview, Skipped
from qa.retrieve.excerpt import Excerpt
from qa.text.sentences import PARAGRAPH_BREAK

_LEAD = 240  # characters of an article's beginning
_BODY = 420  # characters of it in a preview, where people look for remains of a page
SKIPPED_SHOWN = 200  # of what a build left out


def row(article: Article) -> str:
    """Return an article of a list: byline and the beginning of its text."""
    return macro("browsing.html", "row")(article, [[Piece(cut(article.text, _LEAD))]])


def found_row(article: Article, excerpt: Excerpt) -> str:
    """Return a found article: byline and the lines nearest to the search, its words marked.

    Of one that is near by its title or its meaning alone, the beginning is shown.
    """
    if not excerpt.words:
        return row(article)
    stretches = [marked(article.text, (), *place, words=excerpt.words) for place in excerpt.stretches]
    return macro("browsing.html", "row")(article, stretches)


def facts(overview: Overview, feeds: int = 0) -> str:
    """Return size, span and age of an archive in one line, and how many feeds are watched for it."""
    return macro("browsing.html", "facts")(words.archive(overview, feeds))


def skipped(entries: Sequence[Skipped]) -> str:
    """Return inputs that became no article, each with the reason."""
    shown = [by_file(entry) for entry in entries[:SKIPPED_SHOWN]]
    return macro("browsing.html", "skipped")(shown, len(entries) - SKIPPED_SHOWN)


def previewed(article: Article) -> str:
    """Return an article as a build would take it: title, byline, tags and the beginning of its body."""
    return macro("browsing.html", "previewed")(article, cut(article.text, _BODY).split(PARAGRAPH_BREAK))


def understood(preview: Preview) -> str:
    """Return how many inputs there are, and which column was taken for what."""
    pairs = [
        ("URL" if field == "url" else field, column)
        for field, column in preview.recognised
        if field != column
    ]
    inputs = words.count(preview.sources, "input")
    return macro("browsing.html", "understood")(inputs, pairs, preview.notes)


def cut(text: str, most: int) -> str:
    """Return the beginning of a text, to the last whole word within ``most`` characters."""
    if len(text) <= most:
        return text
    blank = text.rfind(" ", 0, most)
    return text[: blank if blank > 0 else most].rstrip(" ,;:\n") + "\N{NO-BREAK SPACE}…"
