"""Text -> where its sentences stand, as half-open character offsets."""

from __future__ import annotations

import re

import sentencex

# The library panics at "A\u00a0." and refuses lone surrogates; each becomes one blank, so offsets stay.
_STRANGE = re.compile(r"[^\S\r\n ]|[\ud800-\udfff]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Sentences in order, without the white space around them; a blank line always ends one.

    English rules (abbreviations such as "Gen." and "Jan."); other scripts are parted at their own
    full stops too.
    """
    spans = []
    position = 0
    for piece in sentencex.segment("en", _STRANGE.sub(" ", text)):
        start = position + len(piece) - len(piece.lstrip())
        end = position + len(piece.rstrip())
        position += len(piece)
        if start < end:
            spans.append((start, end))
    return spans
