"""ArticleView -> the whole article as escaped HTML, answers marked, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from page.html.cards import byline
from page.html.escaping import escape, isolate
from page.html.highlight import marked, paragraphs
from page.html.layout import ArticleView
from qa import words
from qa.records import Article, Neighbour

# It scrolls once the place has kept still for some frames, since the dialog opens with a movement.
_SCROLL = """
(() => {
  const wanted = [".qa-focus", ".qa-here", "h2"].map(name => ".qa-article " + name);
  let still = 0, frames = 0, last = null;
  const look = () => {
    const place = wanted.map(name => document.querySelector(name)).find(Boolean);
    const top = place ? place.getBoundingClientRect().top : null;
    still = top !== null && top === last ? still + 1 : 0;
    last = top;
    if (still >= 5) place.scrollIntoView({block: "center"});
    else if (++frames < 600) requestAnimationFrame(look);
  };
  look();
})();"""


def scroll_to_mark(turn: int) -> str:
    """A script that the page runs after an article: our own, and it holds nothing of any article.

    ``turn`` sets it apart from the one before; the same script would not run again.
    """
    return f"<script>/* {turn:d} */{_SCROLL}</script>"


def article_page(article_view: ArticleView) -> str:
    """The article with its answers in ``<mark>`` and the paragraphs of the evidence set off."""
    article = article_view.article
    body = "".join(
        f'<p dir="auto"{_here(start, end, article_view.passage)}>'
        f"{marked(article.text, article_view.marks, start, end, focus=article_view.focus)}</p>"
        for start, end in paragraphs(article.text)
    )
    tags = "".join(f"<li>{isolate(tag)}</li>" for tag in article.tags)
    topics = f'<ul class="qa-tags" aria-label="Tags">{tags}</ul>' if tags else ""
    title = article.title if article.title else "Untitled article"
    return (
        f'<article class="qa-article"><h2 dir="auto">{escape(title)}</h2>{byline(article)}'
        f"{_date_note(article)}{body}{topics}</article>"
    )


def also_in(near_duplicates: Sequence[Article]) -> str:
    """Near-duplicates of the article in the archive, a line each; "" without any."""
    lines = "".join(f"<li>{_named(copy)}{byline(copy)}</li>" for copy in near_duplicates)
    return f'<section class="qa-near-duplicates"><h3>Also in</h3><ul>{lines}</ul></section>' if lines else ""


def neighbour(near: Neighbour, article: Article) -> str:
    """Source and date of an article near the one that is read, and how far apart they are."""
    other = near.article
    parts = [isolate(other.source)] if other.source else []
    if other.published is not None:
        parts.append(escape(words.published(other)))
        if article.published is not None:
            parts.append(words.apart(article.published.date(), other.published.date()))
    return f'<p class="qa-quiet">{" · ".join(parts)}</p>' if parts else ""


def _named(article: Article) -> str:
    return f'<span dir="auto">{escape(article.title if article.title else "Untitled article")}</span>'


def _here(start: int, end: int, passage: tuple[int, int] | None) -> str:
    return ' class="qa-here"' if passage is not None and start < passage[1] and passage[0] < end else ""


def _date_note(article: Article) -> str:
    if article.approximate_to:
        return (
            f'<p class="qa-quiet">The article gave its age only; the date is right to about a '
            f"{escape(article.approximate_to)}.</p>"
        )
    if article.zone_assumed:
        return '<p class="qa-quiet">The article named no time zone; its date is read as UTC.</p>'
    return ""
