"""XML of a stream -> its elements, one at a time; no entity is expanded, nothing outside is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from qa.ingest.limits import HEAD_BYTES
from qa.ingest.streams import Stream, Unreadable, reason_of

if TYPE_CHECKING:
    from lxml.etree import _Element

Prolog = Literal["plain", "entities", "endless"]  # endless: it goes on to the end of what is given
_FED_TOGETHER = 4096  # bytes: whoever hides a bomb behind the first element has it read no further than this


def elements(stream: Stream, names: tuple[str, ...]) -> Iterator[_Element]:
    """Yield elements of these names, whole, as they end; each is emptied behind its use.

    :raises Unreadable: the XML declares entities, or breaks off before the first element.
    """
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled, without types

    prolog = prolog_of(stream.head)
    if prolog == "entities":
        raise Unreadable("the XML is refused: it declares entities of its own, as XML bombs do")
    if prolog == "endless" and len(stream.head) >= HEAD_BYTES:
        raise Unreadable(f"the XML is refused: no element begins in its first {HEAD_BYTES:,} bytes")
    given = 0
    try:
        events = etree.iterparse(
            stream.lines(),
            events=("end",),
            tag=[mark for name in names for mark in (name, f"{{*}}{name}")],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            recover=True,
        )
        for _, element in events:
            given += 1
            yield element
            if local(element) == names[0]:
                element.clear()
                while (before := element.getprevious()) is not None and (
                    above := before.getparent()
                ) is not None:
                    above.remove(before)
    except etree.XMLSyntaxError as fault:
        if not given:
            raise Unreadable(f"the XML is broken: {reason_of(fault)}") from None


def prolog_of(data: bytes) -> Prolog:
    """Return what XML declares before its first element, as the parser reads it; no news needs an entity.

    Comments, processing instructions, quoted names and encodings can hide a declaration from any pattern.
    """
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled, without types

    # Without huge_tree the parser keeps its own limits on what entities may grow to.
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False, recover=True
    )
    for first in range(0, len(data), _FED_TOGETHER):
        try:
            parser.feed(data[first : first + _FED_TOGETHER])
        except etree.XMLSyntaxError:
            break
        for _, element in parser.read_events():
            known = element.getroottree().docinfo.internalDTD
            return "entities" if known is not None and any(True for _ in known.iterentities()) else "plain"
    return "endless"


def local(element: Any) -> str:
    """Return an element's name without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def words(element: _Element) -> str:
    """Return all the text in an element."""
    return "".join(text for text in element.itertext() if isinstance(text, str)).strip()


def first(element: _Element, *names: str) -> _Element | None:
    """Return the first element of any of these names below another, in the order of the names."""
    for name in names:
        for found in element.iter(f"{{*}}{name}"):
            return found
    return None


def text_of_first(element: _Element, *names: str) -> str:
    """Return the text of the first element of any of these names that has one."""
    for name in names:
        for found in element.iter(f"{{*}}{name}"):
            if text := words(found):
                return text
    return ""
