"""Text -> what stays of it when case, accents, articles and marks do not count."""

from __future__ import annotations

import re
import unicodedata


def folded(text: str) -> str:
    """Return the text without case and accents."""
    if text.isascii():  # most is, and has no accents to look for
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def normalized(text: str) -> str:
    """Return the form in which answers are compared: no case, accents, articles, outer punctuation."""
    words = re.sub(r"[^\w.,$€£%]+", " ", folded(text)).split()
    words = [word.strip(".,") for word in words if word not in {"a", "an", "the"}]
    return " ".join(word for word in words if word)
