"""Article text and the place of a quote -> the sentence or context around it, and HTML with marks."""

from __future__ import annotations

from collections.abc import Sequence

from page.html.escaping import escape
from qa.text.sentences import PARAGRAPH_BREAK


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


def _joined(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
