"""PDF with text -> its text; lines are joined to paragraphs, page numbers and running heads go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from qa.ingest.asked import Asked
from qa.ingest.documents.reading import Document, needed, read_document
from qa.ingest.limits import MOST_TEXT_CHARACTERS
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream, Unreadable
from qa.reports import Skipped

_MOST_PAGES = 5000
_FEWEST_PAGES = 3  # from which on a line at the edge of most of them is a running head
_PAGE_NUMBER = re.compile(r"(?:page )?\d{1,5}(?: ?(?:of|/) ?\d{1,5})?", re.IGNORECASE)
_DIVIDER = re.compile(r"End of Document|(?:Document )?\d{1,6} of \d{1,6} DOCUMENTS?", re.IGNORECASE)
# Lines of a database's export that never go on from the line above.
_LABEL = re.compile(
    r"(?:Load-Date|Section|Length|Byline|Body|Highlight|Graphic|Dateline|Language|Publication-Type"
    r"|Classification|Subject|Copyright)(?::|$)"
)
_ENDS = re.compile(r"[.!?:…]['\"”’)]{0,2}$")


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Return the articles of a PDF."""
    return read_document(stream, asked, "PDF document", _parse)


def _parse(file: BinaryIO) -> Document:
    pypdf = needed("pypdf", "a PDF document")
    reader = pypdf.PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("the PDF document is encrypted; save it without a password")
    pages: list[list[str]] = []
    size = 0
    for number, page in enumerate(reader.pages):
        if number >= _MOST_PAGES or size > MOST_TEXT_CHARACTERS:
            raise Unreadable(f"the PDF document has more than {_MOST_PAGES} pages, or too much text")
        text = page.extract_text() or ""
        size += len(text)
        pages.append([line.strip() for line in text.strip().split("\n")])
    facts = reader.metadata
    title = str(facts.title or "") if facts is not None else ""
    return Document(_joined(_without_heads(pages)), title)


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Drop lines that stand at the top or bottom of most pages, and page numbers there.

    In a bundle a page of each article may open with the paper's name, and end with what parts the articles.
    """
    edges = Counter(line for page in pages for line in {*page[:2], *page[-2:]} if line)
    running = {
        line
        for line, many in edges.items()
        if len(pages) >= _FEWEST_PAGES and many > len(pages) / 2 and not _DIVIDER.fullmatch(line)
    }
    kept = []
    is_parted = any(_DIVIDER.fullmatch(line) for page in pages for line in page)
    opens = is_parted
    for page in pages:
        lines = list(page)
        for at in (0, -1):
            heads: set[str] = set() if opens and at == 0 else running
            for _ in range(2):
                if lines and (lines[at] in heads or _PAGE_NUMBER.fullmatch(lines[at])):
                    lines.pop(at)
        opens = is_parted and any(_DIVIDER.fullmatch(line) for line in page[-3:])
        kept.append(lines)
    return kept


def _joined(pages: list[list[str]]) -> str:
    """Join lines to paragraphs: one that is nearly full and does not end a sentence goes on in the next."""
    lines = [line for page in pages for line in page]
    full = sorted(len(line) for line in lines if line)
    width = full[-1 - len(full) // 50] if full else 0  # of nearly all lines; one may stand out
    pieces: list[str] = []
    goes_on = False
    for line in lines:
        if not line:
            goes_on = goes_on and bool(pieces) and not _ENDS.search(pieces[-1])
            continue
        goes_on = goes_on and not _DIVIDER.fullmatch(line) and not _LABEL.match(line)
        if goes_on and pieces[-1].endswith("-") and line[:1].islower():
            pieces[-1] = pieces[-1][:-1] + line
        elif goes_on:
            pieces[-1] += f" {line}"
        else:
            pieces.append(line)
        goes_on = width >= 40 and len(line) >= 0.75 * width
    return "\n\n".join(pieces)
