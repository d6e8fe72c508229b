"""Files, folders, standard input and feeds -> clean Articles, and a Skipped for all that is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from qa.errors import InputError
from qa.ingest.assemble import assemble
from qa.ingest.fields import check_mapping, dig, holds_question
from qa.ingest.formats import read_source
from qa.ingest.raw import Raw
from qa.ingest.sources import Source, find_sources
from qa.ingest.web import FeedFault, PrivateAddress
from qa.passages import content_id
from qa.records import Article, Skipped

__all__ = ["read_articles"]


def read_articles(
    inputs: Sequence[str | Path | Source],
    *,
    mapping: Mapping[str, str] | None = None,
    as_of: datetime | None = None,
    allow_private: bool = False,
) -> Iterator[Article | Skipped]:
    """Read articles one by one; one bad record never stops the rest.

    ``mapping`` names columns by hand ({"body": "col7"}). Ages such as "8 months ago" count from
    ``as_of``, else from the time of the file. Feeds on this machine or in its network are refused
    unless ``allow_private``.

    :raises InputError: at once, for a missing path, a folder without files or a bad mapping; while
        reading, if the only input is a feed that cannot be fetched.
    :raises ValueError: ``as_of`` is naive.
    """
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError(f"as_of has no zone: {as_of!r}")
    columns = check_mapping(mapping)
    sources = find_sources(inputs, allow_private=allow_private)
    return _read(sources, columns, _not_found(sources, columns), as_of)


def _read(
    sources: Sequence[Source], columns: Mapping[str, str], missing: set[str], as_of: datetime | None
) -> Iterator[Article | Skipped]:
    ids: dict[str, str] = {}  # the ids that records brought -> hash of the content
    for source in sources:
        told_questions = False
        moment = as_of if as_of is not None else source.modified
        for raw in _records(source, columns, moment, is_only_one=len(sources) == 1):
            if isinstance(raw, Skipped):
                yield raw
                continue
            missing -= {field for field in missing if dig(raw.fields, columns[field]) is not None}
            if holds_question(raw.fields) and (
                "text" not in columns or dig(raw.fields, columns["text"]) is None
            ):
                if not told_questions:
                    yield Skipped(source.name, "The file holds questions, not articles.")
                told_questions = True
                continue
            article = assemble(raw, columns, moment)
            yield _with_own_id(article, ids) if isinstance(article, Article) else article
    _refuse_missing(missing, columns, ())


def _records(
    source: Source, columns: Mapping[str, str], moment: datetime, *, is_only_one: bool
) -> Iterator[Raw | Skipped]:
    try:
        yield from read_source(source, columns, moment)
    except FeedFault as fault:
        if is_only_one:
            cure = "Check the address, or save the feed to a file."
            if isinstance(fault, PrivateAddress):
                cure = "Save the feed to a file; on the command line --allow-private lets it through."
            raise InputError(f"The feed {fault}.", where=source.name, cure=cure) from None
        yield Skipped(source.name, f"The feed {fault}.")


def _with_own_id(article: Article, ids: dict[str, str]) -> Article:
    """Two files may both count from 1: a second article of the same id gets one of its own."""
    content = content_id(article.title, article.text, article.source)
    if content == article.id or ids.setdefault(article.id, content) == content:
        return article
    return replace(article, id=f"{article.id}#{content[:16]}")


def _not_found(sources: Sequence[Source], columns: Mapping[str, str]) -> set[str]:
    """Fields whose column is still to be found, in what can only be read once.

    A mistyped --map would otherwise pass for an archive without texts.
    """
    missing = set(columns)
    seen: dict[str, None] = {}
    for source in sources:
        if not missing:
            break
        if not source.can_be_read_twice:
            return missing
        for raw in read_source(source, columns, source.modified):
            if isinstance(raw, Raw):
                seen |= dict.fromkeys(raw.fields)
                missing -= {field for field in missing if dig(raw.fields, columns[field]) is not None}
                if not missing:
                    break
    _refuse_missing(missing, columns, seen)
    return missing


def _refuse_missing(missing: set[str], columns: Mapping[str, str], seen: Collection[str]) -> None:
    for field in sorted(missing):
        shown = f" There are: {', '.join(list(seen)[:12])}." if seen else ""
        raise InputError(
            f"--map {field}={columns[field]}: no record has a column {columns[field]!r}.",
            cure=f"Check the name.{shown}",
        )
