"""Bytes -> text: byte order mark, then UTF-8, then what the file declares, then what it looks like."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from qa.ingest.limits import MOST_RECORD_BYTES
from qa.ingest.streams import Stream

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*+=\s*+["']?\s*+([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
# As browsers read them: who declares Latin-1 means Windows-1252, and so on.
_MEANT = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
}  # fmt: skip
_CHUNK_BYTES = 2**18
_MOST_ACCENTED = 0.4  # share of letters beyond ASCII in Latin script; Cyrillic or Hangul has over 0.8
_FEWEST_TO_JUDGE = 20  # accented letters, from which on the detector is asked about Latin script
_SAMPLE_BYTES = 256 * 2**10  # charset-normalizer takes seconds over more, and learns nothing


def decode(data: bytes, *, declares: bool = False, fallback: str = "") -> str:
    """Decode a whole text. ``declares``: HTML and XML say their encoding near the beginning."""
    encoding = _marked(data)
    if encoding:
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        # One cut character at the very end does not make another encoding of it.
        if fault.start >= len(data) - 3 and fault.reason == "unexpected end of data":
            return data.decode("utf-8", "replace")
    if declares and (found := _DECLARED.search(data[:2048])):
        name = found[1].decode("ascii").lower()
        try:
            return data.decode(_MEANT.get(name, name))
        except (LookupError, UnicodeDecodeError):
            pass
    return data.decode(fallback if fallback else guess(data), "replace")


def guess(data: bytes) -> str:
    """Return the encoding that bytes which are not UTF-8 look like; Windows-1252 if nothing else is plain."""
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE_BYTES]
    accented = sum(byte >= 0x80 for byte in sample)
    letters = accented + sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    is_latin = accented < _MOST_ACCENTED * letters
    # Detectors need text: for "Köln" they say UTF-16, for a line of English with a £ Eastern Europe.
    if is_latin and accented < _FEWEST_TO_JUDGE and _fits(sample, "cp1252"):
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"


def decoded_lines(stream: Stream) -> Iterator[tuple[int, str | None]]:
    """Yield numbered lines with their ends; None for a line that is longer than a record may be."""
    encoding = _marked(stream.head)
    if encoding.startswith(("utf-16", "utf-32")):
        reader: io.BufferedReader | io.TextIOWrapper = io.TextIOWrapper(
            stream.lines(), encoding=encoding, errors="replace", newline="\n"
        )
    else:
        reader = stream.lines()
    fallback = ""
    number = 0
    while line := reader.readline(MOST_RECORD_BYTES):
        number += 1
        if len(line) >= MOST_RECORD_BYTES and line[-1:] not in (b"\n", "\n"):
            while (rest := reader.readline(MOST_RECORD_BYTES)) and rest[-1:] not in (b"\n", "\n"):
                pass
            yield number, None
            continue
        if isinstance(line, str):
            text = line
        else:
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                fallback = fallback if fallback else guess(stream.head if not _is_utf8(stream.head) else line)
                text = line.decode(fallback, "replace")
        yield number, text


def decoded_chunks(stream: Stream) -> Iterator[str]:
    """Yield the text in pieces of any length."""
    encoding = _marked(stream.head) or ("utf-8" if _is_utf8(stream.head) else guess(stream.head))
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while chunk := stream.read(_CHUNK_BYTES):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _marked(data: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(data: bytes) -> bool:
    return _fits(data[: max(len(data) - 3, 0)], "utf-8")
