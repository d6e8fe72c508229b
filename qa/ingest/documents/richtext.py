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
    damage = "The RTF document ends too early; it was cut off." if _is_cut(data) else ""
    return Document(re.sub(r"\n{1,3}", "\n\n", text), damage=damage)


def _is_cut(data: bytes) -> bool:
    """Return whether a group is still open at the end; the whole document is one."""
    if b"\\bin" in data:  # raw bytes, which may hold braces
        return not data.rstrip(b"\r\n\t \0").endswith(b"}")
    depth = 0
    for mark in re.finditer(rb"\\.|[{}]", data, re.DOTALL):
        depth += {b"{": 1, b"}": -1}.get(mark[0], 0)
    return depth > 0


def _code_page(found: re.Match[bytes] | None) -> str:
    name = f"cp{found[1].decode()}" if found is not None else "cp1252"
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
