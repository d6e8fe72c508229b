"""A question and the words of an archive -> the question with its unknown names as the archive spells them.

"Who met Zelenski?" -> "Who met Zelensky?"; a word that the archive has is never touched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from qa.records import Article

_WORD = re.compile(r"\b\w[\w'’-]*\w\b")
LOOKED_AT = 2000  # newest articles whose words are known; half a second of counting
LEAST_LETTERS = 4
LEAST_ALIKE = 75.0  # of 100; "Kiev" comes to 75 with "Kyiv", "Zelenski" to 88 with "Zelensky"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What stands in the articles of an archive."""

    words: frozenset[str]  # all of them, without case
    names: tuple[str, ...]  # words that are written with a capital more often than not, commonest first


def vocabulary_of(articles: Iterable[Article]) -> Vocabulary:
    """Count the words of articles."""
    written = Counter(
        word for article in articles for word in _WORD.findall(f"{article.title}\n{article.text}")
    )
    small = Counter[str]()
    for word, many in written.items():
        if word[0].islower():
            small[word] += many
    names = [
        word
        for word, many in written.most_common()
        if word[0].isupper() and len(word) >= LEAST_LETTERS and many > small[word.lower()]
    ]
    return Vocabulary(frozenset(word.casefold() for word in written), tuple(names))


def respelled(question: str, vocabulary: Vocabulary, found: Iterable[str] = ()) -> str | None:
    """Return the question with unknown names as the archive spells them; None if nothing changes."""
    known = vocabulary.words | {word.casefold() for text in found for word in _WORD.findall(text)}
    pieces, position = [], 0
    for match in _WORD.finditer(question):
        word = match[0].removesuffix("'s").removesuffix("’s")
        if len(word) < LEAST_LETTERS or not word[0].isupper() or word.casefold() in known:
            continue
        nearest = process.extractOne(
            word, vocabulary.names, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=LEAST_ALIKE
        )
        if nearest is not None:
            pieces += [question[position : match.start()], nearest[0], match[0][len(word) :]]
            position = match.end()
    return "".join([*pieces, question[position:]]) if pieces else None
