"""Text -> where its sentences stand, as half-open character offsets."""

from __future__ import annotations

import sentencex


def sentences(text: str) -> list[tuple[int, int]]:
    """Sentences in order, without the white space around them; a blank line always ends one.

    English rules (abbreviations such as "Gen." and "Jan."); other scripts are parted at their own
    full stops too.
    """
    spans = []
    position = 0
    for piece in sentencex.segment("en", text):
        start = position + len(piece) - len(piece.lstrip())
        end = position + len(piece.rstrip())
        position += len(piece)
        if start < end:
            spans.append((start, end))
    return spans
