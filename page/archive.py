"""Archive: what the index holds, over time and by name; its articles to search, browse and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

import qa
from page import article, cache, frame
from page.html import browsing, cards, charts
from page.html.escaping import label
from page.html.layout import ArticleView
from qa import words
from qa.records import Article, Order, Overview
from qa.text.display import visible

PAGE = 12  # articles on a page
FOUND = 60  # passages searched for; their articles are shown
ORDERS: dict[str, tuple[Order, str]] = {
    "Newest": ("published", "newest first"),
    "Newest arrivals": ("arrived", "those that came in last first"),
}
BY: dict[str, Literal["source", "tags"]] = {"By source": "source", "By topic": "tags"}


def view() -> None:
    retriever, overview = frame.opened()
    article.tell_deletion()
    st.html(browsing.facts(overview))
    _over_time(overview)
    _articles(retriever, overview)
    if overview.skipped:
        text = words.count(len(overview.skipped), "input")
        with st.expander(f"Left out of the last build: {text}"):
            st.html(browsing.skipped(overview.skipped))
    article.show_if_wanted(may_delete=True)


def _over_time(overview: Overview) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.html(cards.heading("Articles over time"), width="content")
        chosen = st.segmented_control(
            "By", list(BY), default="By source", required=True, label_visibility="collapsed", key="by"
        )
    by = BY[chosen]
    spread = cache.calendar(frame.index(), overview.generation, by)
    spec = charts.calendar(spread, frame.theme(), with_rest=by == "source")
    if spec is None:
        st.html(cards.quiet("No article has a date and a name to count it by."))
    else:
        st.vega_lite_chart(spec)
    st.html(browsing.names(overview.sources if by == "source" else overview.tags))


def _articles(retriever: qa.Retriever, overview: Overview) -> None:
    st.html(cards.heading("Articles"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input(
            "Search", key="find", placeholder="Search for words or a matter", bind="query-params"
        ).strip()
        source = _choice("Source", overview.sources, key="of")
        tag = _choice("Topic", overview.tags, key="about")
    if wanted:
        found = _found(retriever, wanted, source, tag)
        total = len(found)
        text = (
            f"{words.count(total, 'article')} near “{wanted}”, nearest first."
            if total
            else "Nothing is near that."
        )
    else:
        total = retriever.listing(0, 1, source=source, tag=tag).total
        chosen = st.segmented_control(
            "Order", list(ORDERS), default="Newest", required=True, label_visibility="collapsed", key="order"
        )
        by, order = ORDERS[chosen]
        text = f"{words.count(total, 'article')}, {order}."
    st.html(cards.quiet(text))
    pages = max(1, -(-total // PAGE))
    first = PAGE * (min(st.session_state.get("page", 1), pages) - 1)
    if wanted:
        shown = found[first : first + PAGE]
    else:
        listing = retriever.listing(first, PAGE, source=source, tag=tag, by=by)
        shown = [(known, "") for known in listing.articles]
    for known, lead in shown:
        _row(known, lead)
    if pages > 1:
        st.pagination(pages, key="page")


def _choice(title: str, counts: Sequence[tuple[str, int]], *, key: str) -> str | None:
    names = [name for name, _ in counts]
    return st.selectbox(title, names, index=None, key=key, placeholder="All", format_func=visible)


def _found(
    retriever: qa.Retriever, wanted: str, source: str | None, tag: str | None
) -> list[tuple[Article, str]]:
    """Each article once, with the passage that is nearest."""
    nearest: dict[str, tuple[Article, str]] = {}
    # No question but words to look for: what is near them is wanted, whenever it was published.
    for hit in retriever.search(wanted, FOUND, source=source, tag=tag, as_of=qa.NO_DAY, heed_time=False):
        nearest.setdefault(hit.passage.article.id, (hit.passage.article, hit.passage.text))
    return list(nearest.values())


def _row(known: Article, lead: str) -> None:
    with st.container(key=f"row-{known.id}", gap=None):
        st.button(
            label(known.title or "Untitled article"),
            key=f"open-{known.id}",
            type="tertiary",
            on_click=article.open_at,
            args=(ArticleView(known),),
        )
        st.html(browsing.row(known, lead))
