"""ODT -> its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from qa.ingest.asked import Asked
from qa.ingest.documents.reading import Document, needed, read_document
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.reports import Skipped


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Return the articles of an ODT."""
    return read_document(stream, asked, "OpenDocument text", _parse)


def _parse(file: BinaryIO) -> Document:
    opendocument = needed("odf.opendocument", "an OpenDocument text")
    teletype = needed("odf.teletype", "an OpenDocument text")
    space = needed("odf.namespaces", "an OpenDocument text").TEXTNS
    names = {(space, "p"), (space, "h")}
    document = opendocument.load(file)
    pieces: list[str] = []
    stack = [document.text]
    while stack:  # paragraphs in their order, those of lists and tables among them
        node = stack.pop()
        if getattr(node, "qname", None) in names:
            pieces.append(teletype.extractText(node))
        else:
            stack.extend(reversed(getattr(node, "childNodes", [])))
    return Document("\n\n".join(pieces))
