"""Compose: a button that sends question and passages to the language model named, and what comes back.

Nothing is offered where the environment names no model, and nothing is sent before the click.
"""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from qa import words
from qa.doors.chat import Endpoint, endpoint_of
from qa.doors.compose import compose, passages_to_send
from qa.errors import QAError
from qa.page import errors
from qa.page.html import cards
from qa.records import Composed, Reply
from qa.settings import ComposeSettings

COMPOSED = "composed"  # of this tab: the reply's key, and what was composed of it


def offer(reply: Reply, key: Hashable) -> None:
    """Show the button where a language model is named and there are passages; show what it composed."""
    settings = ComposeSettings()
    if not (settings.url or settings.model):
        return
    try:
        endpoint = endpoint_of(settings)
    except QAError as error:
        st.html(cards.quiet(errors.plain(error)))
        return
    if not passages_to_send(reply, settings):
        return
    kept = st.session_state.get(COMPOSED)
    composed: Composed | None = kept[1] if kept is not None and kept[0] == key else None
    if composed is None:
        composed = _on_click(reply, key, settings, endpoint)
    if composed is not None and composed.stands:
        with st.container(key="composed"):
            st.html(cards.composed_card(composed))
    elif composed is not None:
        st.html(cards.quiet(words.not_composed(composed)))


def _on_click(reply: Reply, key: Hashable, settings: ComposeSettings, endpoint: Endpoint) -> Composed | None:
    """Compose once the button is pressed; it stays until something was composed."""
    place = st.empty()
    sending = words.sending(
        len(passages_to_send(reply, settings)), settings.model, endpoint.shown, endpoint.is_local
    )
    with place.container(key="compose", gap=None):
        pressed = st.button("Compose an answer", key="compose-now")
        st.html(cards.quiet(f"Only if you press it: {sending[0].lower()}{sending[1:]}."))
    if not pressed:
        return None
    place.html(cards.quiet(f"{sending} …"))
    composed = compose(reply, settings)
    place.empty()
    if not composed.fault:
        st.session_state[COMPOSED] = (key, composed)
    return composed
