"""Files, folders and feeds -> the articles of a build, each once, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qa.errors import InputError
from qa.index.listening import Listener
from qa.ingest import read_articles
from qa.ingest.copies import content_id
from qa.ingest.sources import Source
from qa.records import Article, Progress, Skipped


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the inputs hold."""

    articles: list[Article]  # ids differ
    skipped: list[Skipped]
    duplicates: int  # exact repeats that were left out


def gather(
    inputs: Sequence[str | Path | Source],
    mapping: Mapping[str, str] | None,
    as_of: datetime | None,
    listener: Listener,
    *,
    allow_private: bool = False,
) -> Gathered:
    """Read all inputs.

    :raises InputError: if an input is missing, or nothing in the inputs is an article.
    """
    by_id: dict[str, Article] = {}
    contents: set[str] = set()
    skipped: list[Skipped] = []
    duplicates = 0
    for item in read_articles(inputs, mapping=mapping, as_of=as_of, allow_private=allow_private):
        if isinstance(item, Skipped):
            skipped.append(item)
            continue
        content = content_id(item.title, item.text, item.source)
        if content in contents:
            duplicates += 1  # also where the data gives the repeat an id of its own
            continue
        contents.add(content)
        by_id[item.id] = item  # read_articles lets no two contents share an id
        listener(Progress("reading", len(by_id), 0, "articles"))
    if not by_id:
        raise _nothing(skipped)
    return Gathered(list(by_id.values()), skipped, duplicates)


def _nothing(skipped: Sequence[Skipped]) -> InputError:
    if not skipped:
        return InputError(
            "there is no article in the input", cure="Name files, folders or feeds with articles."
        )
    first = skipped[0]
    more = f" ({len(skipped) - 1} more inputs were skipped)" if len(skipped) > 1 else ""
    return InputError(
        f"there is no article in the input: {first.why}{more}",
        where=first.where,
        cure="See python -m qa build --help for the formats.",
    )
