"""RTF -> its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from qa.ingest.asked import Asked
from qa.ingest.documents.reading import Document, needed, read_document
from qa.ingest.limits import MOST_FEED_BYTES
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream, Unreadable
from qa.reports import Skipped


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Return the articles of an RTF."""
    return read_document(stream, asked, "RTF document", _parse)


def _parse(file: BinaryIO) -> Document:
    striprtf = needed("striprtf.striprtf", "an RTF document")
    data = file.read(MOST_FEED_BYTES + 1)
    if len(data) > MOST_FEED_BYTES:
        raise Unreadable(f"the RTF document is larger than {MOST_FEED_BYTES // 2**20} MB")
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4000])
    text = striprtf.rtf_to_text(data.decode("latin-1"), encoding=_code_page(page), errors="replace")
    return Document(re.sub(r"\n{1,3}", "\n\n", text))


def _code_page(found: re.Match[bytes] | None) -> str:
    name = f"cp{found[1].decode()}" if found is not None else "cp1252"
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
