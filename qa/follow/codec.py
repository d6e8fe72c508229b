"""Notebook <-> the plain values of its JSON file; each value is checked, since anybody may have written it.

The shape of a change, the same in the file, in ``--json`` and on the standard input of ``--run``::

    number      of the question
    question    text
    before      an answer, or null: there was no sure one
    after       an answer, or null: the article that gave it is gone
    at          when it was noticed (ISO 8601, UTC)

    an answer   text, sentence, start, end (of the text in the sentence), state, confidence (or null), article
                (its id), title, source, url, published (ISO 8601, UTC, or null)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, get_args

from qa.follow.records import Change, Followed, KnownAnswer, Notebook
from qa.records import State
from qa.small_json import is_number

FORMAT = 1
LONGEST = 10_000  # characters of a text


def notebook_to_dict(notebook: Notebook) -> dict[str, Any]:
    """Return what the file holds."""
    return {
        "format": FORMAT,
        "name": notebook.name,
        "generation": notebook.generation,
        "next_number": notebook.next_number,
        "questions": [_plain(asdict(one)) for one in notebook.questions],
        "changes": [change_to_dict(one) for one in notebook.changes],
    }


def change_to_dict(change: Change) -> dict[str, Any]:
    """Return a change in the shape above."""
    plain: dict[str, Any] = _plain(asdict(change))
    return plain


def notebook_of(values: Mapping[str, object]) -> Notebook:
    """Read what a file holds.

    :raises ValueError: if something in it is not what it must be.
    """
    if values.get("format") != FORMAT:
        raise ValueError(f"its format is {str(values.get('format'))[:20]!r}, not {FORMAT}")
    return Notebook(
        next_number=_number(values, "next_number", least=1),
        questions=tuple(_followed(one) for one in _objects(values, "questions")),
        changes=tuple(_change(one) for one in _objects(values, "changes")),
        generation=_text(values, "generation"),
        name=_text(values, "name"),
    )


def _followed(values: Mapping[str, object]) -> Followed:
    answer = values.get("answer")
    return Followed(
        number=_number(values, "number"),
        question=_text(values, "question"),
        sources=_texts(values, "sources"),
        tags=_texts(values, "tags"),
        added=_moment(values, "added"),
        asked=_moment(values, "asked"),
        answer=None if answer is None else _answer(answer),
    )


def _change(values: Mapping[str, object]) -> Change:
    before, after, at = values.get("before"), values.get("after"), _moment(values, "at")
    if at is None:
        raise ValueError("at is missing")
    return Change(
        number=_number(values, "number"),
        question=_text(values, "question"),
        before=None if before is None else _answer(before),
        after=None if after is None else _answer(after),
        at=at,
    )


def _answer(values: object) -> KnownAnswer:
    if not isinstance(values, dict):
        raise ValueError("an answer is no object")
    confidence = values.get("confidence")
    if confidence is not None and not (is_number(confidence) and 0 <= confidence <= 1):
        raise ValueError("confidence is no number from 0 to 1")
    state = next((known for known in get_args(State) if known == values.get("state")), None)
    if state is None:
        raise ValueError("state is none that an answer has")
    start, end = _number(values, "start"), _number(values, "end")
    sentence, text = _text(values, "sentence"), _text(values, "text")
    if sentence[start:end] != text:
        raise ValueError("the text of an answer does not stand in its sentence")
    return KnownAnswer(
        text=text,
        sentence=sentence,
        start=start,
        end=end,
        state=state,
        confidence=None if confidence is None else float(confidence),
        article=_text(values, "article"),
        title=_text(values, "title"),
        source=_text(values, "source"),
        url=_text(values, "url"),
        published=_moment(values, "published"),
    )


def _objects(values: Mapping[str, object], name: str) -> list[dict[str, object]]:
    found = values.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(f"{name} is no list of objects")
    return found


def _text(values: Mapping[str, object], name: str) -> str:
    found = values.get(name)
    if not isinstance(found, str) or len(found) > LONGEST:
        raise ValueError(f"{name} is no text of up to {LONGEST:,} characters")
    return found


def _texts(values: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = values.get(name)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{name} is no list of texts")
    return tuple(found)


def _number(values: Mapping[str, object], name: str, *, least: int = 0) -> int:
    found = values.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or found < least:
        raise ValueError(f"{name} is no number from {least} on")
    return found


def _moment(values: Mapping[str, object], name: str) -> datetime | None:
    found = values.get(name)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{name} is no moment with a zone")
    return moment.astimezone(UTC)


def _plain(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _plain(value) for name, value in values.items()}
    if isinstance(values, (list, tuple)):
        return [_plain(value) for value in values]
    return values.isoformat() if isinstance(values, datetime) else values
