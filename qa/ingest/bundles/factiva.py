"""Factiva's exports as text, with codes ("HD", "PD") or as displayed -> the fields of their articles."""

from __future__ import annotations

import re

from qa.ingest.bundles.labelled import numbered_blocks

_DIVIDER = re.compile(
    r"^[ \t]*(?:AN[ \t]{1,9})?Document ([A-Za-z]{2,10}[A-Za-z0-9]{12,40})[ \t]*$", re.MULTILINE
)
_CODE = re.compile(
    r"(SE|HD|CR|BY|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPD|IPC|PUB|AN|CLM|ART|VOL)"
    r"(?:[ \t]{1,9}(\S.*)|[ \t]*)"
)
_WORDS = re.compile(r"[\d,.]{1,9} words?", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2} [A-Za-z]{3,9} \d{4}|[A-Za-z]{3,9} \d{1,2}, \d{4}")
_BELOW = re.compile(r"(?:Copyright|©|\(c\)|Distributed by|All rights reserved)", re.IGNORECASE)
_FEWEST_CODES = 3
_MOST_META_LINES = 12


def factiva(text: str) -> list[tuple[int, dict[str, object]]]:
    """Return line and fields of every article; [] if this is no such export."""
    ids = [found[1] for found in _DIVIDER.finditer(text)]
    if not ids:
        return []
    found: list[tuple[int, dict[str, object]]] = []
    for number, (line, block) in enumerate(numbered_blocks(text, _DIVIDER)):
        fields = _by_codes(block) or _displayed(block)
        if fields is not None:
            found.append((line, fields | {"id": ids[number] if number < len(ids) else ""}))
    return found


def _by_codes(block: str) -> dict[str, object] | None:
    values: dict[str, list[str]] = {}
    present: list[str] = []
    for line in block.split("\n"):
        code = _CODE.fullmatch(line.strip())
        if code is not None:
            present = values.setdefault(code[1], [])
            if code[2]:
                present.append(code[2].strip())
        else:
            present.append(line.strip())
    if len(values) < _FEWEST_CODES or "HD" not in values:
        return None
    fields = {code: "\n".join(lines).strip() for code, lines in values.items()}
    return {
        "title": fields.get("HD"),
        "text": "\n\n".join(fields[code] for code in ("LP", "TD") if fields.get(code)),
        "published": f"{fields.get('PD', '')} {fields.get('ET', '')}".strip(),
        "source": fields.get("SN"),
        "authors": fields.get("BY"),
        "tags": [part.rpartition(":")[2] for part in fields.get("NS", "").split("|")],
    }


def _displayed(block: str) -> dict[str, object] | None:
    """Read section, title, author, words, date, source, code, page, language, copyright; then the text."""
    lines = [line.strip() for line in block.split("\n")]
    at = next((number for number, line in enumerate(lines[:60]) if _WORDS.fullmatch(line)), None)
    if at is None:
        return None
    paragraphs = [part for part in "\n".join(lines[:at]).split("\n\n") if part.strip()]
    head = [" ".join(part.split()) for part in paragraphs]
    meta = [line for line in lines[at + 1 : at + 1 + 2 * _MOST_META_LINES] if line]
    dated = next((number for number, line in enumerate(meta[:4]) if _DATE.fullmatch(line)), None)
    if dated is None or not head:
        return None
    after = meta[dated + 1 :]
    if after and re.fullmatch(r"\d{1,2}:\d\d(?: [AP]M)?", after[0]):
        after = after[1:]
    begins = at + 1
    for number in range(at + 1, min(len(lines), at + 1 + 2 * _MOST_META_LINES)):
        if _BELOW.match(lines[number]) or lines[number] in ("English", meta[dated], *after[:1]):
            begins = number + 1
    authors = ""
    if len(head) > 1 and (len(head[-1].split()) <= 8 or head[-1].lower().startswith("by ")):
        authors = head.pop()
    title = head[-1].split("\n")[-1]
    return {
        "title": title,
        "text": "\n".join(lines[begins:]).strip(),
        "published": meta[dated],
        "source": after[0] if after else "",
        "authors": authors,
    }
