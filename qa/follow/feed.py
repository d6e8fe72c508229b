"""Notebook -> an Atom feed of its changes, newest first (RFC 4287)."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from xml.etree import ElementTree as XML

from qa.follow.records import Change, KnownAnswer, Notebook
from qa.follow.wording import change_line
from qa.text.display import safe_href, visible

_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # characters that no XML may hold
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom(notebook: Notebook) -> str:
    """Return the feed as a text; every quote in it stands as text, never as markup."""
    XML.register_namespace("", _ATOM)
    feed = XML.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", f"urn:uuid:{notebook.name}")
    _add(feed, "title", "News QA: followed questions")
    _add(feed, "updated", _moment(notebook.changes[0].at if notebook.changes else _NEVER))
    _add(_add(feed, "author"), "name", "News QA")
    for change in notebook.changes:
        _entry(feed, notebook, change)
    XML.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + XML.tostring(feed, encoding="unicode") + "\n"


def _entry(feed: XML.Element, notebook: Notebook, change: Change) -> None:
    entry = _add(feed, "entry")
    name = f"{notebook.name} {change.number} {change.at.isoformat()}"
    _add(entry, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}")
    _add(entry, "title", f"{change.question} {change_line(change)}")
    _add(entry, "updated", _moment(change.at))
    _add(entry, "content", _content(change.after)).set("type", "text")
    href = None if change.after is None else safe_href(change.after.url)
    if href is not None:
        _add(entry, "link").set("href", href)


def _content(answer: KnownAnswer | None) -> str:
    if answer is None:
        return "The article that gave the answer is no longer in the archive, and no other gives one."
    return f"{answer.sentence} ({answer.title})" if answer.title else answer.sentence


def _add(parent: XML.Element, name: str, text: str | None = None) -> XML.Element:
    element = XML.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text is not None:
        element.text = _NO_XML.sub("", visible(text))
    return element


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
