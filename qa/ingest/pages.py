"""HTML pages -> raw records: the main text, and what the page says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa.ingest.asked import Asked, Head
from qa.ingest.bundles.exports import articles_of
from qa.ingest.decoding import decode
from qa.ingest.floods import without_floods
from qa.ingest.htmltext import plain
from qa.ingest.limits import MOST_FEED_BYTES
from qa.ingest.maintext import main_text, why_no_article
from qa.ingest.pagefacts import facts_of
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.reports import Skipped

_ROOTS = ("html", "head", "body", "article", "div", "main", "section", "p", "h1", "meta", "title", "script")
_SUFFIXES = (".html", ".htm", ".xhtml")
_BUNDLE = re.compile(
    r"End of Document|\bDocument \d{1,6} of \d{1,6}\b|\b\d{1,6} of \d{1,6} DOCUMENTS?\b"
    r"|\bDocument [A-Z]{2,10}[A-Za-z0-9]{14,40}\b"
)
_FEWEST_SIGNS = 2


def fits(head: Head) -> bool:
    """Return whether the first tag is a page's, or the name says so."""
    is_named = head.suffix in _SUFFIXES
    if not head.root:
        return is_named
    return head.root in _ROOTS or is_named or "<!doctype html" in head.text[:500].lower()


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield one article; of a database's export all that are in it."""
    yield from read_html(
        decode(stream.whole(MOST_FEED_BYTES), declares=True), asked.name, asked.url, asked.path
    )


def read_html(text: str, where: str, url: str = "", path: str = "") -> Iterator[Raw | Skipped]:
    """Yield the article of a page's source text; ``path`` is the name of a file that holds nothing else."""
    text = without_floods(re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text))
    if len(_BUNDLE.findall(text)) >= _FEWEST_SIGNS:
        bundle = articles_of(plain(text), where)
        if bundle is not None:
            yield from bundle
            return
    tree = _parsed(text)
    if tree is None:
        yield Skipped(where, "The page is empty.")
        return
    body = main_text(text, tree, url)
    facts = facts_of(tree, url)
    why = why_no_article(tree, body, facts.title)
    if why:
        yield Skipped(where, why)
        return
    yield Raw(
        where,
        {
            "title": facts.title,
            "text": body,
            "published": facts.published,
            "url": facts.url or url,
            "authors": facts.authors,
            "tags": facts.tags,
        },
        site=facts.site,
        path=path,
    )


def _parsed(text: str) -> Any:
    from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]  # compiled, without types
    from trafilatura import load_html

    # It mends what lxml stops at; what it does not take for HTML is parsed as it is.
    if (tree := load_html(text)) is not None:
        return tree
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
