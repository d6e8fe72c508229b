"""A question file, JSONL or SQuAD format -> questions with their gold answers, gold articles and filters.

A line of a .jsonl file; all but the question and its answers may be left out:

    {"question": "Who bought Twitter?", "answers": ["Elon Musk", "Musk"], "articles": ["https://..."],
     "since": "2023-09", "until": "2023", "source": "Reuters", "tag": ["Russia"], "as_of": "2023-09-20",
     "id": "q1"}

``"answers": []`` says that the archive has no answer. An article is named by its id, address or title.
``as_of`` is the day from which "last week" in the question counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from qa.errors import InputError
from qa.evaluate.fields import parsed, text_field, text_of, texts_field
from qa.evaluate.squad import load_squad
from qa.retrieve.query import checked_question, day_of, filter_of

T = TypeVar("T")
_CURE = 'A line is an object: {"question": "...", "answers": ["..."]}'
_ANSWERS = 'Write "answers": ["..."], or "answers": [] if the archive has no answer.'


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer is known."""

    id: str  # the file's own, else its place
    where: str  # file:line, or file and place
    question: str
    golds: tuple[str, ...]  # none: unanswerable
    articles: tuple[str, ...] = ()  # ids, addresses or titles of articles that hold the answer
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    as_of: str | None = None  # the day from which "last week" in the question counts


def load_questions(path: Path) -> list[Question]:
    """Return the questions in the file's order; .json is read as SQuAD format, .jsonl a question a line.

    :raises InputError: if the file cannot be read or a question not be asked; names line and field.
    """
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if kind == ".json":
        read = load_squad(path)
        return [_checked(Question(q.id, f"{path}: question {q.id!r}", q.question, q.golds)) for q in read]
    if kind != ".jsonl":
        raise InputError(
            f"a question file ends in .jsonl or .json, not in {kind!r}",
            where=path,
            cure="One question a line is .jsonl, SQuAD's format is .json; either may be packed as .gz.",
        )
    lines = text_of(path).split("\n")  # not splitlines(): JSON may hold other line breaks
    return [_of_line(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()]


def spaced(items: Sequence[T], limit: int | None) -> list[T]:
    """Return at most ``limit`` items, evenly spaced over the whole and the first among them; all if None.

    :raises ValueError: if the limit is under 1.
    """
    if limit is None or limit >= len(items):
        return list(items)
    if limit < 1:
        raise ValueError(f"the limit must be at least 1, not {limit}")
    return [items[i * len(items) // limit] for i in range(limit)]


def _of_line(line: str, path: Path, number: int) -> Question:
    where = f"{path}:{number}"
    record = parsed(line, where=where, cure=_CURE)
    if not isinstance(record, dict):
        raise InputError("this line is no object", where=where, cure=_CURE)
    if "answers" not in record and "answer" not in record:
        raise InputError("'answers' is missing", where=where, cure=_ANSWERS)

    def texts(name: str, cure: str = _CURE) -> tuple[str, ...]:
        return texts_field(record, name, where=where, cure=cure)

    def day(name: str) -> str | None:
        cure = f'Write a day, month or year: "{name}": "2023-07-01".'
        return text_field(record, name, where=where, cure=cure) if record.get(name) is not None else None

    by_name = 'Name articles by id, address or title: "articles": ["..."]'
    return _checked(
        Question(
            id=str(record.get("id", number)),
            where=where,
            question=text_field(record, "question", where=where, cure=_CURE),
            golds=texts("answers", _ANSWERS) + texts("answer", _ANSWERS),
            articles=texts("articles", by_name) + texts("article", by_name),
            since=day("since"),
            until=day("until"),
            sources=texts("source"),
            tags=texts("tag"),
            as_of=day("as_of"),
        )
    )


def _checked(question: Question) -> Question:
    """Return the question, if it can be asked as it stands."""
    try:
        checked_question(question.question)
        filter_of(since=question.since, until=question.until, source=question.sources, tag=question.tags)
        day_of(question.as_of)
    except InputError as fault:
        raise InputError(fault.what, where=question.where, cure=fault.cure) from fault
    return question
