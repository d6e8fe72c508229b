"""Archive: what the index holds, over time and by name; its articles to search, browse and read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import streamlit as st

import qa
from qa import words
from qa.page import article, cache, frame, named
from qa.page.finding import PHRASE, FoundArticle, Within, find
from qa.page.html import browsing, cards, charts
from qa.page.html.escaping import label
from qa.page.html.layout import ArticleView
from qa.records import Article, Calendar, Listing, Order, UnknownName
from qa.reports import Overview

PAGE = 12  # articles on a page
NAMES_SHOWN = 12  # as buttons; the boxes below list all
ORDERS: dict[str, tuple[Order, str]] = {
    "Newest": ("published", "newest first"),
    "Newest arrivals": ("arrived", "those that came in last first"),
}
FOUND_ORDERS = ("Nearest", "Newest")
BY: dict[str, Literal["source", "tags"]] = {"By source": "source", "By topic": "tags"}
FILTER_OF = {"source": "of", "tags": "about"}  # the key of the box that a name fills


def view() -> None:
    retriever, overview = frame.opened()
    article.report_deletion()
    st.html(browsing.facts(overview, frame.feeds()))
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

        def pick() -> None:
            picked = st.session_state.calendar.selection[charts.PICK]
            if picked:
                _narrow(by, picked[0]["name"], date.fromisoformat(picked[0][charts.PERIOD]), spread)

        st.vega_lite_chart(spec, key="calendar", on_select=pick)
    _names(overview.sources if by == "source" else overview.tags, FILTER_OF[by])


def _narrow(by: Literal["source", "tags"], name: str, first: date, spread: Calendar) -> None:
    """Filter the list by a bar of the chart: its name and its period."""
    if any(count.name == name for count in spread.counts):  # else it is the sum of the others
        st.session_state.update(named.choice(FILTER_OF[by], name))
    st.session_state["from"], st.session_state["to"] = first, charts.last_day(first, spread.unit)


def _names(counts: Sequence[tuple[str, int]], key: str) -> None:
    """Show the most frequent names with their numbers; a click filters by one."""
    with st.container(horizontal=True, gap="small", key="names"):
        for number, (name, articles) in enumerate(counts[:NAMES_SHOWN]):
            st.button(
                label(f"{name} {articles:,}"),
                key=f"name-{number}",
                type="tertiary",
                on_click=st.session_state.update,
                args=(named.choice(key, name),),
            )
        if len(counts) > NAMES_SHOWN:
            st.html(cards.quiet(f"and {len(counts) - NAMES_SHOWN:,} more"), width="content")


def _articles(retriever: qa.Retriever, overview: Overview) -> None:
    st.html(cards.heading("Articles"))
    wanted = st.text_input(
        "Search",
        key="find",
        placeholder="Words, a matter, or a “phrase in quotes”",
        bind="query-params",
    ).strip()
    with st.container(
        horizontal=True, vertical_alignment="bottom"
    ):  # two, so that a name has room in its box
        source = named.box("Source", overview.sources, key=FILTER_OF["source"], kind="source")
        tag = named.box("Topic", overview.tags, key=FILTER_OF["tags"], kind="tag")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since = st.date_input("From", key="from", **frame.ANY_DAY)
        until = st.date_input("To", key="to", **frame.ANY_DAY)
    within = Within(since, until, source, tag)
    if strange := [name for key in FILTER_OF.values() for name in named.unknown(key)]:
        _nearest(strange)
        return
    chosen = st.segmented_control(
        "Order",
        FOUND_ORDERS if wanted else list(ORDERS),
        default="Nearest" if wanted else "Newest",
        required=True,
        label_visibility="collapsed",
        key="order-found" if wanted else "order",
    )
    found: list[FoundArticle] = []
    by: Order = "published"
    if wanted:
        found = find(retriever, wanted, within, newest_first=chosen == "Newest")
        total = len(found)
        order = "newest first" if chosen == "Newest" else "nearest first"
        sought = wanted if PHRASE.search(wanted) else f"“{wanted}”"
        many = f"{words.count(total, 'article')} near {sought}, {order}."
        text = many if total else f"No article is near {sought}."
    else:
        by, order = ORDERS[chosen]
        total = _listing(retriever, within, 0, 1, by).total
        text = f"{words.count(total, 'article')}, {order}."
    st.html(cards.quiet(text))
    if wanted:
        frame.announce(text)
    pages = max(1, -(-total // PAGE))
    first = PAGE * (min(st.session_state.get("page", 1), pages) - 1)
    if wanted:
        for one in found[first : first + PAGE]:
            _row(one.article, browsing.found_row(one.article, one.excerpt))
    else:
        for known in _listing(retriever, within, first, PAGE, by).articles:
            _row(known, browsing.row(known))
    if pages > 1:
        st.pagination(pages, key="page")


def _nearest(strange: Sequence[UnknownName]) -> None:
    """Say which names no article has, and offer others; nothing is listed as if it were theirs."""
    for unknown in strange:
        key = FILTER_OF["source" if unknown.kind == "source" else "tags"]
        st.html(cards.message(words.unknown(unknown), ""))
        with st.container(horizontal=True, gap="small"):
            for name in (*unknown.nearest, *unknown.commonest, None):
                st.button(
                    label(name) if name is not None else "All",
                    key=f"mean-{key}-{name}",
                    on_click=st.session_state.update,
                    args=(named.choice(key, name),),
                )


def _listing(retriever: qa.Retriever, within: Within, first: int, many: int, by: Order) -> Listing:
    return retriever.listing(
        first, many, since=within.since, until=within.until, source=within.source, tag=within.tag, by=by
    )


def _row(known: Article, html: str) -> None:
    with st.container(key=f"row-{known.id}", gap=None):
        st.button(
            label(known.title or "Untitled article"),
            key=f"open-{known.id}",
            type="tertiary",
            on_click=article.open_at,
            args=(ArticleView(known),),
        )
        st.html(html)
