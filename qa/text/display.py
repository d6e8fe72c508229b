"""Text and addresses that somebody else wrote -> what may be shown: no hidden characters, web links only."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

# Bidirectional embeddings, overrides and isolates can make "001" read as "100" and leak into what
# follows; dir="auto" sets right-to-left text right without them. Left-to-right and right-to-left
# marks stay: they are ordinary in Hebrew and Arabic.
_BIDI_CONTROLS = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)  # no output can write them
_INVISIBLE = _BIDI_CONTROLS | _CONTROLS | _SURROGATES
HIDDEN = (*_INVISIBLE,)  # code points that must not reach a screen


def visible(text: str) -> str:
    """Return text without control characters, those of direction too; lone surrogates become marks."""
    return text.translate(_INVISIBLE)


def safe_href(url: str) -> str | None:
    """Return an ``http`` or ``https`` address, its blanks and quotes encoded; None for anything else."""
    address = url.strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~")
