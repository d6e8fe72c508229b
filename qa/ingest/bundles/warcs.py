"""WARC files (CC-News and other crawls) -> a raw record for each page that was fetched well."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator

from qa.ingest.asked import Asked, Head
from qa.ingest.decoding import decode
from qa.ingest.limits import MOST_FEED_BYTES
from qa.ingest.pages import read_html
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream, Unreadable
from qa.reports import Skipped

_PAGES = ("text/html", "application/xhtml+xml")


def fits(head: Head) -> bool:
    """Return whether an input begins with the line of a WARC record."""
    return head.data.startswith((b"WARC/1.", b"WARC/0."))


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield the pages with an article; report once how many records are no page or were not found."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    logging.getLogger("warcio").addHandler(logging.NullHandler())  # it logs addresses as they stand
    logging.getLogger("warcio").propagate = False

    class Quiet(ArchiveIterator):  # type: ignore[misc]  # it has no types
        """Writes no piece of a stranger's text on standard error."""

        INC_RECORD = ""

    records = Quiet(stream)
    left_out: Counter[str] = Counter()
    number, is_cut = 0, False
    try:
        for number, record in enumerate(records, 1):
            if record.rec_type != "response":
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            http = record.http_headers
            kind = ((http.get_header("Content-Type") if http else "") or "").split(";")[0].strip().lower()
            if http is None or http.get_statuscode() != "200" or kind not in _PAGES:
                left_out["answers that are no pages"] += 1
                continue
            data = record.content_stream().read(MOST_FEED_BYTES + 1)
            where = f"{asked.name}:{number}"
            is_cut = getattr(record.raw_stream, "limit", 0) > 0 and not record.raw_stream.read(1)
            if len(data) > MOST_FEED_BYTES:
                yield Skipped(where, f"The page is larger than {MOST_FEED_BYTES // 2**20} MB.")
                continue
            pages = list(read_html(_decoded(data, http.get_header("Content-Type") or ""), where, url))
            if all(isinstance(page, Skipped) for page in pages):
                left_out["pages without an article"] += 1
                continue
            yield from pages
    except (ArchiveLoadFailed, ValueError, EOFError) as fault:
        why = " ".join(str(fault).split())[:120]
        raise Unreadable(
            f"the WARC is damaged behind record {number:,} ({why if why else type(fault).__name__})"
        ) from None
    if records.err_count:
        left_out["records that are longer than they say"] += records.err_count
    if is_cut:
        yield Skipped(f"{asked.name}:{number}", "The WARC ends inside this record; it was cut off.")
    if not number:
        yield Skipped(asked.name, "The WARC holds no record.")
    elif left_out:
        many = ", ".join(f"{count:,} {what}" for what, count in left_out.items())
        yield Skipped(asked.name, f"Left out: {many}.")


def _decoded(data: bytes, kind: str) -> str:
    charset = kind.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    if charset and charset not in ("utf-8", "utf8", "iso-8859-1"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, declares=True)
