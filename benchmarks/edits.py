"""Articles -> the lightly edited copies that other outlets print: cut, retitled, under another byline."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_BYLINES = ("By our correspondents", "By Jo March and Ada Byrne, with agencies", "From wire reports")
_HEADLINES = ("What we know so far", "In brief: the day's main report", "Updated: developing story")
_REWORDED_EVERY = 25  # words


@dataclass(frozen=True, slots=True)
class Edited:
    """A text that stems from an article."""

    origin: int  # position of the article that was edited
    kind: str
    text: str


def edits(texts: Sequence[str], *, seed: int = 1) -> list[Edited]:
    """Return each text as it is and once in every kind of edit; the same for the same seed."""
    chance = random.Random(seed)
    kinds: dict[str, Callable[[int], str]] = {
        "as it was": lambda at: texts[at],
        "cut": lambda at: _cut(texts[at], chance.uniform(0.4, 0.8)),
        "headline": lambda at: f"{chance.choice(_HEADLINES)}\n\n{texts[at]}",
        "byline": lambda at: f"{chance.choice(_BYLINES)}\n\n{_without_dateline(texts[at])}",
        "paragraph": lambda at: f"{texts[at]}\n\n{_last_paragraph(chance.choice(texts))}",
        "reworded": lambda at: _reworded(texts[at]),
        "cut and byline": lambda at: f"{_BYLINES[0]}\n\n{_cut(_without_dateline(texts[at]), 0.7)}",
    }
    return [Edited(at, kind, edit(at)) for at in range(len(texts)) for kind, edit in kinds.items()]


def _cut(text: str, share: float) -> str:
    """Return the first paragraphs that make up at least this share of the text."""
    paragraphs = text.split("\n\n")
    kept: list[str] = []
    while len("\n\n".join(kept)) < share * len(text):
        kept.append(paragraphs[len(kept)])
    return "\n\n".join(kept)


def _reworded(text: str) -> str:
    words = text.split(" ")
    return " ".join("indeed" if at % _REWORDED_EVERY == 7 else word for at, word in enumerate(words))


def _without_dateline(text: str) -> str:
    """Return "GENEVA, May 5 - COVID-19 ..." without its dateline: "COVID-19 ..."."""
    head, dash, rest = text.partition(" - ")
    return rest if dash and len(head) < 60 else text


def _last_paragraph(text: str) -> str:
    return text.split("\n\n")[-1]
