"""A question that found nothing -> what the archive would have understood: its own names, spelled alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qa import words
from qa.retrieve.nearest import in_doubt, unknown_names
from qa.retrieve.query import Names, filter_of
from qa.retrieve.spelling import LOOKED_AT, respelled, vocabulary_of

if TYPE_CHECKING:
    from qa.records import Reply
    from qa.reports import Overview
    from qa.retrieve.retriever import Retriever


def no_such_names(overview: Callable[[], Overview], source: Names, tag: Names, *, found: bool = False) -> str:
    """Name the sources and tags that no article has, each with those that there are; "" if none.

    ``found``: whether something was found under these conditions.
    """
    filters = filter_of(source=source, tag=tag)
    if not in_doubt(filters, found=found):
        return ""
    return "\n".join(words.unknown_and_known(name) for name in unknown_names(filters, overview()))


def other_spelling(retriever: Retriever, reply: Reply) -> str:
    """Offer the question with its names as the archive spells them; "" if it knows them, or has answered.

    It takes half a second to look through the newest articles, so an answer is not kept waiting for it.
    """
    if reply.answers or reply.listing is not None or reply.unknown:
        return ""
    known = vocabulary_of(retriever.listing(0, LOOKED_AT).articles)
    offered = respelled(reply.question, known, [hit.passage.text for hit in reply.hits])
    return f"Did you mean: {offered}" if offered is not None else ""
