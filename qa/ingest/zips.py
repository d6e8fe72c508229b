"""A file that begins as a ZIP -> its records: an office document, or an archive of files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from qa.ingest.asked import Asked
from qa.ingest.bundles import archives
from qa.ingest.documents import opendocument, word
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream, Unreadable
from qa.reports import Skipped

_NOT_READ = (
    ("xl/workbook.xml", "a spreadsheet", "Save it as CSV."),
    ("ppt/presentation.xml", "a presentation", "Save it as text."),
    ("META-INF/container.xml", "an e-book", "Save it as HTML or text."),
)
_OPENDOCUMENT = b"application/vnd.oasis.opendocument."


def read_zip(stream: Stream, asked: Asked, read: archives.Reader) -> Iterator[Raw | Skipped]:
    """Yield the articles of a Word document, an OpenDocument text, or of all files of an archive."""
    with stream.as_file() as file:
        try:
            with zipfile.ZipFile(file) as archive:
                names = set(archive.namelist())
                kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as fault:
            raise Unreadable(f"the ZIP is damaged ({str(fault)[:100]})") from None
        file.seek(0)
        again = Stream.opened(file)
        if "word/document.xml" in names:
            yield from word.read(again, asked)
        elif kind.startswith(_OPENDOCUMENT + b"text"):
            yield from opendocument.read(again, asked)
        elif kind.startswith(_OPENDOCUMENT):
            yield Skipped(asked.name, "This is an OpenDocument file, but no text. Save it as CSV or text.")
        else:
            for name, what, cure in _NOT_READ:
                if name in names:
                    yield Skipped(asked.name, f"This is {what}, not text. {cure}")
                    return
            yield from archives.read_zip(again, asked, read)
