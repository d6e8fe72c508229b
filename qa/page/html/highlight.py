"""Article text and places in it -> its pieces, each marked or not; a template makes HTML of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.text.sentences import PARAGRAPH_BREAK

# An answer; the answer at which an article opens; a word of the question; nothing of these.
Mark = Literal["answer", "focus", "word", ""]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that is marked alike."""

    text: str
    mark: Mark = ""


def marked(
    text: str,
    marks: Sequence[tuple[int, int]],
    start: int = 0,
    end: int | None = None,
    *,
    focus: tuple[int, int] | None = None,
    words: Sequence[tuple[int, int]] = (),
) -> list[Piece]:
    """Return ``text[start:end]`` in pieces; the parts inside ``marks`` are answers."""
    stop = len(text) if end is None else end
    joined = _joined(marks)
    places: list[tuple[int, int, Mark]] = [
        (first, last, "focus" if focus is not None and first <= focus[0] < last else "answer")
        for first, last in joined
    ]
    asked: list[tuple[int, int, Mark]] = [
        (first, last, "word")
        for first, last in words
        if not any(first < mark[1] and mark[0] < last for mark in joined)
    ]
    pieces = []
    position = start
    for mark_start, mark_end, kind in sorted([*places, *asked]):
        first, last = max(mark_start, position), min(mark_end, stop)
        if first < last:
            pieces += [Piece(text[position:first]), Piece(text[first:last], kind)]
            position = last
    return [piece for piece in (*pieces, Piece(text[position:stop])) if piece.text]


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the borders of the paragraphs of a cleaned text, empty ones left out."""
    borders = []
    position = 0
    for piece in text.split(PARAGRAPH_BREAK):
        if piece.strip():
            borders.append((position, position + len(piece)))
        position += len(piece) + len(PARAGRAPH_BREAK)
    return borders


def _joined(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
