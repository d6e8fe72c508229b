"""A source's bytes -> raw records, by one table of formats: a new format is an entry here and a module."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from qa.ingest import feeds, pages
from qa.ingest.apart import is_apart, read_apart
from qa.ingest.asked import Asked, Head
from qa.ingest.bundles import archives, letters, newsml, sgml, warcs, wordpress
from qa.ingest.bundles.exports import articles_of
from qa.ingest.decoding import decode
from qa.ingest.documents import portable, richtext
from qa.ingest.fields import field_named
from qa.ingest.guard import guarded
from qa.ingest.jsons import looks_like_jsonl, read_json, read_jsonl
from qa.ingest.limits import MOST_RECORD_BYTES
from qa.ingest.raw import Raw
from qa.ingest.scraped import read_text
from qa.ingest.sources import Source
from qa.ingest.streams import Stream, Unreadable
from qa.ingest.tables import read_csv, read_parquet
from qa.ingest.web import FeedFault
from qa.ingest.zips import read_zip
from qa.reports import Skipped

Items = Iterator[Raw | Skipped]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of input: how its beginning shows it, and who reads it."""

    name: str
    fits: Callable[[Head], bool]
    read: Callable[[Stream, Asked], Items]
    # Its library reads bytes that anybody may have made; it runs in a process of its own, whose end by
    # time, memory or a crash is a line.
    is_apart: bool = False


def read_source(source: Source, mapping: Mapping[str, str], as_of: datetime) -> Items:
    """Yield all records of a source; whatever is wrong with a file comes as Skipped.

    :raises FeedFault: an address cannot be fetched.
    """
    asked = Asked(source.name, as_of, source.suffix, source.url, mapping, source.can_be_read_twice)
    try:
        with source.open() as raw:
            yield from guarded(read_stream(Stream.opened(raw), asked), source.name)
    except FeedFault:
        raise
    except Unreadable as fault:
        yield Skipped(source.name, _sentence(str(fault)))
    except OSError as fault:
        yield Skipped(source.name, _sentence(f"cannot be read ({fault.strerror or fault})"))


def read_stream(stream: Stream, asked: Asked) -> Items:
    """Yield all records of a stream, by the first format that it fits."""
    if not stream.head.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        yield Skipped(asked.name, "The file is empty.")
        return
    head = Head(stream.head, asked.suffix)
    format_ = recognised_format(head)
    if isinstance(format_, str):
        yield Skipped(asked.name, format_)
    elif format_.is_apart and not is_apart():
        yield from read_apart(stream, asked)
    else:
        yield from format_.read(stream, asked)


def recognised_format(head: Head) -> Format | str:
    """Return the format of an input, or the sentence that says why it has none."""
    for format_ in FORMATS[:_BINARY_FORMATS]:
        if format_.fits(head):
            return format_
    if (refusal := _refused(head)) is not None:
        return refusal
    return next(format_ for format_ in FORMATS[_BINARY_FORMATS:] if format_.fits(head))


def _refused(head: Head) -> str | None:
    """Return why an input is not read, if its beginning shows that."""
    for mark, what, cure in _NOT_READ:
        if head.data.startswith(mark):
            return f"This is {what}, not text. {cure}".rstrip()
    if head.is_binary:
        return "This is a binary file, not text."
    if head.suffix in (".parquet", ".pq"):
        return "This is no Parquet file, whatever its name says."
    if head.suffix in _TABLES or letters.is_letter(head) or letters.is_mailbox(head):
        return None
    is_known = any(form.fits(head) for form in (*_XML, _PAGE, _FEED))
    if head.root and not is_known and (head.suffix in _XML_SUFFIXES or _is_xml(head)):
        return f"This is XML of an unknown kind (<{head.root}>); RSS, Atom, NewsML, NITF and HTML are read."
    if not head.root and head.suffix in _XML_SUFFIXES and not is_known:
        return "This is no XML, whatever its name says."
    return None


def _is_xml(head: Head) -> bool:
    return head.text.lstrip("\ufeff \r\n\t").startswith("<?xml")


def _read_text(stream: Stream, asked: Asked) -> Items:
    text = decode(stream.whole(MOST_RECORD_BYTES))
    bundle = articles_of(text, asked.name)
    if bundle is not None:
        yield from bundle
        return
    fields = read_text(text, name=asked.title, as_of=asked.as_of)
    yield Raw(f"{asked.name}:1", fields, url=asked.url, path=asked.path)


def _is_json(head: Head) -> bool:
    return head.suffix == ".json" or bool(re.match(r'\s*(?:\[\s*)?\{\s*"', head.text.lstrip("\ufeff")[:9000]))


def _is_jsonl(head: Head) -> bool:
    if head.suffix in (".jsonl", ".ndjson"):
        return True
    return head.suffix not in _TEXTS and looks_like_jsonl(head.data)


def _is_table(head: Head) -> bool:
    """Return whether the name says so, or the first line names columns of an article."""
    if head.suffix in _TABLES:
        return True
    first, _, rest = head.text.lstrip("\ufeff").partition("\n")
    if head.suffix in (*_TEXTS, ".md", ".log") or len(first) > 1000 or not rest.strip():
        return False
    return any(
        sum(field_named(cell.strip(' "\r')) is not None for cell in first.split(mark)) >= 2
        for mark in ",\t;|"
    )


def _read_csv(stream: Stream, asked: Asked) -> Items:
    return read_csv(stream, asked.name, asked.mapping, "\t" if asked.suffix in (".tsv", ".tab") else "")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


_TEXTS = (".txt", ".text")
_TABLES = (".csv", ".tsv", ".tab")
_XML_SUFFIXES = (".xml", ".rss", ".atom", ".rdf")
_XML = (
    Format("wordpress", wordpress.fits, wordpress.read),
    Format("newsml", newsml.fits, newsml.read),
    Format("sgml", sgml.fits, sgml.read),
)
_FEED = Format("feed", feeds.fits, feeds.read)
_PAGE = Format("page", lambda head: not _FEED.fits(head) and pages.fits(head), pages.read)
# In the order in which they are asked.
FORMATS = (
    Format("parquet", lambda head: head.data.startswith(b"PAR1"),
           lambda stream, asked: read_parquet(stream, asked.name, asked.mapping), is_apart=True),
    Format("zip", archives.is_zip, lambda stream, asked: read_zip(stream, asked, read_stream), is_apart=True),
    Format("tar", archives.is_tar,
           lambda stream, asked: archives.read_tar(stream, asked, read_stream), is_apart=True),
    Format("pdf", lambda head: head.data.startswith(b"%PDF"), portable.read, is_apart=True),
    Format("rtf", lambda head: head.data.startswith(b"{\\rtf"), richtext.read, is_apart=True),
    Format("warc", warcs.fits, warcs.read),
    Format("table", lambda head: head.suffix in _TABLES, _read_csv),
    Format("mbox", letters.is_mailbox, letters.read_mailbox),
    Format("mail", letters.is_letter, letters.read_letter),
    *_XML,
    _FEED,
    _PAGE,
    Format("jsonl", lambda head: _is_jsonl(head),
           lambda stream, asked: read_jsonl(stream, asked.name)),
    Format("json", lambda head: _is_json(head) and not looks_like_jsonl(head.data),
           lambda stream, asked: read_json(stream, asked.name, asked.path)),
    Format("json lines by content", _is_json, lambda stream, asked: read_jsonl(stream, asked.name)),
    Format("table by content", _is_table, _read_csv),
    Format("text", lambda head: True, _read_text),
)  # fmt: skip
_BINARY_FORMATS = 6
_NOT_READ = (
    (b"\x89PNG", "a PNG image", ""),
    (b"\xff\xd8\xff", "a JPEG image", ""),
    (b"GIF8", "a GIF image", ""),
    (b"RIFF", "a sound, film or image", ""),
    (b"BZh", "a bzip2 archive", "Unpack it or use gzip."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it or use gzip."),
    (b"(\xb5/\xfd", "a Zstandard archive", "Unpack it or use gzip."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it."),
    (b"Rar!", "a RAR archive", "Unpack it."),
    (b"SQLite format 3", "an SQLite database", "Export it as CSV."),
    (b"\xd0\xcf\x11\xe0", "an old office document", "Save it as text."),
    (b"\x7fELF", "a program", ""),
    (b"ARROW1", "an Arrow file", "Save it as Parquet."),
)
