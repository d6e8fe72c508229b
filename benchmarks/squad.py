"""A file in SQuAD format, plain or .gz -> questions, each with its context."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """One question on one context."""

    id: str
    question: str
    title: str  # empty if the file names none
    context: str
    golds: tuple[str, ...]  # none: unanswerable


def load(path: Path) -> list[Question]:
    """The questions in the file's order; both versions of the format."""
    raw = path.read_bytes()
    data = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    return [
        Question(
            id=str(question["id"]),
            question=question["question"],
            title=document.get("title", "").replace("_", " "),
            context=paragraph["context"],
            golds=() if question.get("is_impossible") else tuple(a["text"] for a in question["answers"]),
        )
        for document in data["data"]
        for paragraph in document["paragraphs"]
        for question in paragraph["qas"]
    ]


def spaced(items: Sequence[T], limit: int | None) -> list[T]:
    """At most ``limit`` items, evenly spaced over the whole and the first among them; all if None.

    :raises ValueError: if the limit is under 1.
    """
    if limit is None or limit >= len(items):
        return list(items)
    if limit < 1:
        raise ValueError(f"the limit must be at least 1, not {limit}")
    return [items[i * len(items) // limit] for i in range(limit)]
