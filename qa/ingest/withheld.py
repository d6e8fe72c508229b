"""A record -> whether its editors hold it back: a draft, canceled, withheld, or under an embargo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from qa.ingest.names import squash
from qa.ingest.values import as_date
from qa.text.dates import parse_published

_STATUS = frozenset({"pubstatus", "status", "poststatus", "publicationstatus", "workflowstate"})
_HELD = {
    "canceled": "canceled", "cancelled": "canceled", "withheld": "withheld", "withdrawn": "withdrawn",
    "killed": "killed", "spiked": "killed", "embargoed": "under an embargo", "draft": "a draft",
    "autodraft": "a draft", "pending": "not published yet", "private": "private", "trash": "in the trash",
    "future": "not published yet", "scheduled": "not published yet", "unpublished": "not published",
}  # fmt: skip
_EMBARGO = frozenset({"embargoed", "embargo", "embargodate", "embargoeduntil", "embargountil"})


def why_withheld(fields: Mapping[str, object], as_of: datetime) -> str:
    """Return why a record must not be quoted, as a sentence; "" if nothing says so."""
    for name, value in fields.items():
        key = squash(name)
        if key in _STATUS and isinstance(value, str) and len(value) <= 60:
            word = squash(value.rpartition(":")[2])  # "stat:canceled"
            if word in _HELD:
                return f"The item is {_HELD[word]}, so it is not quoted."
        elif key in _EMBARGO and value:
            until = parse_published(as_date(value), as_of=as_of) if value is not True else None
            if value is True or until is not None and until.moment > datetime.now(UTC):
                day = f" until {until.moment:%Y-%m-%d %H:%M} UTC" if until is not None else ""
                return f"The item is under an embargo{day}, so it is not quoted."
    return ""
