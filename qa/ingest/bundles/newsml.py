"""NewsML-G2, NewsML 1 and NITF, the XML of news agencies -> raw records.

What is canceled, withheld or still under embargo is named and left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.ingest.asked import Asked, Head
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.ingest.withheld import why_withheld
from qa.ingest.xmls import elements, first, local, text_of_first, words
from qa.reports import Skipped

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOTS = ("newsmessage", "newsitem", "newsml", "nitf", "packageitem", "itemset")
_BLOCKS = ("p", "hl2", "h1", "h2", "h3", "h4", "li", "tr", "br", "blockquote", "bq", "pre", "table", "div")
_LEFT_OUT = (
    "media",
    "figure",
    "script",
    "style",
    "note",
    "hedline",
    "byline",
    "dateline",
    "head",
    "body.head",
)

_MOST_DEPTH = 200  # of elements in an item, which has some ten; what is looked for is sought below each
_DEEP = f"boolean({'*/' * _MOST_DEPTH}*)"


def fits(head: Head) -> bool:
    """Return whether the first element is one of these forms'."""
    return head.root.rpartition(":")[2] in _ROOTS


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield every item that has a text."""
    root = Head(stream.head, asked.suffix).root.rpartition(":")[2]
    names = ("nitf",) if root == "nitf" else ("newsItem", "NewsItem", "newsitem")
    number = 0
    for number, element in enumerate(elements(stream, names), 1):
        where = f"{asked.name}:{element.sourceline or number}"
        if element.xpath(_DEEP):
            yield Skipped(
                where, f"The item is refused: its elements are nested more than {_MOST_DEPTH} deep."
            )
            continue
        fields = _nitf(element) if root == "nitf" else _item(element)
        reason = why_withheld(fields, asked.as_of)
        yield Skipped(where, reason) if reason else Raw(where, fields)
    if not number:
        yield Skipped(asked.name, "The XML holds no item of news.")


def _nitf(element: _Element) -> dict[str, object]:
    keywords = [found.get("key", "") for found in element.iter("{*}keyword")]
    keywords += [words(found) for found in element.iter("{*}classifier") if found.get("type") == "descriptor"]
    return {
        "id": _attribute(element, "doc-id", "id-string"),
        "title": text_of_first(element, "hl1", "headline", "title"),
        "text": _prose(_whole_text(element)),
        "published": _attribute(element, "date.issue", "norm")
        or _attribute(element, "date.release", "norm")
        or _attribute(element, "pubdata", "date.publication")
        or _attribute(element, "story.date", "norm"),
        "source": _attribute(element, "pubdata", "name") or text_of_first(element, "org", "distributor"),
        "authors": text_of_first(element, "byttl")
        and text_of_first(element, "person")
        or text_of_first(element, "person", "byline"),
        "tags": keywords,
        "url": _attribute(element, "pubdata", "ex-ref"),
        "pubstatus": _attribute(element, "docdata", "management-status"),
        "embargoed": _attribute(element, "date.release", "norm"),
    }


def _whole_text(element: _Element) -> _Element | None:
    """Return the body; of two blocks, a lead and all of the text, the latter."""
    body = first(element, "body.content", "body")
    blocks = body.iter("{*}block") if body is not None else ()
    return next((block for block in blocks if block.get("class") == "full_text"), body)


def _item(element: _Element) -> dict[str, object]:
    inner = next(element.iter("{*}nitf"), None)
    content = _nitf(inner) if inner is not None else {}
    body = first(element, "inlineXML", "DataContent", "inlineData", "contentSet", "text")
    published = text_of_first(
        element, "contentCreated", "firstCreated", "versionCreated", "FirstCreated", "DateAndTime"
    )
    headline = text_of_first(element, "headline", "HeadLine", "title", "slugline")
    return {
        "id": element.get("guid")
        or text_of_first(element, "PublicIdentifier", "NewsItemId")
        or element.get("itemid"),
        "title": headline or content.get("title"),
        "text": content.get("text") or _prose(body),
        "published": published or element.get("date") or content.get("published"),
        "source": _party(element)
        or text_of_first(element, "creditline", "CreditLine", "ProviderId")
        or content.get("source"),
        "authors": text_of_first(element, "by", "ByLine", "byline").removeprefix("By ")
        or content.get("authors")
        or _creators(element),
        "tags": [*_subjects(element), *map(words, element.iter("{*}keyword"))],
        "pubstatus": _attribute(element, "pubStatus", "qcode") or _attribute(element, "Status", "FormalName"),
        "embargoed": text_of_first(element, "embargoed"),
    }


def _party(element: _Element) -> str:
    """Return who published an item: the name, or the code where it has none."""
    for tag in ("infoSource", "provider", "Provider"):
        for found in element.iter(f"{{*}}{tag}"):
            party = next(found.iter("{*}Party"), None)
            code = found.get("literal") or found.get("qcode", "").rpartition(":")[2]
            named = (
                text_of_first(found, "name")
                or (party.get("FormalName", "") if party is not None else "")
                or code
            )
            if named:
                return named
    return ""


def _creators(element: _Element) -> list[str]:
    """Return the people who wrote an item; a creator may also be an agency."""
    meta = next(element.iter("{*}contentMeta"), None)
    agencies = {
        text_of_first(found, "name")
        for tag in ("infoSource", "provider")
        for found in element.iter(f"{{*}}{tag}")
    }
    creators = meta.iter("{*}creator") if meta is not None else ()
    named = [
        text_of_first(creator, "name")
        for creator in creators
        if not creator.get("type", "").endswith("organisation")
    ]
    return [name for name in named if name and name not in agencies]


def _subjects(element: _Element) -> list[str]:
    return [name for found in element.iter("{*}subject") if (name := text_of_first(found, "name"))]


def _attribute(element: _Element, tag: str, name: str) -> str:
    for found in element.iter(f"{{*}}{tag}"):
        if value := found.get(name):
            return str(value)
    return ""


def _prose(element: _Element | None) -> str:
    """Return the text of a body, its blocks parted by a blank line, without pictures and the head's text."""
    if element is None:
        return ""
    pieces: list[str] = []
    stack: list[tuple[_Element, bool]] = [(element, True)]
    while stack:  # not by recursion: tags may be nested deeper than Python's stack
        at, begins = stack.pop()
        name = local(at).lower()
        if begins:
            dropped = not name or name in _LEFT_OUT
            pieces.append("\n\n" if name in _BLOCKS else " " if name in ("td", "th") else "")
            stack.append((at, False))
            if not dropped:
                pieces.append(at.text or "")
                stack.extend((child, True) for child in reversed(at))
        else:
            pieces.append("\n\n" if name in _BLOCKS else "")
            pieces.append(at.tail or "" if at is not element else "")
    return "".join(pieces).strip()
