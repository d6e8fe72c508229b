"""Articles -> the words that are names in them: written with a capital where no sentence begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from qa.records import Article

MOST_ARTICLES = 2_000  # the newest of an archive, whose words are looked at: a second's work, done once
_TIMES_SMALL = 4  # a name stands with a capital so many times as often as without
_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]+")  # a capital that no beginning of a sentence explains
_SMALL = re.compile(r"\b[a-z][\w'’-]+")


def names_of(articles: Iterable[Article]) -> frozenset[str]:
    """Return the words that are names, in lower case and without a genitive's ending."""
    capital, small = Counter[str](), Counter[str]()
    for article in articles:
        capital.update(_bare(word) for word in _INSIDE.findall(article.text))
        small.update(_bare(word) for word in _SMALL.findall(article.text))
    return frozenset(word for word, many in capital.items() if many > _TIMES_SMALL * small[word])


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word).casefold()
