"""Question and passages -> of each passage the sentences nearest to the question, with its words marked."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from qa.index.analyzer import words_of
from qa.records import Answer, Passage
from qa.text.sentences import sentences

MOST_SENTENCES = 2
MOST_CHARACTERS = 420  # of both together; about four lines of the page
LEAST_CHARACTERS = 90  # a shorter excerpt gets the next sentence
_WORD = re.compile(r"\b\w\w+\b")
# They say what kind of answer is wanted; in a passage they mean nothing.
_ASKING = frozenset(
    words_of(["who whom whose what which when where why how many much did does do has have had were"])[0]
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Stretches of an article's text; all places are half-open characters of that text, in order."""

    stretches: tuple[tuple[int, int], ...]  # sentences, or parts of very long ones; neighbours are joined
    words: tuple[tuple[int, int], ...]  # the question's words in them


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    words: tuple[tuple[int, int], ...]  # places of the question's words
    stems: frozenset[str]


def excerpts(question: str, passages: Sequence[Passage], quotes: Sequence[Answer] = ()) -> list[Excerpt]:
    """Return one excerpt a passage, in the order given.

    A sentence that holds one of the ``quotes`` comes first, then those with the question's words: a word
    counts the more the fewer sentences of all the passages have it. Without any, the beginning is shown.
    """
    wanted = frozenset(words_of([question])[0]) - _ASKING
    split = [_sentences(passage, wanted) for passage in passages]
    counts = Counter(stem for found in split for sentence in found for stem in sentence.stems)
    total = sum(map(len, split))
    weights = {stem: math.log(1 + total / count) for stem, count in counts.items()}
    return [
        _excerpt(passage, found, weights, [q for q in quotes if q.article.id == passage.article.id])
        for passage, found in zip(passages, split, strict=True)
    ]


def _sentences(passage: Passage, wanted: Collection[str]) -> list[_Sentence]:
    found = []
    for first, last in sentences(passage.text):
        places = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(passage.text, first, last)]
        stems = [stems[0] if stems else "" for stems in words_of([word for _, _, word in places])]
        hits = [(place, stem) for place, stem in zip(places, stems, strict=True) if stem in wanted]
        found.append(
            _Sentence(
                passage.start + first,
                passage.start + last,
                tuple((passage.start + start, passage.start + end) for (start, end, _), _ in hits),
                frozenset(stem for _, stem in hits),
            )
        )
    return found


def _excerpt(
    passage: Passage, found: list[_Sentence], weights: dict[str, float], quotes: Sequence[Answer]
) -> Excerpt:
    if not found:
        return Excerpt(((passage.start, passage.end),), ())

    def quoted(sentence: _Sentence) -> bool:
        return any(quote.start < sentence.end and sentence.start < quote.end for quote in quotes)

    def worth(at: int) -> tuple[bool, float]:
        return quoted(found[at]), sum(weights[stem] for stem in found[at].stems)

    ranked = sorted(range(len(found)), key=lambda at: (*(-value for value in worth(at)), at))
    picked = ranked[:1]
    room = MOST_CHARACTERS - _length(found[picked[0]])
    for at in ranked[1:]:
        if len(picked) < MOST_SENTENCES and any(worth(at)) and _length(found[at]) <= room:
            picked.append(at)
            room -= _length(found[at])
    after = picked[0] + 1
    if len(picked) == 1 and _length(found[picked[0]]) < LEAST_CHARACTERS and after < len(found):
        picked.append(after)
    stretches: list[tuple[int, int]] = []
    for at in sorted(picked):
        start, end = _cut(passage.article.text, found[at], quotes)
        if (
            stretches
            and at - 1 in picked
            and stretches[-1][1] == found[at - 1].end
            and start == found[at].start
        ):
            start = stretches.pop()[0]
        stretches.append((start, end))
    words = [word for at in sorted(picked) for word in found[at].words]
    shown = [word for word in words if any(s <= word[0] and word[1] <= e for s, e in stretches)]
    return Excerpt(tuple(stretches), tuple(shown))


def _length(sentence: _Sentence) -> int:
    return sentence.end - sentence.start


def _cut(text: str, sentence: _Sentence, quotes: Sequence[Answer]) -> tuple[int, int]:
    """Return the part of a very long sentence around what is looked for, between words."""
    start, end = sentence.start, sentence.end
    if end - start <= MOST_CHARACTERS:
        return start, end
    quoted = [quote.start for quote in quotes if start <= quote.start < end]
    looked_for = [*quoted, *(word[0] for word in sentence.words), start]
    low = max(start, min(looked_for[0] - MOST_CHARACTERS // 3, end - MOST_CHARACTERS))
    high = min(end, low + MOST_CHARACTERS)
    if low > start and (blank := text.find(" ", low, looked_for[0])) >= 0:
        low = blank + 1
    if high < end and (blank := text.rfind(" ", looked_for[0], high)) >= 0:
        high = blank
    return low, high
