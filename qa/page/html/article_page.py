"""ArticleView -> the whole article as HTML, answers marked, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from qa import words
from qa.page.html.highlight import Piece, marked, paragraphs
from qa.page.html.layout import ArticleView
from qa.page.html.templates import macro
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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article in pieces."""

    pieces: Sequence[Piece]
    here: bool  # it is part of the evidence


def scroll_to_mark(turn: int) -> str:
    """Return the script that the page runs after an article; it holds no text of an article."""
    return f"<script>/* {turn:d} */{_SCROLL}</script>"


def article_page(article_view: ArticleView) -> str:
    """Return an article with its answers in ``<mark>`` and the paragraphs of the evidence set off."""
    article, passage = article_view.article, article_view.passage
    body = [
        Paragraph(
            marked(article.text, article_view.marks, start, end, focus=article_view.focus),
            passage is not None and start < passage[1] and passage[0] < end,
        )
        for start, end in paragraphs(article.text)
    ]
    title = marked(article.title, article_view.title_marks)
    return macro("article.html", "page")(article, title, body)


def address(article: Article, archive: str) -> str:
    """Return a link to the article's page; ``archive`` is a name, "" for the archive that opens by itself."""
    query = {"id": article.id} | ({"archive": archive} if archive else {})
    return macro("article.html", "address")(f"./article?{urlencode(query)}")


def neighbour(near: Neighbour, article: Article) -> str:
    """Return source and date of an article near the open one, and how far apart they are."""
    other = near.article
    apart = ""
    if article.published is not None and other.published is not None:
        apart = words.apart(article.published.date(), other.published.date())
    return macro("article.html", "neighbour")(other, apart)
