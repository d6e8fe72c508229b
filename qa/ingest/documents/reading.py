"""A document's plain text -> its article, or all articles of the database export that it is."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import BinaryIO

from qa.ingest.asked import Asked
from qa.ingest.bundles.exports import articles_of
from qa.ingest.limits import MOST_TEXT_CHARACTERS
from qa.ingest.raw import Raw
from qa.ingest.scraped import read_text
from qa.ingest.streams import Stream, Unreadable, reason_of
from qa.reports import Skipped
from qa.shipped import install_command


@dataclass(frozen=True, slots=True)
class Document:
    """What a document holds, and what it says of itself."""

    text: str
    title: str = ""
    author: str = ""
    published: object = ""
    damage: str = ""  # a sentence; what it still holds is read all the same


def needed(module: str, what: str) -> ModuleType:
    """Return a library of the extra.

    :raises Unreadable: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise Unreadable(
            f"{what} needs a library that is not installed: {install_command('documents')}"
        ) from None


def read_document(
    stream: Stream, asked: Asked, what: str, parse: Callable[[BinaryIO], Document]
) -> Iterator[Raw | Skipped]:
    """Yield what a document gives.

    :param what: "PDF document", for messages.
    """
    with stream.as_file() as file:
        try:
            found = parse(file)
        except Unreadable:
            raise
        except Exception as fault:  # libraries trip over damaged documents in many ways
            yield Skipped(asked.name, f"The {what} cannot be read ({reason_of(fault)}).")
            return
    text = found.text[: MOST_TEXT_CHARACTERS + 1]
    if not text.strip():
        yield Skipped(asked.name, f"The {what} holds no text; if it shows scanned pages, they need OCR.")
        return
    if found.damage:
        yield Skipped(asked.name, found.damage)
    bundle = articles_of(text, asked.name)
    if bundle is not None:
        yield from bundle
        return
    fields = dict(read_text(text, name=found.title or asked.title, as_of=asked.as_of))
    if not fields.get("authors") and found.author:
        fields["authors"] = found.author
    if not fields.get("published") and found.published:
        fields["published"] = found.published
    yield Raw(f"{asked.name}:1", fields, path=asked.path)
