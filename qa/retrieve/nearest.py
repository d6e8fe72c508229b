"""A name that an archive does not know -> its names that are spelled most like it, else its commonest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rapidfuzz import fuzz, process, utils

from qa.records import Filter, UnknownName
from qa.reports import Overview

MANY = 3
COMMONEST = 8  # names that are listed where none is spelled alike
# Of 100. "Valey News" comes to 95 with "Valley News", "Meridian" to 90 with "Meridian Wire", "Tass" to 57.
LEAST_ALIKE = 70.0


def nearest_names(name: str, known: Sequence[str], many: int = MANY) -> tuple[str, ...]:
    """Return up to ``many`` known names that are spelled alike, most alike first; case does not count."""
    found = process.extract(
        name, known, scorer=fuzz.WRatio, processor=utils.default_process, limit=many, score_cutoff=LEAST_ALIKE
    )
    return tuple(other for other, _, _ in found)


def unknown_name(kind: Literal["source", "tag"], name: str, known: Sequence[str]) -> UnknownName:
    """Return what there is instead of a name; ``known``: the names of the archive, commonest first."""
    spelled: dict[str, str] = {}  # "Reuters" and "reuters" are one for every filter
    for other in known:
        spelled.setdefault(other.casefold(), other)
    distinct = list(spelled.values())
    nearest = nearest_names(name, distinct)
    if nearest:
        return UnknownName(kind, name, nearest)
    return UnknownName(kind, name, (), tuple(distinct[:COMMONEST]), len(distinct[COMMONEST:]))


def in_doubt(filters: Filter, *, found: bool) -> bool:
    """Return whether a filter may hold an unknown name; one alone that found something is known."""
    return max(len(filters.sources), len(filters.tags)) > (1 if found else 0)


def unknown_names(filters: Filter, overview: Overview) -> tuple[UnknownName, ...]:
    """Return the sources and tags of a filter that no article of the archive has."""
    found = []
    asked: tuple[tuple[Literal["source", "tag"], tuple[str, ...], tuple[tuple[str, int], ...]], ...] = (
        ("source", filters.sources, overview.sources),
        ("tag", filters.tags, overview.tags),
    )
    for kind, wanted, counts in asked:
        known = [name for name, _ in counts]
        folded = {name.casefold() for name in known}
        for name in wanted:
            if name.casefold() not in folded:
                found.append(unknown_name(kind, name, known))
    return tuple(found)
