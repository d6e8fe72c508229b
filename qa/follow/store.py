"""Followed questions <-> a small JSON file beside the index, which no build touches, and their feed.

Several programs may hold the same index open, a page and a ``watch``: each change is made under a lock, on
what the file holds by then.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import filelock

from qa import words
from qa.disk import translating, write_whole
from qa.errors import InputError
from qa.follow.codec import notebook_of, notebook_to_dict
from qa.follow.feed import atom
from qa.follow.records import Followed, KnownAnswer, Notebook
from qa.index.backends import side_file
from qa.records import UnknownName
from qa.small_json import read_object

FILE, FEED, LOCK = "follow.json", "follow.atom", "follow.lock"
MOST_BYTES = 16 << 20
MOST_QUESTIONS = 100  # each costs a reading whenever news comes in
MOST_CHANGES = 200
WAIT = 20  # seconds for another program that writes
_CURE = "Mend the file, or delete it; then nothing is followed."


def followed(index: str | Path) -> Notebook:
    """Return what is followed for an index; an empty notebook where nothing ever was.

    :raises InputError: if the file cannot be read or is broken.
    """
    path = side_file(index, FILE)
    try:
        return notebook_of(read_object(path, most_bytes=MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return Notebook()
    except OSError as fault:
        cure = "See to it that you may read it." if isinstance(fault, PermissionError) else _CURE
        raise InputError(f"cannot be read ({fault.strerror})", where=path, cure=cure) from fault
    except ValueError as fault:
        raise InputError(f"the followed questions are broken: {fault}", where=path, cure=_CURE) from fault


def follow(
    index: str | Path,
    question: str,
    *,
    sources: Sequence[str] = (),
    tags: Sequence[str] = (),
    unknown: Sequence[UnknownName] = (),
) -> Followed:
    """Keep a question to be asked whenever news comes in; one that is followed already is returned.

    :param unknown: those of its sources and tags that no article has.
    :raises InputError: if there are any, or too many questions, or the file cannot be read or written.
    """
    if unknown:  # a mistyped name would be followed for ever in vain
        raise InputError(" ".join(words.unknown_and_known(name) for name in unknown))
    wanted = (question, tuple(sources), tuple(tags))
    added: list[Followed] = []

    def add(notebook: Notebook) -> Notebook:
        known = [one for one in notebook.questions if (one.question, one.sources, one.tags) == wanted]
        if known:
            added.append(known[0])
            return notebook
        if len(notebook.questions) >= MOST_QUESTIONS:
            raise InputError(
                f"{MOST_QUESTIONS} questions are followed already", where=index, cure="Remove one of them."
            )
        one = Followed(notebook.next_number, *wanted, added=datetime.now(UTC))
        added.append(one)
        return replace(notebook, questions=(*notebook.questions, one), next_number=notebook.next_number + 1)

    change(index, add)
    return added[0]


def unfollow(index: str | Path, number: int) -> Followed:
    """Stop following a question and delete its answer and its changes.

    :raises InputError: if no question has this number, or the file cannot be read or written.
    """
    gone: list[Followed] = []

    def remove(notebook: Notebook) -> Notebook:
        gone.extend(one for one in notebook.questions if one.number == number)
        if not gone:
            raise InputError(
                f"no followed question has the number {number}", where=index, cure="See the list: follow"
            )
        return replace(
            notebook,
            questions=tuple(one for one in notebook.questions if one.number != number),
            changes=tuple(one for one in notebook.changes if one.number != number),
        )

    change(index, remove)
    return gone[0]


def scrub(index: str | Path, article_ids: Collection[str]) -> None:
    """Delete every answer and change that quotes one of these articles.

    The question counts as never asked: what it finds next is no change, for no news brought it.
    """
    gone = frozenset(article_ids)

    def quotes(answer: KnownAnswer | None) -> bool:
        return answer is not None and answer.article in gone

    def drop(notebook: Notebook) -> Notebook:
        return replace(
            notebook,
            questions=tuple(
                replace(one, answer=None, asked=None) if quotes(one.answer) else one
                for one in notebook.questions
            ),
            changes=tuple(one for one in notebook.changes if not (quotes(one.before) or quotes(one.after))),
        )

    if followed(index) != Notebook():
        change(index, drop)


def change(index: str | Path, by: Callable[[Notebook], Notebook]) -> Notebook:
    """Put ``by(what is followed)`` in its place, whole or not at all, and the feed with it.

    :raises InputError: if the file cannot be read or written, or another program holds it.
    """
    path = side_file(index, FILE)
    with translating(
        "the followed questions cannot be kept",
        path,
        error=InputError,
        elsewhere=f"See to it that you may write its folder, and {LOCK} in it.",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with filelock.FileLock(path.with_name(LOCK), timeout=WAIT):
                before = followed(index)
                named = before if before.name else replace(before, name=str(uuid.uuid4()))
                after = by(named)
                if after != before:
                    write_whole(
                        path, json.dumps(notebook_to_dict(after), ensure_ascii=False, indent=1) + "\n"
                    )
                    write_whole(path.with_name(FEED), atom(after))
        except filelock.Timeout:
            raise InputError(
                "another program is writing the followed questions", where=path, cure="Try again."
            ) from None
    return after
