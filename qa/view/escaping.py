"""Text that somebody else wrote -> text that a browser or Streamlit shows as it stands.

Two places, two functions: HTML for ``st.html`` (`escape`, `isolate`, `safe_href`), and the
labels and messages that Streamlit reads as Markdown (`label`).
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlsplit

# Bidirectional embeddings, overrides and isolates can make "001" read as "100" and leak into what
# follows; dir="auto" sets right-to-left text right without them. Left-to-right and right-to-left
# marks stay: they are ordinary in Hebrew and Arabic.
_BIDI_CONTROLS = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}
_INVISIBLE = _BIDI_CONTROLS | _CONTROLS

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")  # ASCII punctuation: Markdown lets all of it be escaped
# ":smile:" becomes a picture even when escaped; of plain numbers, as in "file.csv:12:", only these two do.
_SHORTCODE = re.compile(r":(?=(?:(?!\d+:)[\w+\-/]+|100|1234):)")
_WORD_JOINER = "\u2060"


def visible(text: str) -> str:
    """Text without control characters, those of direction among them."""
    return text.translate(_INVISIBLE)


def escape(text: str) -> str:
    """HTML text, also safe inside a quoted attribute; control characters are left out."""
    return html.escape(visible(text), quote=True)


def isolate(text: str) -> str:
    """A name or title in running text whose direction does not disturb its neighbours."""
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def safe_href(url: str) -> str | None:
    """An escaped ``http`` or ``https`` address for an ``href``; None for anything else."""
    address = url.strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return html.escape(quote(address, safe="!#$%&'()*+,/:;=?@[]~"), quote=True)


def label(text: str) -> str:
    """One line that Streamlit's Markdown shows literally."""
    line = " ".join(visible(text).split())
    return _MARKUP.sub(r"\\\1", _SHORTCODE.sub(f":{_WORD_JOINER}", line))
