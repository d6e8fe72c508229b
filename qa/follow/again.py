"""Followed questions and a way to ask -> what changed, kept beside the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from qa.follow.records import Change, Followed, KnownAnswer, Notebook
from qa.follow.store import MOST_CHANGES, change, followed
from qa.news.values import Saying, agree, saying_of
from qa.records import Answer, Answered, Reply
from qa.text.sentences import sentence_around

Ask = Callable[[Sequence[str], tuple[str, ...], tuple[str, ...]], Iterable[Answered]]


def ask_again(
    index: str | Path, generation: str, ask: Ask, holds: Callable[[str], bool], *, news: bool = True
) -> list[Change]:
    """Ask all followed questions of an index, and keep and return what changed, in the order of the list.

    ``ask(questions, sources, tags)`` gives out what becomes of each; ``holds`` says whether the index has an
    article of an id. The first answer to a question is no change, nor are other words for the same. What is
    less sure or older than what was known takes its place only if the article that gave that is gone. A
    question that cannot be asked this time keeps what it had.

    :param news: False where articles were only forgotten: answers are kept, and none counts as a change.
    :raises InputError: if the followed questions cannot be read or kept.
    """
    questions = followed(index).questions
    if not questions:
        return []
    replies: dict[int, Reply] = {}
    by_filters = sorted(questions, key=_filters)
    for (sources, tags), group in groupby(by_filters, key=_filters):
        same = list(group)
        for one, answered in zip(same, ask([one.question for one in same], sources, tags), strict=True):
            if answered.reply is not None:
                replies[one.number] = answered.reply
    at = datetime.now(UTC)
    changes: list[Change] = []

    def keep(notebook: Notebook) -> Notebook:
        # Of what is followed by now: somebody may have added or removed a question while these were asked.
        kept = []
        for one in notebook.questions:
            reply = replies.get(one.number)
            if reply is None:
                kept.append(one)
                continue
            answer = next_answer(one.answer, reply, holds)
            if news and one.asked is not None and not same_answer(one.answer, answer):
                changes.append(Change(one.number, one.question, one.answer, answer, at))
            kept.append(replace(one, asked=at, answer=answer))
        newest = (*reversed(changes), *notebook.changes)[:MOST_CHANGES]
        return replace(notebook, questions=tuple(kept), changes=newest, generation=generation)

    change(index, keep)
    return changes


def remember(index: str | Path, number: int, reply: Reply) -> None:
    """Keep a reply as the first one to a followed question, by which later changes are measured.

    :raises InputError: if the followed questions cannot be read or kept.
    """
    answer = known_answer(reply.answers[0]) if reply.answers else None
    at = datetime.now(UTC)

    def keep(notebook: Notebook) -> Notebook:
        return replace(
            notebook,
            questions=tuple(
                replace(one, asked=at, answer=answer) if one.number == number and one.asked is None else one
                for one in notebook.questions
            ),
        )

    change(index, keep)


def next_answer(known: KnownAnswer | None, reply: Reply, holds: Callable[[str], bool]) -> KnownAnswer | None:
    """Return the answer that holds from now on."""
    if known is not None and not holds(known.article):
        known = None
    if not reply.answers:
        return known
    found = known_answer(reply.answers[0])
    if known is None or known.published is None or found.published is None:
        return found
    return known if found.published < known.published else found


def known_answer(answer: Answer) -> KnownAnswer:
    """Return what is kept of an answer: its words in their sentence, and where they are from."""
    first, last = sentence_around(answer.field, answer.start, answer.end)
    article = answer.article
    return KnownAnswer(
        text=answer.text,
        sentence=answer.field[first:last],
        start=answer.start - first,
        end=answer.end - first,
        state=answer.state,
        confidence=answer.confidence,
        article=article.id,
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
    )


def same_answer(one: KnownAnswer | None, other: KnownAnswer | None) -> bool:
    """Return whether two answers say the same: the same number, time or name, or the same words."""
    if one is None or other is None:
        return one is other
    return agree(_saying(one), _saying(other))


def _saying(known: KnownAnswer) -> Saying:
    days = () if known.published is None else (known.published.date(),)
    whole = (0, len(known.sentence))
    return saying_of(known.sentence, known.start, known.end, sentence=whole, days=days, near=known.sentence)


def _filters(one: Followed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return one.sources, one.tags
