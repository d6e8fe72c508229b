"""XML of a stream -> its elements, one at a time; no entity is expanded, nothing outside is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qa.ingest.htmltext import without_stretches
from qa.ingest.streams import Stream, Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element


def elements(stream: Stream, names: tuple[str, ...]) -> Iterator[_Element]:
    """Elements of these names, whole, as they end; each is emptied behind its use.

    :raises Unreadable: the XML declares entities, or breaks off before the first element.
    """
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled, without types

    if declares_entities(stream.head.decode("latin-1")):
        raise Unreadable("the XML is refused: it declares entities of its own, as XML bombs do")
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
            raise Unreadable(f"the XML is broken: {str(fault).splitlines()[0]}") from None


def declares_entities(text: str) -> bool:
    """Whether XML declares entities before its first element, which no news needs and a bomb is made of."""
    text = without_stretches(text)
    first = re.search(r"<[a-z]", text, re.IGNORECASE)
    return "<!ENTITY" in text[: first.start() if first else None].upper()


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
