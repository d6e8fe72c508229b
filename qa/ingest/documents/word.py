"""DOCX -> its text, with tables and headings in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from qa.ingest.asked import Asked
from qa.ingest.documents.reading import Document, needed, read_document
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.reports import Skipped


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Return the articles of a DOCX."""
    return read_document(stream, asked, "Word document", _parse)


def _parse(file: BinaryIO) -> Document:
    docx = needed("docx", "a Word document")
    document = docx.Document(file)
    facts = document.core_properties
    # Its own dates say when the file was made, not when the article was published.
    return Document("\n\n".join(_paragraphs(document)), facts.title or "", "")


def _paragraphs(container: Any) -> Iterator[str]:
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            seen = set()
            for cell in (cell for row in block.rows for cell in row.cells):
                if id(cell._tc) not in seen:  # a joined cell comes for each column that it spans
                    seen.add(id(cell._tc))
                    yield from _paragraphs(cell)
        else:
            yield block.text
