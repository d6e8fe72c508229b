"""Grammars of the forms that articles come in: a seed -> a file, mostly sound and here and there broken.

Binary forms are made whole by the libraries that write them, once, and then broken: below (bits, cuts, pieces
moved) and, where a form is a packed folder, inside of it, so that the breaks reach the readers behind.
"""

from __future__ import annotations

import functools
import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as pa
from pyarrow import parquet

TEXT = "The lamp fell into the sea on Monday and nobody was hurt, the harbour master said."
_WORDS = (
    "lamp", "harbour", "Monday", "3,400", "Kim Jong Un", "2023-07-25", "café", "…", "“", "\u202e", "\x1b[31m",
    "&amp;", "<b>", "😀", "=1+1", "  ", "\u0301" * 40, "a" * 300,
)  # fmt: skip
_DATES = (
    "2023-07-25", "25 Jul 2023 10:00 +9999", "GMT+99", "0000-00-00", "9" * 30, "now",
    "Tue, 25 Jul 2023 10:00:00 GMT", "", "2023-02-30T25:61:61Z", "1e308", "-1", "١٢", "20230725",
)  # fmt: skip
_TAGS = (
    "title", "link", "description", "pubDate", "guid", "category", "author", "dc:creator", "content:encoded",
    "source", "updated", "entry", "item", "summary", "media:title", "x:y",
)  # fmt: skip
_NAMES = (
    "id", "title", "headline", "text", "body", "date", "published", "url", "authors", "tags", "source", "x",
    "", "TEXT ", "a.b",
)  # fmt: skip
_PROLOGS = (
    "", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="latin-1"?>', "<!-- x -->", "<!DOCTYPE rss>",
    '<?xml version="1.0" encoding="x-odd"?>', '<?xml version="1.0" encoding="utf-16"?>',
    '<!DOCTYPE rss [<!ENTITY a "b">]>',
)  # fmt: skip


def feed(chance: random.Random) -> bytes:
    """Return RSS or Atom whose items keep the grammar of tags, and sometimes do not."""
    root = chance.choice(("rss", "feed", "rdf:RDF", "rss"))
    prolog = chance.choice(_PROLOGS)
    items = "".join(_element(chance, chance.choice(("item", "entry")), 0) for _ in range(chance.randrange(5)))
    head = f"<title>{_words(chance, 3)}</title>"
    text = f"{prolog}<{root}><channel>{head}{items}</channel></{root}>"
    return _broken(text.encode(chance.choice(("utf-8", "utf-8", "latin-1", "utf-16")), "replace"), chance)


def _element(chance: random.Random, name: str, depth: int) -> str:
    if name in ("item", "entry") and depth < 3:
        inner = "".join(_element(chance, chance.choice(_TAGS), depth + 1) for _ in range(chance.randrange(9)))
    elif name in ("pubDate", "updated"):
        inner = chance.choice(_DATES)
    else:
        inner = chance.choice(
            (
                _words(chance, 12),
                f"<![CDATA[<p>{_words(chance, 20)}</p>]]>",
                f"&#{chance.choice((5, 55555, 1114112, 65))};",
                TEXT,
            )
        )
    if chance.random() < 0.05:
        return f"<{name}>{inner}"  # never closed
    return f"<{name}>{inner}</{name}>"


def records(chance: random.Random) -> bytes:
    """Return JSON lines of records: usual names, unusual values."""
    lines = []
    for _ in range(chance.randrange(1, 6)):
        names = chance.sample(_NAMES, chance.randrange(1, 7))
        lines.append(
            json.dumps({name: _value(chance, name, 0) for name in names}, ensure_ascii=chance.random() < 0.5)
        )
    return _broken(
        chance.choice(("\n", "\n\n", "\r\n", ",")).join(lines).encode("utf-8", "surrogatepass"), chance
    )


def _value(chance: random.Random, name: str, depth: int) -> object:
    kind = chance.random()
    if kind < 0.5:
        return chance.choice(_DATES) if name in ("date", "published") else f"{TEXT} {_words(chance, 8)}"
    if kind < 0.7 or depth > 3:
        return chance.choice((None, True, 0, -1, 10**18, 1e300, "", "\x00", chance.choice(_DATES)))
    if kind < 0.85:
        return [_value(chance, name, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(_NAMES): _value(chance, name, depth + 1) for _ in range(chance.randrange(4))}


def table(chance: random.Random) -> bytes:
    """Return CSV with quotes, separators and line ends that do not always agree."""
    separator = chance.choice((",", ";", "\t", "|"))
    rows = [["title", "text", *chance.sample(_NAMES, chance.randrange(5))]]
    for _ in range(chance.randrange(1, 6)):
        odd = [chance.choice((_words(chance, 4), *_DATES, 'a"b', "a\nb")) for _ in rows[0][2:]]
        rows.append([_words(chance, 3), f"{TEXT} {_words(chance, 3)}", *odd])
    doubled = chance.random() < 0.8  # quotes inside cells are doubled, as CSV requires
    cells = ((cell.replace('"', '""') if doubled else cell for cell in row) for row in rows)
    quoted = [separator.join(f'"{cell}"' for cell in row) for row in cells]
    return _broken(chance.choice(("\n", "\r\n", "\r")).join(quoted).encode("utf-8", "surrogatepass"), chance)


def rich_text(chance: random.Random) -> bytes:
    """Return RTF: groups, control words, references to characters."""
    words = (
        "\\par ",
        "\\b ",
        "\\u233?",
        "\\'e9",
        "\\u-1?",
        "\\bin9 ",
        "{\\*\\x ",
        "{",
        "}",
        "\\fonttbl",
        "\\uc99 ",
        _words(chance, 3),
    )
    body = "".join(chance.choice(words) for _ in range(chance.randrange(60)))
    return _broken(f"{{\\rtf1\\ansi {TEXT}\\par {body}}}".encode("latin-1", "replace"), chance)


def printed(chance: random.Random) -> bytes:
    """Return a PDF of a page or two, its numbers now and then others."""
    return _broken(_numbers_changed(_pdf(chance.randrange(1, 3)), chance), chance)


def word(chance: random.Random) -> bytes:
    return _zip_changed(_docx(), chance)


def open_document(chance: random.Random) -> bytes:
    return _zip_changed(_odt(), chance)


def packed(chance: random.Random) -> bytes:
    """Return ZIP or TAR of a feed, records and a table, under names that want to leave the folder."""
    inner = {
        "a.xml": feed(chance),
        "b.jsonl": records(chance),
        "../c.csv": table(chance),
        "d/e.txt": TEXT.encode(),
    }
    if chance.random() < 0.3:
        return _broken(_tar(inner), chance)
    return _broken(_zip(inner, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))), chance)


def web_archive(chance: random.Random) -> bytes:
    """Return a WARC of one page, packed or not."""
    body = f"<p>{TEXT}</p>" * 4
    page = (
        f"<html><head><title>{_words(chance, 3)}</title></head><body><article>{body}</article></body></html>"
    )
    reply = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}".encode("utf-8", "replace")
    length = chance.choice((len(reply), len(reply), len(reply), 0, 10**9, -1))
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/a\r\n"
        f"WARC-Date: {chance.choice(('2023-07-25T10:00:00Z', *_DATES))}\r\n"
        f"Content-Type: application/http\r\nContent-Length: {length}\r\n\r\n"
    )
    raw = _broken(head.encode("utf-8", "replace") + reply + b"\r\n\r\n", chance)
    return _broken(gzip.compress(raw), chance) if chance.random() < 0.5 else raw


def columns(chance: random.Random) -> bytes:
    """Return Parquet of a small table."""
    return _broken(_parquet(chance.choice(("none", "snappy", "zstd"))), chance, share=0.9)


FORMS: dict[str, tuple[str, Callable[[random.Random], bytes]]] = {
    "feed": ("a.xml", feed),
    "records": ("a.jsonl", records),
    "table": ("a.csv", table),
    "rtf": ("a.rtf", rich_text),
    "pdf": ("a.pdf", printed),
    "docx": ("a.docx", word),
    "odt": ("a.odt", open_document),
    "archive": ("a.zip", packed),
    "warc": ("a.warc", web_archive),
    "parquet": ("a.parquet", columns),
}  # name of a form -> name of its file, and the function that makes the content
BINARY = ("rtf", "pdf", "docx", "odt", "archive", "warc", "parquet")


def _words(chance: random.Random, many: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(chance.randrange(many)))


def _broken(content: bytes, chance: random.Random, share: float = 0.5) -> bytes:
    """Break this share of cases: bits flipped, cut off, or with a piece moved or repeated."""
    raw = bytearray(content)
    if not raw or chance.random() > share:
        return bytes(raw)
    kind = chance.randrange(4)
    at, size = chance.randrange(len(raw)), chance.randrange(1, 64)
    if kind == 0:
        for _ in range(chance.randrange(1, 6)):
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del raw[at:]
    elif kind == 2:
        del raw[at : at + size]
    else:
        raw[at:at] = raw[at : at + size] * chance.choice((1, 2, 50))
    return bytes(raw)


def _numbers_changed(content: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return content
    places = [at for at, byte in enumerate(content) if 48 <= byte <= 57]
    raw = bytearray(content)
    for at in chance.sample(places, 3):
        raw[at] = 48 + chance.randrange(10)
    return bytes(raw)


def _zip_changed(content: bytes, chance: random.Random) -> bytes:
    """Return a packed folder with one of its files broken inside, or broken as a whole."""
    if chance.random() < 0.3:
        return _broken(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        inner = {name: whole.read(name) for name in whole.namelist()}
    name = chance.choice([name for name in inner if name.endswith(".xml")])
    inner[name] = _broken(inner[name], chance, share=1.0)
    return _zip(inner, zipfile.ZIP_DEFLATED)


def _zip(inner: dict[str, bytes], how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as target:
        for name, body in inner.items():
            target.writestr(name, body)
    return out.getvalue()


def _tar(inner: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as target:
        for name, body in inner.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            target.addfile(entry, io.BytesIO(body))
    return out.getvalue()


@functools.cache
def _docx() -> bytes:
    import docx

    document, out = docx.Document(), io.BytesIO()
    document.add_heading("The lamp of the pier", 0)
    for _ in range(3):
        document.add_paragraph(TEXT)
    document.add_table(2, 2).cell(0, 0).text = "3,400"
    document.save(out)
    return out.getvalue()


@functools.cache
def _odt() -> bytes:
    from odf.opendocument import OpenDocumentText
    from odf.text import H, P

    document, out = OpenDocumentText(), io.BytesIO()
    document.text.addElement(H(outlinelevel=1, text="The lamp of the pier"))
    for _ in range(3):
        document.text.addElement(P(text=TEXT))
    document.save(out)
    return out.getvalue()


@functools.cache
def _parquet(packing: str) -> bytes:
    columns = {
        "title": ["Lamp", "Pier"],
        "text": [TEXT, f"{TEXT} Again."],
        "published": pa.array([datetime(2023, 7, 25, tzinfo=UTC), None], pa.timestamp("us", tz="UTC")),
        "tags": [["a"], ["b", "c"]],
    }
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out, compression=packing)
    return out.getvalue()


@functools.cache
def _pdf(pages: int) -> bytes:
    """Write a PDF by hand, as no library that the product needs writes any."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number in range(pages):
        stream = f"BT /F1 9 Tf 40 780 Td ({TEXT}) Tj 0 -14 Td ({TEXT}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 842] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    lines = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{lines}{trailer}").encode("latin-1")
