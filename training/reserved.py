"""The one list of articles that only measure: whatever trains asks here before it reads an article.

``training/questions/reserved.txt`` holds digests, so the list travels with a clone although the archives do
not. Beside it one rule: an article published after 2022 measures, since the quiz questions of 2023 do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from qa.records import Article

LIST = Path(__file__).parent / "questions" / "reserved.txt"
LAST_YEAR = 2022  # of the news archive; later years only measure
_DIGITS = 16


def may_train(article: Article) -> bool:
    """Say whether a dated article may be read in training: neither reserved nor of a year that measures."""
    dated = article.published is not None and article.published.year <= LAST_YEAR
    return dated and not is_reserved(article.url, article.title)


def is_reserved(*names: str | None) -> bool:
    """Say whether the list has an article of one of these names: its address, its title."""
    return any(_digest(name) in _listed() for name in names if name)


def trainable(found: Iterable[object]) -> Iterator[Article]:
    """Yield the articles that may train, of what a reading gave; inputs that it left out are passed over."""
    for article in found:
        if isinstance(article, Article) and may_train(article):
            yield article


def held_out(name: str, one_in: int) -> bool:
    """Say whether an article of this name is among the one in so many that choose between runs."""
    return int(_digest(name), 16) % one_in == 0


def _digest(name: str) -> str:
    return hashlib.sha256(name.strip().encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


@cache
def _listed() -> frozenset[str]:
    lines = LIST.read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
