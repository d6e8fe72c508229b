"""A file in SQuAD format, version 1 or 2, plain or .gz -> questions, each with its context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.errors import InputError
from qa.evaluate.fields import parsed, text_field, text_of

_CURE = (
    "SQuAD's format is "
    '{"data": [{"paragraphs": [{"context": "...", "qas": [{"question": "...", '
    '"answers": [{"text": "..."}]}]}]}]}'
    "; otherwise write one question a line into a .jsonl file."
)


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """One question on one context."""

    id: str  # its place in the file if it has none
    question: str
    title: str  # empty if the file names none
    context: str
    golds: tuple[str, ...]  # none: unanswerable


def load_squad(path: Path) -> list[SquadQuestion]:
    """Return the questions in the file's order.

    :raises InputError: if the file cannot be read or is not of the format; names the field.
    """
    whole = parsed(text_of(path), where=str(path), cure=_CURE, first_line=1)
    if not isinstance(whole, dict):
        raise InputError("this is no object with 'data'", where=path, cure=_CURE)
    found = [
        _question(question, document, paragraph, where=f"{path}: {q}", place=q)
        for d, document in _items(whole, "data", where=f"{path}", place="")
        for p, paragraph in _items(document, "paragraphs", where=f"{path}: {d}", place=f"{d}.")
        for q, question in _items(paragraph, "qas", where=f"{path}: {p}", place=f"{p}.")
    ]
    if not found:
        raise InputError("this file holds no questions", where=path, cure=_CURE)
    return found


def _question(
    question: Mapping[str, object],
    document: Mapping[str, object],
    paragraph: Mapping[str, object],
    *,
    where: str,
    place: str,
) -> SquadQuestion:
    title = document.get("title")
    golds = (
        text_field(answer, "text", where=f"{where}: {a}", cure=_CURE)
        for a, answer in _items(question, "answers", where=where, place="")
    )
    return SquadQuestion(
        id=str(question.get("id", place)),
        question=text_field(question, "question", where=where, cure=_CURE),
        title=title.replace("_", " ") if isinstance(title, str) else "",
        context=text_field(paragraph, "context", where=where, cure=_CURE),
        # Answers to an impossible question are only plausible ones.
        golds=() if question.get("is_impossible") else tuple(golds),
    )


def _items(
    record: Mapping[str, object], name: str, *, where: str, place: str
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the objects of a list, each with its place: "data[0].paragraphs[2]"."""
    items = record.get(name)
    if not isinstance(items, list):
        what = f"{name!r} must be a list" if name in record else f"{name!r} is missing"
        raise InputError(what, where=where, cure=_CURE)
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            raise InputError(f"{name!r}[{number}] must be an object", where=where, cure=_CURE)
        yield f"{place}{name}[{number}]", item
