"""Settings: the few that matter, saved beside the index that they are about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from page import cache as held
from page import errors as troubles
from page import frame
from page import preferences as saved
from page.html import cards
from page.preferences import MOST_PASSAGES, Preferences
from qa.errors import QAError


def view() -> None:
    frame.opened()
    index = Path(frame.index())
    try:
        held_now = saved.load(index)
    except QAError as error:
        st.error(troubles.told(error))
        held_now = Preferences()
    with st.form("settings", border=False):
        st.html(
            cards.heading("How questions are answered", "Saved for this archive, for everyone who uses it.")
        )
        reader = st.text_input(
            "Reader",
            held_now.reader,
            placeholder="the bundled reader",
            help="The model that finds the answer in a passage: a folder, or a name on the model hub.",
        )
        passages = st.slider(
            "Passages read",
            1,
            MOST_PASSAGES,
            held_now.passages_read,
            help="More find more and take longer.",
        )
        own = st.checkbox("The reader decides how sure a shown answer must be", held_now.threshold is None)
        percent = st.slider(
            "If not: least confidence of a shown answer",
            0,
            100,
            round(100 * held_now.threshold) if held_now.threshold is not None else 50,
            format="%d %%",
        )
        as_of = st.date_input(
            "As of",
            held_now.as_of,
            min_value=date(1800, 1, 1),
            max_value=date(2100, 1, 1),
            help="The day that “last week” or “now” in a question counts from. Empty: today.",
        )
        with st.container(horizontal=True):
            save = st.form_submit_button("Save", type="primary")
            reset = st.form_submit_button("Back to the defaults")
    if reset:
        _save(index, Preferences())
    elif save:
        named = reader.strip() if reader and reader.strip() else None
        _save(index, Preferences(named, passages, None if own else percent / 100, as_of))


def _save(index: Path, chosen: Preferences) -> None:
    try:
        read_by = held.reader(chosen.settings().reader)  # what cannot be loaded must not be saved
        saved.save(index, chosen)
    except QAError as error:
        st.error(troubles.told(error))
        return
    if chosen.threshold is not None and read_by.calibration is None:
        st.warning("Saved. This reader was never calibrated, so the least confidence means nothing to it.")
    else:
        st.success("Saved.")
