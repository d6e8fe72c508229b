"""Article text and the place of a quote -> the sentence or context around it, and HTML with marks."""

from __future__ import annotations

from collections.abc import Sequence

from qa.sentences import sentences
from qa.view.escaping import escape

REACH = 2000  # characters looked at on each side; a text without full stops must not be read whole
LEAST_CONTEXT = 90  # characters; a shorter sentence gets a neighbour
MOST_CONTEXT = 600  # characters; a longer one is cut around the quote
PARAGRAPH_BREAK = "\n\n"


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Borders of the sentence, or sentences, that hold ``text[start:end]``, without outer blanks.

    A paragraph break always ends a sentence.
    """
    return _covering(_nearby(text, start, end), start, end)


def context_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Borders of the sentence around a quote, joined by a neighbour if it is very short.

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


def marked(
    text: str,
    marks: Sequence[tuple[int, int]],
    start: int = 0,
    end: int | None = None,
    *,
    focus: tuple[int, int] | None = None,
) -> str:
    """``text[start:end]`` as HTML, with the parts that fall into ``marks`` inside ``<mark>``.

    ``marks`` are half-open places in ``text``; those that overlap are joined. The mark that holds
    the beginning of ``focus`` has the class "qa-focus".
    """
    stop = len(text) if end is None else end
    pieces = []
    position = start
    for mark_start, mark_end in _joined(marks):
        first, last = max(mark_start, position), min(mark_end, stop)
        if first < last:
            kind = ' class="qa-focus"' if focus is not None and first <= focus[0] < last else ""
            pieces += [escape(text[position:first]), f"<mark{kind}>{escape(text[first:last])}</mark>"]
            position = last
    return "".join(pieces) + escape(text[position:stop])


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Borders of the paragraphs of a cleaned text, empty ones left out."""
    borders = []
    position = 0
    for piece in text.split(PARAGRAPH_BREAK):
        if piece.strip():
            borders.append((position, position + len(piece)))
        position += len(piece) + len(PARAGRAPH_BREAK)
    return borders


def _nearby(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentence borders in the paragraphs that the quote touches, in order."""
    before = text.rfind(PARAGRAPH_BREAK, 0, start)
    after = text.find(PARAGRAPH_BREAK, end)
    low = max(0 if before < 0 else before + len(PARAGRAPH_BREAK), start - REACH)
    high = min(len(text) if after < 0 else after, end + REACH)
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


def _joined(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
