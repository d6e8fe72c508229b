"""A box of names with their numbers of articles; the choice stands in the address by its name alone.

Streamlit would put the choice there as it is shown, "Civic Record (7)", and would not know it any more
once the number has changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import streamlit as st

from qa.records import UnknownName
from qa.retrieve.nearest import unknown_name
from qa.text.display import visible

Kind: TypeAlias = Literal["source", "tag"]
_SEEN = "in the address "  # and the key of a box: what its choice was in the address when it was drawn last
_UNKNOWN = "unknown in the archive "  # and the key of a box: a name of the address that no article has
_COUNT = re.compile(r" \([\d,]+\)$")  # stood in addresses that were shared before


def box(title: str, counts: Sequence[tuple[str, int]], *, key: str, kind: Kind) -> str | None:
    """Draw the box and return the name that is chosen."""
    numbers = dict(counts)
    named = st.query_params.get(key, "")
    if named != st.session_state.get(_SEEN + key, ""):  # opened by its address, or gone back to
        st.session_state.update(_meant(named, numbers, key, kind))
    elif (former := st.session_state.get(key)) is not None and former not in numbers:  # gone from the archive
        st.session_state.update(_meant(former, numbers, key, kind))
    chosen: str | None = st.selectbox(
        title,
        list(numbers),
        index=None,
        key=key,
        placeholder="All",
        on_change=st.session_state.update,
        args=({_UNKNOWN + key: None},),
        format_func=lambda name: f"{visible(name)} ({numbers[name]:,})",
    )
    strange = unknown(key)
    _name(key, chosen if chosen is not None else strange.name if strange is not None else "")
    return chosen


def choice(key: str, name: str | None) -> dict[str, object]:
    """Return what to put into the session to choose a name, or all names for None."""
    return {key: name, _UNKNOWN + key: None}


def unknown(key: str) -> UnknownName | None:
    """Return the name of the address that no article has, if there is one and nothing was chosen since."""
    found: UnknownName | None = st.session_state.get(_UNKNOWN + key)
    return found


def _meant(named: str, numbers: Mapping[str, int], key: str, kind: Kind) -> dict[str, object]:
    for name in (named, _COUNT.sub("", named)):
        if name in numbers:
            return choice(key, name)
    name = _COUNT.sub("", named)
    strange = unknown_name(kind, name, list(numbers)) if name else None
    return {key: None, _UNKNOWN + key: strange}


def _name(key: str, name: str) -> None:
    st.session_state[_SEEN + key] = name
    if name:
        st.query_params[key] = name
    elif key in st.query_params:
        del st.query_params[key]
