"""Boxes of names with their numbers of articles; what is chosen stands in the address by its names alone.

Streamlit would put a choice there as it is shown, "Civic Record (7)", and would not know it any more once
the number has changed. A name of the address that no article has is kept beside the box: a view says so, and
neither lists nor answers anything as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import streamlit as st

from qa.page.html.escaping import label
from qa.records import UnknownName
from qa.retrieve.nearest import unknown_name
from qa.text.display import visible

Kind: TypeAlias = Literal["source", "tag"]
COMMONEST = 8  # of several: as buttons below the box, which lists all
_SEEN = "in the address "  # and the key of a box: the names in the address when it was drawn last
_UNKNOWN = "unknown in the archive "  # and the key of a box: the names of the address that no article has
_COUNT = re.compile(r" \([\d,]+\)$")  # stood in addresses that were shared before


def box(title: str, counts: Sequence[tuple[str, int]], *, key: str, kind: Kind) -> str | None:
    """Draw a box for one name and return what is chosen."""
    numbers = dict(counts)
    held: str | None = st.session_state.get(key)
    meant = _meant(key, numbers, [] if held is None else [held], kind)
    if meant is not None:
        st.session_state[key] = meant[-1] if meant else None
    chosen: str | None = st.selectbox(
        title,
        list(numbers),
        index=None,
        key=key,
        placeholder="All",
        on_change=st.session_state.update,
        args=({_UNKNOWN + key: ()},),
        format_func=lambda name: f"{visible(name)} ({numbers[name]:,})",
    )
    _name(key, [] if chosen is None else [chosen])
    return chosen


def boxes(title: str, counts: Sequence[tuple[str, int]], *, key: str, kind: Kind) -> list[str]:
    """Draw a box for several names, the commonest as buttons below it, and return those chosen."""
    numbers = dict(counts)
    meant = _meant(key, numbers, st.session_state.get(key, []), kind)
    if meant is not None:
        st.session_state[key] = meant
    chosen: list[str] = st.multiselect(
        title,
        list(numbers),
        key=key,
        on_change=st.session_state.update,
        args=({_UNKNOWN + key: ()},),
        format_func=visible,
    )
    with st.container(horizontal=True, gap="small", key=f"counts-{key}"):
        for name, articles in counts[:COMMONEST]:
            if name not in chosen:
                st.button(
                    label(f"{name} {articles:,}"),
                    key=f"add-{key}-{name}",
                    type="tertiary",
                    on_click=st.session_state.update,
                    args=(choices(key, [*chosen, name]),),
                )
    _name(key, chosen)
    return chosen


def choice(key: str, name: str | None) -> dict[str, object]:
    """Return what to put into the session to choose a name in a box for one, or all names for None."""
    return {key: name, _UNKNOWN + key: ()}


def choices(key: str, names: Sequence[str]) -> dict[str, object]:
    """Return what to put into the session to choose names in a box for several, or all names for none."""
    return {key: list(names), _UNKNOWN + key: ()}


def unknown(key: str) -> tuple[UnknownName, ...]:
    """Return the names of the address that no article has, until something is chosen."""
    found: tuple[UnknownName, ...] = st.session_state.get(_UNKNOWN + key, ())
    return found


def _meant(key: str, numbers: Mapping[str, int], held: Sequence[str], kind: Kind) -> list[str] | None:
    """Return the names to choose, where the address or the archive is not as it was; keep what is unknown.

    :param held: what the box has chosen.
    """
    named = [name for name in st.query_params.get_all(key) if name]
    if named == st.session_state.get(_SEEN + key, []):  # else it was opened by its address, or gone back to
        strangers = [one.name for one in unknown(key)]
        if not strangers and all(name in numbers for name in held):
            return None
        named = [*held, *strangers]  # gone from the archive, or come into it
    spelled = {name.casefold(): name for name in numbers} | {name: name for name in numbers}
    known: list[str] = []
    strange: list[UnknownName] = []
    for name in named:
        plain = _COUNT.sub("", name)
        tried = (name, plain, name.casefold(), plain.casefold())
        found = next((spelled[text] for text in tried if text in spelled), None)
        if found is None:
            strange.append(unknown_name(kind, plain, list(numbers)))
        elif found not in known:
            known.append(found)
    st.session_state[_UNKNOWN + key] = tuple(strange)
    return known


def _name(key: str, chosen: Sequence[str]) -> None:
    """Put into the address what is chosen and what is unknown."""
    names = [*chosen, *(strange.name for strange in unknown(key))]
    st.session_state[_SEEN + key] = names
    if names:
        st.query_params[key] = names if len(names) > 1 else names[0]
    elif key in st.query_params:
        del st.query_params[key]
