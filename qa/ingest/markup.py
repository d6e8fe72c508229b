"""HTML pages and RSS or Atom feeds -> raw records."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress

from qa.ingest.decoding import decode
from qa.ingest.limits import MOST_FEED_BYTES
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.records import Skipped

_DATE_PATHS = (
    "//meta[@property='article:published_time' or @property='og:article:published_time']/@content",
    "//*[@itemprop='datePublished']/@content | //*[@itemprop='datePublished']/@datetime",
    "//meta[@name='article:published_time' or @name='pubdate' or @name='publishdate' or @name='publish-date'"
    " or @name='parsely-pub-date' or @name='sailthru.date' or @name='DC.date.issued' or @name='dc.date'"
    " or @name='date' or @name='publication_date']/@content",
    "//time[@pubdate]/@datetime | //article//time/@datetime",
    "//time/@datetime",
)


def read_page(stream: Stream, name: str, url: str = "") -> Iterator[Raw | Skipped]:
    """One article: what trafilatura finds to be the main text, and what the page says of itself."""
    from lxml import etree

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(stream.whole(MOST_FEED_BYTES), declares=True))
    page = _main_text(text, url)
    if page is None or not page.text:
        yield Skipped(name, "No article's text was found on the page.")
        return
    tree = etree.fromstring(
        text.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", huge_tree=True)
    )
    told = _linked_data(tree)
    address = _first(
        tree, "//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content", default=url
    )
    keywords = [tag for tags in page.tags or [] for tag in tags.split(",")]
    yield Raw(
        name,
        {
            "title": _first(tree, "//meta[@property='og:title']/@content")
            or told.get("headline")
            or page.title,
            "text": page.text,
            "published": told.get("datePublished") or _first(tree, *_DATE_PATHS) or page.date,
            "url": address,
            "authors": told.get("author") or page.author,
            "tags": [*_all(tree, "//meta[@property='article:tag']/@content"), *keywords],
        },
        site=_first(tree, "//meta[@property='og:site_name']/@content", default=""),
    )


def _main_text(text: str, url: str):
    """trafilatura's document, or None; it looks through pages of any kind, and may trip over some."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it misses is told as Skipped
    try:
        return trafilatura.bare_extraction(text, url=url or None, with_metadata=True, include_comments=False)
    except Exception:
        return None


def read_feed(stream: Stream, name: str, url: str = "") -> Iterator[Raw | Skipped]:
    """The entries of an RSS or Atom feed; a fault in its XML is told after what could be read."""
    import feedparser

    data = stream.whole(MOST_FEED_BYTES)
    if _declares_entities(data):
        yield Skipped(name, "The feed is refused: it declares entities of its own, as XML bombs do.")
        return
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    site = feed.feed.get("title", "")
    for number, entry in enumerate(feed.entries, 1):
        bodies = [part.get("value", "") for part in entry.get("content", [])] + [entry.get("summary", "")]
        yield Raw(
            f"{name}:{number}",
            {
                "id": entry.get("id"),
                "title": entry.get("title"),
                "text": max(bodies, key=len),
                "published": entry.get("published") or entry.get("updated"),
                "url": entry.get("link"),
                "source": entry.get("source", {}).get("title"),
                "authors": [author.get("name") for author in entry.get("authors", [])] or entry.get("author"),
                "tags": [tag.get("term") for tag in entry.get("tags", [])],
            },
            site=site,
        )
    if (fault := _xml_fault(data)) is not None:
        yield Skipped(
            f"{name}:{fault[0]}",
            f"The feed's XML is broken: {fault[1]}; {len(feed.entries)} entries were read.",
        )
    elif not feed.entries:
        yield Skipped(name, "The feed has no entries.")


def _declares_entities(data: bytes) -> bool:
    """Whether XML declares entities before its first element, which no feed needs and a bomb is made of."""
    text = decode(data, declares=True)
    first = re.search(r"<[a-z]", text, re.IGNORECASE)
    return "<!ENTITY" in text[: first.start() if first else None].upper()


def _xml_fault(data: bytes) -> tuple[int, str] | None:
    """Line and reason of the first fault in XML; nothing outside of it is loaded, no entity expanded."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    with suppress(etree.XMLSyntaxError):  # it is in the log
        etree.fromstring(data, parser)
    harmless = ("ERR_UNDECLARED_ENTITY", "WAR_UNDECLARED_ENTITY", "NS_ERR_UNDEFINED_NAMESPACE")
    faults = [fault for fault in parser.error_log if fault.type_name not in harmless]
    return (faults[0].line, faults[0].message.splitlines()[0]) if faults else None


def _linked_data(tree) -> dict[str, object]:
    """What JSON-LD says of the article."""
    for script in _all(tree, "//script[@type='application/ld+json']/text()"):
        try:
            found = json.loads(script)
        except (ValueError, RecursionError):
            continue
        parts = found if isinstance(found, list) else [found]
        parts += [item for part in parts if isinstance(part, dict) for item in _graph(part)]
        for part in parts:
            if isinstance(part, dict) and "Article" in str(part.get("@type")):
                return part
    return {}


def _graph(part: dict[str, object]) -> list[object]:
    graph = part.get("@graph")
    return graph if isinstance(graph, list) else []


def _all(tree, path: str) -> list[str]:
    return [text for found in tree.xpath(path) if (text := str(found).strip())]


def _first(tree, *paths: str, default: str = "") -> str:
    return next((text for path in paths for text in _all(tree, path)), default)
