"""What was looked for and what was found -> whether any of it is near; the nearest may be far."""

from __future__ import annotations

from collections.abc import Sequence

from qa.index.analyzer import words_of
from qa.records import Hit

# Least cosine of what shares no word with a search. On the sample archive "zxqwv" comes to 0.13,
# "blorptang" to 0.20, and "monarchy", which no article says, to 0.40 with the article about the queen.
NEAR = 0.25
# Least cosine of the nearest passage to a topic. On the sample archive the 12 topics of benchmarks.briefs
# come to 0.42 or more, and 11 that it lacks ("volcano in Iceland", "Harry Potter film") to 0.36 or less.
ABOUT = 0.4


def is_near(hit: Hit) -> bool:
    """Return whether a passage is worth showing: it has a word of the search, or its sense."""
    return hit.bm25 > 0 or hit.similarity >= NEAR


def is_about(topic: str, hits: Sequence[Hit]) -> bool:
    """Return whether any of the passages is about a topic: it is nearer than chance, or has all of its words.

    A name may be far from a long passage that has it; one word of several ("prices") makes no topic.
    """
    if any(hit.similarity >= ABOUT for hit in hits):
        return True
    wanted = set(words_of([topic])[0])
    texts = [f"{hit.passage.article.title}\n{hit.passage.text}" for hit in hits]
    return bool(wanted) and any(wanted <= set(words) for words in words_of(texts))
