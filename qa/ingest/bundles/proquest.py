"""ProQuest's text export -> the fields of its articles: labelled lines between long rules."""

from __future__ import annotations

import re

from qa.ingest.bundles.labelled import labelled, numbered_blocks

_DIVIDER = re.compile(r"^[ \t]*_{10,}[ \t]*$", re.MULTILINE)
_SIGN = re.compile(r"^[ \t]*(?:Full text|Publication title|Publication info):", re.MULTILINE)
_COUNTER = re.compile(r"(?:Document|Article) \d+ of \d+", re.IGNORECASE)
_LABELS = frozenset({
    "title", "author", "publication info", "abstract", "full text", "publication title", "publication date",
    "publication year", "publication subject", "subject", "location", "people", "company / organization",
    "classification", "issn", "source type", "language of publication", "document type", "url",
    "proquest document id", "document url", "copyright", "last updated", "database", "pages", "section",
    "first page", "place of publication", "country of publication", "publisher", "dateline", "links",
    "column", "volume", "issue", "identifier / keyword", "company", "term", "credit", "word count",
    "publication frequency", "illustration", "start page", "edition", "isbn",
})  # fmt: skip
_INFO_DATE = re.compile(r"\]?\.? ?(\d{1,2} [A-Z][a-z]{2,8} \d{4})")


def proquest(text: str) -> list[tuple[int, dict[str, object]]]:
    """Return line and fields of every article; [] if this is no such export."""
    if len(_SIGN.findall(text)) < 2 or not _DIVIDER.search(text):
        return []
    found: list[tuple[int, dict[str, object]]] = []
    for line, block in numbered_blocks(text, _DIVIDER):
        above, labels = labelled(block.split("\n"), _LABELS, long="full text")
        body = labels.get("full text", "")
        if not body and "publication title" not in labels and "publication info" not in labels:
            continue  # a list of contents, a footer
        abstract = labels.get("abstract", "")
        heads = [text for text in above if text and not _COUNTER.fullmatch(text)]
        info = labels.get("publication info", "")
        day = _INFO_DATE.search(info)
        fields: dict[str, object] = {
            "id": labels.get("proquest document id"),
            "title": labels.get("title") or " ".join(heads[:1]),
            "body": body,
            "abstract": abstract,
            "published": labels.get("publication date") or (day[1] if day else ""),
            "url": labels.get("document url") or labels.get("url"),
            # "Coast Gazette; Elden": the place is no part of the name.
            "source": (labels.get("publication title") or info).split(";")[0].strip(),
            "authors": labels.get("author", "").split(";"),
            "tags": labels.get("subject"),
        }
        found.append((line, fields))
    return found
