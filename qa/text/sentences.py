"""Text -> where its sentences stand, as half-open character offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import sentencex

_LIBRARY: Any = sentencex  # carries no types
# The library panics at "A\u00a0." and refuses lone surrogates; each becomes one blank, so offsets stay.
_STRANGE = re.compile(r"[^\S\r\n ]|[\ud800-\udfff]")
# Bytes that the library sees at a time. Of more than 10 kB it loses characters where paragraphs meet, so that
# all that follows is misplaced; and the time that quotation marks without an end take grows by the square.
_WINDOW = 10_000
_SURE = 0.75  # of them are cut at once; a sentence or a quotation may go on behind the rest
REACH = 2000  # characters looked at on each side; a text without full stops must not be read whole
LEAST_CONTEXT = 90  # characters; a shorter sentence gets a neighbour
MOST_CONTEXT = 600  # characters; a longer one is cut around the quote
PARAGRAPH_BREAK = "\n\n"


def sentences(text: str) -> list[tuple[int, int]]:
    """Return sentences in order, without the white space around them; a blank line always ends one.

    English rules (abbreviations such as "Gen." and "Jan."); other scripts are parted at their own
    full stops too.
    """
    spans = []
    position = 0
    for piece in _pieces(_STRANGE.sub(" ", text)):
        start = position + len(piece) - len(piece.lstrip())
        end = position + len(piece.rstrip())
        position += len(piece)
        if start < end:
            spans.append((start, end))
    return spans


def _pieces(text: str) -> Iterator[str]:
    """Yield sentences with the white space behind them, which together are the whole text.

    The library gets a window at a time, and what may go on behind the window is read again with the next.
    """
    begin = 0
    while begin < len(text):
        window = text[begin : begin + _WINDOW]
        if not window.isascii():
            window = window.encode()[:_WINDOW].decode("utf-8", "ignore")
        is_last, at = begin + len(window) == len(text), 0
        for piece in _LIBRARY.segment("en", window):
            end = at + len(piece)
            if not is_last and at > 0 and end > len(window) * _SURE:
                break
            # Longer than all that is looked at: no sentence of people, cut between words where there are any.
            if not is_last and end == len(window) and (blank := piece.rfind(" ")) > 0:
                piece = piece[: blank + 1]
            yield piece
            at += len(piece)
        begin += at


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return borders of the sentence, or sentences, that hold ``text[start:end]``, without outer blanks.

    A paragraph break always ends a sentence.
    """
    return _covering(_nearby(text, start, end), start, end)


def context_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return borders of the sentence around a quote, joined by a neighbour if it is very short.

    At most `MOST_CONTEXT` characters beside the quote, cut between words.
    """
    nearby = _nearby(text, start, end)
    first, last = _covering(nearby, start, end)
    if last - first < LEAST_CONTEXT:
        later = [border for border in nearby if border[0] >= last]
        earlier = [border for border in nearby if border[1] <= first]
        if later:
            last = later[0][1]
        elif earlier:
            first = earlier[-1][0]
    return _cut(text, start, end, first, last)


def _nearby(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return sentence borders in the paragraphs that the quote touches, in order."""
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    before = text.rfind(PARAGRAPH_BREAK, low, start)
    after = text.find(PARAGRAPH_BREAK, end, high)
    low = low if before < 0 else before + len(PARAGRAPH_BREAK)
    high = high if after < 0 else after
    return [(low + first, low + last) for first, last in sentences(text[low:high])]


def _covering(borders: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    touched = [border for border in borders if border[0] < end and start < border[1]]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])


def _cut(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    room = MOST_CONTEXT // 2
    if start - first > room:
        first = min(start, text.find(" ", start - room - 1, start) + 1 or start)
    if last - end > room:
        blank = text.rfind(" ", end, end + room + 1)
        last = blank if blank > end else end
    return first, last
