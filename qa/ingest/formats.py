"""A source's bytes -> raw records: the format is told by the suffix, and by the content where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePath

from qa.ingest.decoding import decode
from qa.ingest.jsons import looks_like_jsonl, read_json, read_jsonl
from qa.ingest.limits import MOST_RECORD_BYTES
from qa.ingest.markup import read_feed, read_page
from qa.ingest.raw import Raw
from qa.ingest.scraped import read_text
from qa.ingest.sources import Source
from qa.ingest.streams import Stream, Unreadable
from qa.ingest.tables import read_csv, read_parquet
from qa.ingest.web import FeedFault
from qa.records import Skipped

_BINARY = (
    (b"%PDF", "a PDF document", "Save it as text or HTML."),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Unpack it or save it as text."),
    (b"\x89PNG", "a PNG image", ""),
    (b"\xff\xd8\xff", "a JPEG image", ""),
    (b"GIF8", "a GIF image", ""),
    (b"RIFF", "a sound, film or image", ""),
    (b"BZh", "a bzip2 archive", "Unpack it or use gzip."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it or use gzip."),
    (b"(\xb5/\xfd", "a Zstandard archive", "Unpack it or use gzip."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it."),
    (b"SQLite format 3", "an SQLite database", "Export it as CSV."),
    (b"\xd0\xcf\x11\xe0", "an old office document", "Save it as text."),
    (b"\x7fELF", "a program", ""),
    (b"ARROW1", "an Arrow file", "Save it as Parquet."),
    (b"{\\rtf", "an RTF document", "Save it as text."),
)
# Comments, declarations and the doctype, then the first tag. Possessive, or many comments take for ever.
_MARKUP_BEGINS = re.compile(
    r"\ufeff?\s*+(?:(?>(?:<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>))\s*+)*+<([a-z][\w:.-]*+)",
    re.IGNORECASE | re.DOTALL,
)
_FEED_ROOTS = ("rss", "feed", "rdf:rdf", "atom:feed")
_PAGE_ROOTS = (
    "html",
    "head",
    "body",
    "article",
    "div",
    "main",
    "section",
    "p",
    "h1",
    "meta",
    "title",
    "script",
)


def read_source(source: Source, mapping: Mapping[str, str], as_of: datetime) -> Iterator[Raw | Skipped]:
    """All records of a source; whatever is wrong with a file comes as Skipped.

    :raises FeedFault: an address cannot be fetched.
    """
    try:
        with source.open() as raw:
            yield from _read(Stream.opened(raw), source, mapping, as_of)
    except FeedFault:
        raise
    except Unreadable as fault:
        yield Skipped(source.name, _sentence(str(fault)))
    except OSError as fault:
        yield Skipped(source.name, _sentence(f"cannot be read ({fault.strerror or fault})"))


def _read(
    stream: Stream, source: Source, mapping: Mapping[str, str], as_of: datetime
) -> Iterator[Raw | Skipped]:
    head, name = stream.head, source.name
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        yield Skipped(name, "The file is empty.")
        return
    format_ = tell_format(head, source.suffix)
    if format_ == "jsonl":
        yield from read_jsonl(stream, name)
    elif format_ == "json":
        yield from read_json(stream, name)
    elif format_ == "csv":
        yield from read_csv(stream, name, mapping, "\t" if source.suffix in (".tsv", ".tab") else "")
    elif format_ == "parquet":
        yield from read_parquet(stream, name, mapping)
    elif format_ == "page":
        yield from read_page(stream, name, source.url)
    elif format_ == "feed":
        yield from read_feed(stream, name, source.url)
    elif format_ == "text":
        text = decode(stream.whole(MOST_RECORD_BYTES))
        yield Raw(f"{name}:1", read_text(text, name=_as_title(source), as_of=as_of), url=source.url)
    else:
        yield Skipped(name, format_)


def tell_format(head: bytes, suffix: str) -> str:
    """ "jsonl", "json", "csv", "parquet", "page", "feed" or "text"; else why it is none of them."""
    if head.startswith(b"PAR1"):
        return "parquet"
    for mark, what, cure in _BINARY:
        if head.startswith(mark):
            return f"This is {what}, not text. {cure}".rstrip()
    if not head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) and b"\x00" in head[:4096]:
        return "This is a binary file, not text."
    if suffix in (".parquet", ".pq"):
        return "This is no Parquet file, whatever its name says."
    text = decode(head, declares=True)
    if suffix in (".csv", ".tsv", ".tab"):
        return "csv"
    if found := _MARKUP_BEGINS.match(text):
        root = found[1].lower()
        if root in _FEED_ROOTS:
            return "feed"
        if (
            root in _PAGE_ROOTS
            or suffix in (".html", ".htm", ".xhtml")
            or "<!doctype html" in text[:500].lower()
        ):
            return "page"
        if suffix in (".xml", ".rss", ".atom") or text.lstrip("\ufeff \r\n\t").startswith("<?xml"):
            return f"This is XML of an unknown kind (<{found[1]}>); RSS, Atom and HTML are read."
    if suffix in (".html", ".htm", ".xhtml"):
        return "page"
    if suffix in (".xml", ".rss", ".atom", ".rdf"):
        return "feed" if "<" in text else "This is no XML, whatever its name says."
    if suffix in (".jsonl", ".ndjson") or (suffix not in (".txt", ".text") and looks_like_jsonl(head)):
        return "jsonl"
    if suffix == ".json" or re.match(r'\s*(?:\[\s*)?\{\s*"', text.lstrip("\ufeff")):
        return "jsonl" if looks_like_jsonl(head) else "json"
    if suffix not in (".txt", ".text", ".md", ".log") and _looks_like_table(text):
        return "csv"
    return "text"


def _looks_like_table(text: str) -> bool:
    """Whether the first line names columns of an article."""
    from qa.ingest.fields import field_named

    first, _, rest = text.lstrip("\ufeff").partition("\n")
    if len(first) > 1000 or not rest.strip():
        return False
    return any(
        sum(field_named(cell.strip(' "\r')) is not None for cell in first.split(mark)) >= 2
        for mark in ",\t;|"
    )


def _as_title(source: Source) -> str:
    """A file's name in words; nothing for standard input and pages."""
    if not source.can_be_read_twice:
        return ""
    stem = PurePath(source.name).name.removesuffix(".gz").rsplit(".", 1)[0]
    return re.sub(r"[-_+\s]+", " ", stem).strip()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
