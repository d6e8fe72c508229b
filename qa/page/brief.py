"""Brief: a topic in, what happened day by day out, in exact sentences."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from qa import words
from qa.brief.export import brief_to_dict, brief_to_markdown
from qa.brief.records import DAYS, Brief
from qa.export import file_stem, json_document
from qa.page import article, cache, frame
from qa.page.html import brief, cards, live
from qa.page.html.escaping import label
from qa.page.html.layout import ArticleView
from qa.reports import Overview

MOST_DAYS = 30
TOPICS_SHOWN = 8
LONGEST_TITLE = 80  # characters of the topic in the title of the tab


def view() -> None:
    retriever, overview = frame.opened()
    with st.form("brief", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            topic = st.text_input(
                "Topic",
                key="topic",
                placeholder="A person, a place, a matter",
                label_visibility="collapsed",
                bind="query-params",
            ).strip()
            st.form_submit_button("Show brief", type="primary")
        with st.container(horizontal=True):
            since = st.date_input("From", key="brief-from", **frame.ANY_DAY)
            until = st.date_input("To", key="brief-to", **frame.ANY_DAY)
            days = st.number_input("Days at most", 1, MOST_DAYS, DAYS, key="days", **frame.IN_URL)
    if not topic:
        text = "What happened, in order: one or two exact sentences for each day that matters."
        st.html(cards.message("A brief on a topic", text))
        _commonest(overview)
        st.html(live.focus("Topic"), unsafe_allow_javascript=True)
        return
    st.set_page_config(page_title=f"{topic[:LONGEST_TITLE]} · News QA")
    with st.spinner("Reading the articles on this topic …"):
        made = cache.brief(
            frame.index(), overview.generation, datetime.now(UTC).date(), topic, since, until, int(days)
        )
    _show(made)
    frame.announce(brief.in_one_line(made))
    article.show_if_wanted()


def _commonest(overview: Overview) -> None:
    """Offer the commonest topics of the archive that is open, to begin with one by a click."""
    if not overview.tags:
        return
    st.html(cards.heading("For example", "The commonest topics of this archive."))
    with st.container(horizontal=True, gap="small", key="topics"):
        for number, (name, _) in enumerate(overview.tags[:TOPICS_SHOWN]):
            st.button(label(name), key=f"topic-{number}", type="tertiary", on_click=_take, args=(name,))


def _take(topic: str) -> None:
    st.session_state.topic = topic


def _show(made: Brief) -> None:
    if not made.days:
        st.html(cards.message(cards.NOT_FOUND, words.NO_BRIEF))
        return
    st.html(cards.heading(brief.in_one_line(made), "Every sentence stands in its article word for word."))
    for number, day in enumerate(made.days, start=1):
        st.html(brief.day_heading(day))
        for place, event in enumerate(day.events, start=1):
            with st.container(key=f"event-{number}-{place}"):
                st.html(brief.event(event))
                quote = event.quote
                mark = ((quote.start, quote.end),)
                st.button(
                    "Read in article",
                    key=f"read-event-{number}-{place}",
                    type="tertiary",
                    on_click=article.open_at,
                    args=(ArticleView(quote.article, mark, mark[0]),),
                )
    stem = file_stem(made.topic)
    with st.container(horizontal=True, key="downloads"):
        st.download_button(
            "Download Markdown", brief_to_markdown(made), f"{stem}.md", "text/markdown", on_click="ignore"
        )
        st.download_button(
            "Download JSON",
            json_document(brief_to_dict(made)),
            f"{stem}.json",
            "application/json",
            on_click="ignore",
        )
