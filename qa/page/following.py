"""Followed questions on the page: taken up and let go by a click, asked again after news, with what changed.

The page can name no command that is run for a change; only the command line can.
"""

from __future__ import annotations

import streamlit as st

from qa.errors import QAError
from qa.follow.again import remember
from qa.follow.records import Change, Notebook
from qa.follow.store import follow, followed, unfollow
from qa.page import cache, errors
from qa.page.html import cards, following
from qa.page.html.escaping import label
from qa.page.preferences import load_preferences
from qa.records import Reply

CHANGES_SHOWN = 10
_TOLD = "changes told above"  # in the session: those that this run shows at the top of the page


def offer(index: str, reply: Reply, sources: tuple[str, ...], tags: tuple[str, ...]) -> None:
    """Draw a button that follows the question of a reply, or say that it is followed already."""
    notebook = _notebook(index)
    if notebook is None:
        return
    # A question that leans on the one before is followed as it was completed.
    question = reply.question if reply.follow_up is None else reply.follow_up.question
    wanted = (question, sources, tags)
    if wanted in [(one.question, one.sources, one.tags) for one in notebook.questions]:
        st.html(cards.quiet("You follow this question."), width="content")
    else:
        text = "Every build that brings news asks it again and says what changed."
        st.button("Follow this question", on_click=_follow, args=(index, reply, *wanted), help=text)


def show(index: str) -> None:
    """Show the followed questions with their newest answers, and the newest changes not shown above."""
    notebook = _notebook(index)
    if notebook is None or not notebook.questions:
        return
    st.html(cards.heading("Followed questions", "Asked again whenever news comes in."))
    for one in notebook.questions:
        with st.container(horizontal=True, vertical_alignment="center", key=f"followed-{one.number}"):
            st.button(
                label(one.question),
                key=f"ask-followed-{one.number}",
                type="tertiary",
                on_click=st.session_state.update,
                args=({"q": one.question, "source": list(one.sources), "tag": list(one.tags)},),
            )
            st.html(following.now(one), width="content")
            st.button(
                "Stop",
                key=f"unfollow-{one.number}",
                type="tertiary",
                on_click=_unfollow,
                args=(index, one.number),
            )
    told: list[Change] = st.session_state.get(_TOLD, [])
    if changes := [change for change in notebook.changes[:CHANGES_SHOWN] if change not in told]:
        st.html(following.changes(changes))


def after_forgetting(index: str) -> None:
    """See to it that what the followed questions find now is no change, in any tab: no news brought it.

    :raises QAError: if the archive cannot be opened any more.
    """
    cache.forgotten()[index] = cache.archive(index).current().generation


def catch_up(index: str, generation: str) -> list[Change]:
    """Return what changed, asked again if the archive is another one than when it was asked last."""
    told: list[Change] = _asked_again(index, generation)
    st.session_state[_TOLD] = told
    return told


def _asked_again(index: str, generation: str) -> list[Change]:
    notebook = _notebook(index)
    if notebook is None or not notebook.questions:
        return []
    if notebook.generation == generation and all(one.asked is not None for one in notebook.questions):
        return []
    forgot = cache.forgotten().get(index) == generation  # else news has come since
    with st.spinner("Asking the followed questions again …"):
        try:
            return cache.news(index, load_preferences(index)).ask_followed(news=not forgot)
        except QAError as error:
            st.error(errors.message_of(error))
            return []


def _notebook(index: str) -> Notebook | None:
    try:
        return followed(index)
    except QAError as error:
        st.error(errors.message_of(error))
        return None


def _follow(index: str, reply: Reply, question: str, sources: tuple[str, ...], tags: tuple[str, ...]) -> None:
    try:
        one = follow(index, question, sources=sources, tags=tags, unknown=reply.unknown)
        remember(index, one.number, reply)
    except QAError as error:
        st.error(errors.message_of(error))


def _unfollow(index: str, number: int) -> None:
    try:
        unfollow(index, number)
    except QAError as error:  # another tab was faster
        st.error(errors.message_of(error))
