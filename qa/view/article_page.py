"""Article and the places of its answers -> the whole article as escaped HTML, answers marked."""

from __future__ import annotations

from qa.records import Article
from qa.view.cards import byline
from qa.view.escaping import escape, isolate
from qa.view.highlight import marked, paragraphs

# The page runs this after the article: it is the project's own and holds nothing of any article.
# It scrolls once the place has kept still for some frames, since the dialog opens with a movement.
SCROLL_TO_MARK = """<script>
(() => {
  let still = 0, frames = 0, last = null;
  const look = () => {
    const place = document.querySelector(".qa-article mark, .qa-article .qa-here");
    const top = place ? place.getBoundingClientRect().top : null;
    still = top !== null && top === last ? still + 1 : 0;
    last = top;
    if (still >= 5) place.scrollIntoView({block: "center"});
    else if (++frames < 600) requestAnimationFrame(look);
  };
  look();
})();
</script>"""


def article_page(
    article: Article, mark: tuple[int, int] | None = None, passage: tuple[int, int] | None = None
) -> str:
    """The article with an answer in ``<mark>``, or with the paragraphs of a passage set off."""
    marks = [mark] if mark is not None else []
    body = "".join(
        f'<p dir="auto"{_here(start, end, passage)}>{marked(article.text, marks, start, end)}</p>'
        for start, end in paragraphs(article.text)
    )
    tags = "".join(f"<li>{isolate(tag)}</li>" for tag in article.tags)
    topics = f'<ul class="qa-tags" aria-label="Tags">{tags}</ul>' if tags else ""
    title = article.title if article.title else "Untitled article"
    return (
        f'<article class="qa-article"><h2 dir="auto">{escape(title)}</h2>{byline(article)}'
        f"{_date_note(article)}{body}{topics}</article>"
    )


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
