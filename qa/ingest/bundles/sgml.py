"""SGML of news collections (Reuters-21578, TREC) -> raw records: flat tags, one element for each article."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from qa.ingest.asked import Asked, Head
from qa.ingest.decoding import decode
from qa.ingest.limits import MOST_RECORD_BYTES
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.reports import Skipped

_BEGINS = re.compile(r"<(REUTERS|DOC)(?=[\s>])[^<>]{0,1000}>", re.IGNORECASE)
_CLOSING_LINE = re.compile(r"\n[ \t]{0,9}reuters?\s{0,20}$", re.IGNORECASE)
_TEXT_TAGS = ("body", "text", "lp", "leadpara")
_TITLE_TAGS = ("title", "headline", "head", "hl", "ti", "h3")
_DATE_TAGS = ("date", "date_time", "datetime", "dd", "pubdate")
_ID_TAGS = ("docno", "docid")


def fits(head: Head) -> bool:
    """Return whether a file begins with an element of such a collection."""
    return head.root == "reuters" or head.root == "doc" and "<DOCNO>" in head.text[:4000].upper()


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield every article; brief ones without a body have their headline for a text."""
    text = decode(stream.whole(MOST_RECORD_BYTES))
    lower = text.lower()
    if len(lower) != len(text):  # "\u0130" is longer in lower case, which would shift the places
        lower = text
    at = line = found = 0
    while begin := _BEGINS.search(text, at):
        end = lower.find(f"</{begin[1].lower()}>", begin.end())
        line += text.count("\n", at, begin.start())
        where = f"{asked.name}:{line + 1}"
        found += 1
        if end < 0:
            yield Skipped(where, f"The file ends inside this <{begin[1]}>.")
            return
        yield Raw(where, _fields(begin, text[begin.end() : end]))
        line += text.count("\n", begin.start(), end)
        at = end
    if not found:
        yield Skipped(asked.name, "No article was found in the SGML.")


def _fields(begin: re.Match[str], element: str) -> dict[str, object]:
    title = _first(element, _TITLE_TAGS)
    dateline = _first(element, ("dateline",))
    body = _first(element, _TEXT_TAGS) if "<body" in element.lower() else _inner(element)
    if (closing := _CLOSING_LINE.search(body, max(0, len(body) - 60))) is not None:
        body = body[: closing.start()]
    own = re.search(r"\bNEWID\s*=\s*[\"']?(\w{1,40})", begin[0], re.IGNORECASE)
    is_reuters = begin[1].upper() == "REUTERS"
    text = _paragraphs(body)
    if is_reuters and not title and "<body" not in element.lower():  # TYPE="UNPROC": lines as they came
        title, _, rest = body.strip(" \n\t*").partition("\n")
        text = _paragraphs(rest)
    return {
        "id": own[1] if own else _first(element, _ID_TAGS),
        "title": title,
        "text": text or title,
        "published": _first(element, _DATE_TAGS) or _day_in_id(_first(element, _ID_TAGS)),
        "source": "Reuters" if is_reuters else _first(element, ("source", "so")),
        "authors": re.sub(
            r"^by\s+|,\s*(?:reuters\s*)?$",
            "",
            _first(element, ("author", "byline")).strip(),
            flags=re.IGNORECASE,
        ),
        "tags": re.findall(r"<D>([^<]{1,80})</D>", _raw(element, "topics"), re.IGNORECASE),
        "dateline": dateline,
    }


def _raw(element: str, tag: str) -> str:
    """Return what stands between a tag and its end tag, or the next tag where it has none; "" without it."""
    begin = re.search(rf"<{tag}(?=[\s>])[^<>]{{0,300}}>", element, re.IGNORECASE)
    if begin is None:
        return ""
    end = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(element, begin.end())
    return element[begin.end() : end.start() if end else None]


def _first(element: str, tags: tuple[str, ...]) -> str:
    return next((text for tag in tags if (text := _plain(_raw(element, tag)))), "")


def _inner(element: str) -> str:
    """Return the text of an element without a body of its own: what is left when the named parts are out."""
    text = _raw(element, "text")
    for tag in (*_TITLE_TAGS, "dateline", "author", "byline"):
        if inner := _raw(text, tag):
            text = text.replace(inner, "", 1)
    return _plain(text)


def _plain(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f]", "", html.unescape(re.sub(r"<[^<>]{0,300}>", " ", text))).strip()


def _paragraphs(text: str) -> str:
    """Join lines that were broken at a width; an indented line, or an empty one above, begins a paragraph."""
    paragraphs = re.split(r"\n(?:[ \t]{3,}|[ \t]*\n\s*)", text)
    return "\n\n".join(" ".join(part.split()) for part in paragraphs if part.strip())


def _day_in_id(number: str) -> str:
    """Return the day in AP880212-0001 or LA010189-0001; only of the first the century is known."""
    found = re.match(r"(?:AP|WSJ)(\d\d)(\d\d)(\d\d)-", number)
    return f"19{found[1]}-{found[2]}-{found[3]}" if found else ""
