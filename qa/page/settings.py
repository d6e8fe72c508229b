"""Settings: the few that matter, saved beside the index that they are about."""

from __future__ import annotations

from datetime import date

import streamlit as st

from qa.errors import QAError
from qa.page import cache, errors, frame
from qa.page.html import cards
from qa.page.preferences import MOST_PASSAGES, Preferences, load_preferences, save_preferences


def view() -> None:
    frame.opened()
    index = frame.index()
    try:
        current = load_preferences(index)
    except QAError as error:
        st.error(errors.message_of(error))
        current = Preferences()
    with st.container():
        st.html(
            cards.heading("How questions are answered", "Saved for this archive, for everyone who uses it.")
        )
        reader = st.text_input(
            "Reader",
            current.reader,
            placeholder="the bundled reader",
            help="The model that finds the answer in a passage: a folder, or a name on the model hub.",
        )
        passages = st.slider(
            "Passages read",
            1,
            MOST_PASSAGES,
            current.passages_read,
            help="More find more and take longer.",
        )
        own = st.checkbox("The reader decides how sure a shown answer must be", current.threshold is None)
        percent = st.slider(
            "If not: least confidence of a shown answer",
            0,
            100,
            round(100 * current.threshold) if current.threshold is not None else 50,
            format="%d %%",
            disabled=own,
        )
        as_of = st.date_input(
            "As of",
            current.as_of,
            min_value=date(1800, 1, 1),
            max_value=date(2100, 1, 1),
            help="The day that “last week” or “now” in a question counts from. Empty: today.",
        )
        with st.container(horizontal=True):
            save = st.button("Save", type="primary")
            reset = st.button("Back to the defaults")
    if reset:
        _save(index, Preferences())
    elif save:
        named = reader.strip() if reader and reader.strip() else None
        _save(index, Preferences(named, passages, None if own else percent / 100, as_of))


def _save(index: str, chosen: Preferences) -> None:
    try:
        read_by = cache.reader(chosen.settings().reader)  # what cannot be loaded must not be saved
        save_preferences(index, chosen)
    except QAError as error:
        st.error(errors.message_of(error))
        return
    if chosen.threshold is not None and read_by.calibration is None:
        st.warning("Saved. This reader was never calibrated, so the least confidence means nothing to it.")
    else:
        st.success("Saved.")
