"""Listing, Overview, Preview -> escaped HTML of the archive's shelves and of a look before building."""

from __future__ import annotations

from collections.abc import Sequence

from page.html.cards import byline, file_name
from page.html.escaping import escape, isolate
from qa import words
from qa.records import Article, Overview, Preview, Skipped

_LEAD = 240  # characters of an article's beginning
_BODY = 420  # characters of it in a preview, where people look for remains of a page
SKIPPED_SHOWN = 200  # of what a build left out; the command line lists all


def row(article: Article, lead: str = "") -> str:
    """An article in a list: byline and the beginning of its text, or the passage that was found."""
    return f'{byline(article)}<p class="qa-lead" dir="auto">{escape(cut(lead or article.text, _LEAD))}</p>'


def facts(overview: Overview) -> str:
    """The size, the span and the age of an archive in one line."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in words.archive(overview))
    return f'<ul class="qa-byline qa-facts">{lines}</ul>'


def names(counts: Sequence[tuple[str, int]], many: int = 12) -> str:
    """The most frequent names with their numbers of articles."""
    lines = "".join(f"<li>{isolate(name)} <span>{number:,}</span></li>" for name, number in counts[:many])
    rest = f"<li>and {len(counts) - many:,} more</li>" if len(counts) > many else ""
    return f'<ul class="qa-names">{lines}{rest}</ul>' if lines else ""


def skipped(entries: Sequence[Skipped]) -> str:
    """Inputs that became no article, each with the reason."""
    lines = "".join(
        f"<li><strong>{isolate(file_name(entry.where))}</strong> {isolate(entry.why)}</li>"
        for entry in entries[:SKIPPED_SHOWN]
    )
    left = len(entries) - SKIPPED_SHOWN
    rest = f"<li>and {left:,} more: python -m qa show --json lists them all</li>" if left > 0 else ""
    return f'<ul class="qa-skipped">{lines}{rest}</ul>'


def previewed(article: Article) -> str:
    """An article as it would go in: title, byline, tags and the beginning of its body."""
    title = (
        f'<h4 dir="auto">{escape(article.title)}</h4>'
        if article.title
        else '<h4 class="qa-absent">No title was found</h4>'
    )
    text = "" if article.published is not None else '<p class="qa-absent">No date was found</p>'
    source = "" if article.source else '<p class="qa-absent">No source was found</p>'
    body = "".join(
        f'<p dir="auto">{escape(paragraph)}</p>' for paragraph in cut(article.text, _BODY).split("\n\n")
    )
    tags = "".join(f"<li>{isolate(tag)}</li>" for tag in article.tags)
    topics = f'<ul class="qa-tags">{tags}</ul>' if tags else ""
    return f'<article class="qa-preview">{title}{byline(article)}{text}{source}{body}{topics}</article>'


def understood(preview: Preview) -> str:
    """How many inputs there are, and which column was taken for what."""
    inputs = words.count(preview.sources, "input")
    pairs = ", ".join(f"{field} from {column}" for field, column in preview.recognised if field != column)
    taken = f" Recognised: {pairs}." if pairs else ""
    return f'<p class="qa-quiet">{inputs}. This is how the first articles were understood.{escape(taken)}</p>'


def cut(text: str, most: int) -> str:
    """The beginning of a text, to the last whole word within ``most`` characters."""
    if len(text) <= most:
        return text
    blank = text.rfind(" ", 0, most)
    return text[: blank if blank > 0 else most].rstrip(" ,;:\n") + " …"
