"""Mail (.eml), saved pages (.mhtml) and mailboxes (mbox) -> raw records: a letter each, with one body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any

from qa.ingest.asked import Asked, Head
from qa.ingest.decoding import decode
from qa.ingest.htmltext import plain
from qa.ingest.limits import MOST_FEED_BYTES, MOST_PARTS, MOST_RECORD_BYTES
from qa.ingest.pages import read_html
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.reports import Skipped

_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]?(.*)")
_TELLING = frozenset({
    "from", "to", "subject", "date", "mimeversion", "messageid", "received", "returnpath", "contenttype",
    "deliveredto", "replyto", "xmailer", "snapshotcontentlocation",
})  # fmt: skip
_FEWEST_TELLING = 3  # headers, beside From or MIME-Version; a text may begin with "Date:" and "Source:"
_BEGINS = b"From "
_MOST_HEADER = 4000  # characters; the library's work on a header grows with the square of its length
_MOST_DEPTH = 30  # of parts within parts, as forwarded mails are; each line is compared with all open ones


class _TooDeep(Exception):
    """A part lies too deep within parts."""


class _Part(EmailMessage):
    """A part of a mail that knows how deep it lies, while the mail is read."""

    depth = 0

    def attach(self, payload: Any) -> None:
        payload.depth = self.depth + 1
        if payload.depth > _MOST_DEPTH:
            raise _TooDeep
        super().attach(payload)


if TYPE_CHECKING:
    _PartPolicy = EmailPolicy[_Part]
else:
    _PartPolicy = EmailPolicy  # takes no parameter when the program runs


class _Policy(_PartPolicy):
    """The library's policy for mail of today, with headers of a bounded length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MOST_HEADER]


_POLICY = _Policy(message_factory=_Part)


def is_letter(head: Head) -> bool:
    """Return whether an input begins with the headers of a mail."""
    if head.suffix in (".eml", ".mhtml", ".mht"):
        return True
    names: set[str] = set()
    for line in head.text[:8000].lstrip("\ufeff\r\n").split("\n"):
        if line[:1] in (" ", "\t") and names:
            continue
        found = _HEADER.match(line)
        if found is None:
            break
        names.add(found[1].lower().replace("-", ""))
    return len(names & _TELLING) >= _FEWEST_TELLING and bool(names & {"from", "mimeversion"})


def is_mailbox(head: Head) -> bool:
    """Return whether an input is a mailbox: "From " and an address, then headers."""
    first, _, rest = head.data.lstrip(b"\r\n").partition(b"\n")
    return first.startswith(_BEGINS) and len(first) < 300 and is_letter(Head(rest, ""))


def read_letter(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield one letter, or one saved page."""
    yield from _letter(stream.whole(MOST_RECORD_BYTES), asked.name, asked, is_last=True)


def read_mailbox(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield all letters of a mailbox."""
    letter: list[bytes] = []
    size = number = began = 0
    was_blank = True
    lines = stream.lines()
    while line := lines.readline(2**20):
        number += 1
        if was_blank and line.startswith(_BEGINS):
            if letter:
                yield from _letter(b"".join(letter), f"{asked.name}:{began}", asked)
            letter, size, began = [], 0, number
        elif size <= MOST_RECORD_BYTES:
            letter.append(line[1:] if line.startswith(b">From ") else line)
            size += len(line)
        was_blank = not line.strip()
    if letter:
        yield from _letter(b"".join(letter), f"{asked.name}:{began}", asked, is_last=True)


def _letter(data: bytes, where: str, asked: Asked, *, is_last: bool = False) -> Iterator[Raw | Skipped]:
    try:
        letter = message_from_bytes(data, policy=_POLICY)
        yield from _read(letter, where, asked)
        # Some senders never close their parts; of a whole mailbox only the end tells of a cut.
        if is_last and any(_is_open(part) for part in letter.walk()):
            yield Skipped(where, "The mail ends before its last part does; it may have been cut off.")
    except _TooDeep:
        yield Skipped(where, f"The mail is refused: its parts are nested more than {_MOST_DEPTH} deep.")
    except Exception as fault:  # the library trips over headers that break the rules
        yield Skipped(where, f"The mail cannot be read ({type(fault).__name__}).")


def _read(letter: EmailMessage, where: str, asked: Asked) -> Iterator[Raw | Skipped]:
    texts, pages = _bodies(letter)
    address = _header(letter, "Snapshot-Content-Location") or _header(letter, "Content-Location")
    sender = _header(letter, "From")
    if pages and (address or not sender or sender.startswith("<Saved by")):
        yield from read_html(pages[0], where, address or asked.url)
        return
    html_text = plain(pages[0]) if pages else ""
    text = texts[0] if texts else ""
    if not text and not html_text:
        yield Skipped(where, "The mail has no text.")
        return
    yield Raw(
        where,
        {
            "id": _header(letter, "Message-ID").strip("<> "),
            "title": _header(letter, "Subject"),
            # The same words twice, mostly; some senders put a mere "see the web" into one of the two.
            "text": text if 2 * len(text) > len(html_text) and not _is_markup(text) else html_text,
            "published": _header(letter, "Date"),
            "source": _sender(sender),
            "url": _header(letter, "Archived-At").strip("<> "),
            "tags": _header(letter, "Keywords"),
        },
    )


def _is_open(part: EmailMessage) -> bool:
    return any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects)


def _bodies(letter: EmailMessage) -> tuple[list[str], list[str]]:
    """Return plain texts and pages of a letter, in their order; attachments are left alone."""
    texts: list[str] = []
    pages: list[str] = []
    for number, part in enumerate(letter.walk()):
        if number >= MOST_PARTS:
            break
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or len(payload) > MOST_FEED_BYTES:
            continue
        (texts if kind == "text/plain" else pages).append(_decoded(payload, part))
    return texts, pages


def _decoded(payload: bytes, part: EmailMessage) -> str:
    declared = part.get_content_charset()
    try:
        return payload.decode(declared) if declared else decode(payload, declares=True)
    except (LookupError, UnicodeDecodeError):
        return decode(payload, declares=True)


def _header(letter: EmailMessage, name: str) -> str:
    value = letter.get(name)
    return " ".join(str(value).split())[:2000] if value is not None else ""


def _sender(value: str) -> str:
    """Return the name in "Elden Courier <news@courier.example>", or the host of its address."""
    name, address = next(iter(getaddresses([value])), ("", ""))
    return name.strip() or address.rpartition("@")[2]


def _is_markup(text: str) -> bool:
    return text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<body", "<table", "<div"))
