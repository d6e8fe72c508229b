"""Text that somebody else wrote -> text that a browser or Streamlit shows as it stands.

Two places, two functions: HTML for ``st.html`` (`escape`, `isolate`, `safe_href`), and the
labels and messages that Streamlit reads as Markdown (`label`).
"""

from __future__ import annotations

import html
import re

from qa.text.display import visible

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")  # ASCII punctuation: Markdown lets all of it be escaped
# ":smile:" becomes a picture even when escaped; of plain numbers, as in "file.csv:12:", only these two do.
_SHORTCODE = re.compile(r":(?=(?:(?!\d+:)[\w+\-/]+|100|1234):)")
_WORD_JOINER = "\u2060"


def escape(text: str) -> str:
    """HTML text, also safe inside a quoted attribute; control characters are left out."""
    return html.escape(visible(text), quote=True)


def isolate(text: str) -> str:
    """A name or title in running text whose direction does not disturb its neighbours."""
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def label(text: str) -> str:
    """One line that Streamlit's Markdown shows literally."""
    line = " ".join(visible(text).split())
    return _MARKUP.sub(r"\\\1", _SHORTCODE.sub(f":{_WORD_JOINER}", line))
