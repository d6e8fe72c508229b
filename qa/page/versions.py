"""Two articles -> whether one is the other at another time; a title -> it without notes of editors."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from qa.records import Article, Neighbour

SAME_TITLE = 90.0  # of 100: "Toll passes 20,000" and "Toll passes 21,000" are two articles of one matter
# What editors put before a title when they mend an article.
_NOTE = re.compile(
    r"^\W*(?:correct(?:ed|ion)|updat(?:ed?|ing)(?:\s+\d+)?|clarif(?:ied|ication)|refile|retract(?:ed|ion))\b\W*",
    re.IGNORECASE,
)


def versions_of(known: Article, kin: Iterable[Neighbour]) -> list[Neighbour]:
    """Return those that are the article at another time, each once, in the order of ``kin``."""
    return list({one.article.id: one for one in kin if is_version(one.article, known)}.values())


def is_version(one: Article, other: Article) -> bool:
    """Return whether two articles are one at two times: of one address, or of one source and title."""
    if one.url and one.url == other.url:
        return True
    if not one.source or one.source.casefold() != other.source.casefold():
        return False
    alike = fuzz.token_sort_ratio(bare(one.title).casefold(), bare(other.title).casefold())
    return bool(one.title) and alike >= SAME_TITLE


def bare(title: str) -> str:
    """Return "Storm kills 12" for "UPDATE 1-Storm kills 12" and for "Corrected: Storm kills 12"."""
    return _NOTE.sub("", title)
