"""Nexis' text exports, old ("2 of 10 DOCUMENTS") and new ("End of Document") -> fields of articles."""

from __future__ import annotations

import re

from qa.ingest.bundles.labelled import labelled, numbered_blocks

_OLD_DIVIDER = re.compile(r"^[ \t]*\d{1,6} of \d{1,6} DOCUMENTS?[ \t]*$", re.MULTILINE)
_NEW_DIVIDER = re.compile(r"^[ \t]*End of Document[ \t]*$", re.MULTILINE | re.IGNORECASE)
_SIGN = re.compile(r"^[ \t]*(?:LENGTH|LOAD-DATE):", re.MULTILINE | re.IGNORECASE)
_DATE = re.compile(
    r"(?:[A-Za-z]{3,9} \d{1,2}, \d{4}|\d{1,2} [A-Za-z]{3,9} \d{4})(?:,? [A-Za-z]{6,9})?"
    r"(?: \d{1,2}:\d\d [AP]M [A-Z]{3,4})?"
    r"(?: [A-Z][A-Za-z ]{3,30} Edition)?"
)
_EDITION = re.compile(
    r"(?:\S{1,20} ){0,4}Editions?(?:[ ;-]{1,3}\S{1,20}){0,3}", re.IGNORECASE
)  # below a date
_COPYRIGHT = re.compile(r"(?:Copyright|©|All Rights Reserved)\b", re.IGNORECASE)
_NO_HEAD = re.compile(r"(?:https?://|Page \d+|\d+\. |Job Number|User Name|Date and Time)", re.IGNORECASE)
_LABELS = frozenset({
    "byline", "section", "length", "dateline", "highlight", "headline", "load-date", "language", "subject",
    "publication-type", "journal-code", "graphic", "type", "correction", "series", "organization", "company",
    "person", "geographic", "industry", "ticker", "doc-id", "update", "distribution", "copyright", "url",
    "cumulative", "state", "country", "city", "document-type", "body", "notes", "correction-date",
})  # fmt: skip
_LONGEST_HEAD = 14  # lines above the labels


def nexis(text: str) -> list[tuple[int, dict[str, object]]]:
    """Return line and fields of every article; [] if this is no such export."""
    if len(_SIGN.findall(text)) < 2:
        return []
    if _OLD_DIVIDER.search(text):
        blocks = numbered_blocks(text, _OLD_DIVIDER)
    elif _NEW_DIVIDER.search(text):
        blocks = numbered_blocks(text, _NEW_DIVIDER)
    else:
        return []
    return [(line, fields) for line, block in blocks if (fields := _fields(block)) is not None]


def _fields(block: str) -> dict[str, object] | None:
    if not _SIGN.search(block):
        return None  # a cover page, a list of contents
    lines = [line.strip() for line in block.split("\n")]
    at = next(number for number, line in enumerate(lines) if _label(line))
    head = [line for line in lines[:at] if line and not _COPYRIGHT.match(line) and not _NO_HEAD.match(line)]
    head = head[-_LONGEST_HEAD:]
    dated = next((number for number, line in enumerate(head) if _DATE.fullmatch(line)), None)
    above = head[:dated] if dated is not None else head
    body, labels = _body(lines[at:])
    title = labels.get("headline", "")
    if dated is not None and len(head) > dated + 2 and _EDITION.fullmatch(head[dated + 1]):
        del head[dated + 1]
    if not title and dated is not None and head[dated + 1 :]:
        title, source = " ".join(head[dated + 1 :]), " ".join(above[-1:])  # old: source, date, title
    else:
        source = above[-1] if above else ""  # new: title, source, date
        title = title or " ".join(above[:-1])
    return {
        "title": title,
        "text": "\n\n".join(part for part in (labels.get("highlight", ""), body) if part),
        "published": head[dated] if dated is not None else labels.get("load-date", ""),
        "source": source,
        "authors": labels.get("byline", ""),
        "tags": re.sub(r" ?\(\d{1,3}%\)", "", labels.get("subject", "")),
        "url": labels.get("url", ""),
    }


def _label(line: str) -> str:
    label, colon, _ = line.partition(":")
    label = label.strip().lower()
    return label if colon and label in _LABELS or line.strip() == "Body" else ""


def _body(lines: list[str]) -> tuple[str, dict[str, str]]:
    """Return the text between the labels above and those below it, and what all the labels say."""
    labels: dict[str, str] = {}
    paragraphs: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        label = _label(line)
        if not label or line == "Body":
            if line and line not in ("Body", "Classification", "Graphic") and not _COPYRIGHT.match(line):
                break
            at += 1
            continue
        at += 1
        value = [line.partition(":")[2].strip()]
        while at < len(lines) and lines[at] and not _label(lines[at]):  # goes on to the blank line
            value.append(lines[at])
            at += 1
        labels.setdefault(label, " ".join(value).strip())
    rest = lines[at:]
    for number, line in enumerate(rest):
        if _label(line) in (
            "load-date",
            "language",
            "subject",
            "publication-type",
            "graphic",
            "journal-code",
        ) or (line in ("Classification", "Graphic")):
            _, below = labelled(rest[number:], _LABELS)
            labels = dict(below) | labels
            break
        paragraphs.append(line)
    while paragraphs and (not paragraphs[-1] or _COPYRIGHT.match(paragraphs[-1])):
        paragraphs.pop()
    return "\n".join(paragraphs).strip(), labels
