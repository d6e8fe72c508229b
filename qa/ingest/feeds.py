"""RSS and Atom feeds -> raw records."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from types import FunctionType
from typing import Any

from qa.ingest.asked import Asked, Head
from qa.ingest.decoding import decode
from qa.ingest.floods import MOST_ATTRIBUTES, has_flood
from qa.ingest.htmltext import without_stretches
from qa.ingest.limits import MOST_FEED_BYTES, MOST_TAGS
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.ingest.xmls import prolog_of
from qa.reports import Skipped

_ROOTS = ("rss", "feed", "rdf:rdf", "atom:feed")
_XML_SUFFIXES = (".xml", ".rss", ".atom", ".rdf")
# References to characters that XML does not know: surrogates, and beyond the last one.
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,60})|(\d{1,60}));")
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]{0,2000}?(/?)>")
_LAST_CHARACTER = 0x10FFFF
_MOST_DEPTH = 200  # of tags; feeds have four, and the library's work grows with the square of it


def fits(head: Head) -> bool:
    """Return whether the first tag is a feed's; a broken feed that is only named as one is none."""
    if head.root:
        return head.root in _ROOTS
    return head.suffix in _XML_SUFFIXES and "<" in head.text


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield the entries of a feed; report a fault in its XML after what could be read."""
    name = asked.name
    data = stream.whole(MOST_FEED_BYTES)
    text = decode(data, declares=True)
    # The parser of feeds reads by itself and might decode in another way than the one that looks here.
    if prolog_of(data) == "entities" or "<!ENTITY" in without_stretches(text, "<![CDATA[", "]]>").upper():
        yield Skipped(name, "The feed is refused: it declares entities of its own, as XML bombs do.")
        return
    if has_flood(text):
        yield Skipped(name, f"The feed is refused: a tag has more than {MOST_ATTRIBUTES} attributes.")
        return
    if _is_deep(text):
        yield Skipped(name, f"The feed is refused: its tags are nested more than {_MOST_DEPTH} deep.")
        return
    feed = _parse()(io.BytesIO(_sound(data)), sanitize_html=False, resolve_relative_uris=False)
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
                "source": (entry.get("source") or {}).get("title"),
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


@lru_cache(maxsize=1)
def _parse() -> Callable[..., Any]:
    """Return the library's reader of feeds, but one that keeps few topics of an entry and compares none.

    The library compares each topic with all before it. Topics are counted where it keeps them: whoever
    counts in the text may see an entry begin, or a comment end, at another place than it does. Its own module
    stays as it is, for others who use it in this process.
    """
    from feedparser import api

    class Few:
        def _add_tag(self: Any, term: str | None, scheme: str | None, label: str | None) -> None:
            topics = self._get_context().setdefault("tags", [])
            if (term or scheme or label) and len(topics) < MOST_TAGS:
                topics.append(api.FeedParserDict(term=term, scheme=scheme, label=label))

    known = vars(api)
    parsers = {name: type(name, (Few, known[name]), {}) for name in ("StrictFeedParser", "LooseFeedParser")}
    return FunctionType(api.parse.__code__, known | parsers, argdefs=api.parse.__defaults__)


def _sound(data: bytes) -> bytes:
    """Return the feed without references to characters that do not exist, at which the library stops."""
    if b"&#" not in data:
        return data

    def mended(found: re.Match[str]) -> str:
        number = int(found[1], 16) if found[1] else int(found[2])
        exists = 0 < number <= _LAST_CHARACTER and not 0xD800 <= number <= 0xDFFF
        return found[0] if exists else "\ufffd"

    text = data.decode("latin-1")  # byte by byte; the references are ASCII in every encoding but UTF-16
    return _REFERENCE.sub(lambda found: mended(found).replace("\ufffd", "?"), text).encode("latin-1")


def _is_deep(text: str) -> bool:
    """Return whether tags are nested far beyond what feeds do: a rough count, outside of CDATA."""
    depth = 0
    bare = without_stretches(without_stretches(text, "<![CDATA[", "]]>"))
    for found in _TAG.finditer(bare):
        depth += -1 if found[1] else 0 if found[2] else 1
        if depth > _MOST_DEPTH:
            return True
    return False


def _xml_fault(data: bytes) -> tuple[int, str] | None:
    """Return line and reason of the first fault in XML; load nothing outside of it, expand no entity."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled, without types

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    with suppress(etree.XMLSyntaxError, ValueError):  # it is in the log
        etree.fromstring(data, parser)
    harmless = ("ERR_UNDECLARED_ENTITY", "WAR_UNDECLARED_ENTITY", "NS_ERR_UNDEFINED_NAMESPACE")
    faults = [fault for fault in parser.error_log if fault.type_name not in harmless]
    return (faults[0].line, faults[0].message.splitlines()[0]) if faults else None
