"""Text that somebody else wrote -> the labels and messages that Streamlit reads as Markdown, literally.

HTML is made by the templates of this folder, which escape what they insert.
"""

from __future__ import annotations

import re

from qa.text.display import visible

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")  # ASCII punctuation: Markdown lets all of it be escaped
# ":smile:" becomes a picture even when escaped; of plain numbers, as in "file.csv:12:", only these two do.
_SHORTCODE = re.compile(r":(?=(?:(?!\d+:)[\w+\-/]+|100|1234):)")
_WORD_JOINER = "\u2060"


def label(text: str) -> str:
    """Return a text as one line that Streamlit's Markdown shows literally."""
    line = " ".join(visible(text).split())
    return _MARKUP.sub(r"\\\1", _SHORTCODE.sub(f":{_WORD_JOINER}", line))
