"""Files, folders, standard input and feeds -> clean Articles, and a Skipped for all that is no article."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from qa.errors import InputError
from qa.ingest.fields import check_mapping, dig, holds_question, recognised
from qa.ingest.formats import read_source
from qa.ingest.guard import assembled, protected
from qa.ingest.layout import Layout, laid_out
from qa.ingest.ledger import Ledger
from qa.ingest.raw import Raw
from qa.ingest.sources import Source, find_sources
from qa.ingest.web import FeedFault, PrivateAddress
from qa.passages import content_id
from qa.records import Article
from qa.reports import Skipped


def read_articles(
    inputs: Sequence[str | Path | Source],
    *,
    mapping: Mapping[str, str] | None = None,
    as_of: datetime | None = None,
    allow_private: bool = False,
    ledger: Ledger | None = None,
) -> Iterator[Article | Skipped]:
    """Read articles one by one; one bad record never stops the rest.

    ``mapping`` names columns by hand ({"body": "col7"}). Ages such as "8 months ago" count from ``as_of``,
    else from the time of the file. Feeds on this machine or in its network are refused unless
    ``allow_private``. ``ledger`` collects remarks for the report.

    :raises InputError: at once, for a missing path, a folder without files or a bad mapping; while
        reading, if the only input is a feed that cannot be fetched.
    :raises ValueError: if ``as_of`` is naive.
    """
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError(f"as_of has no zone: {as_of!r}")
    columns = check_mapping(mapping)
    sources = find_sources(inputs, allow_private=allow_private)
    found = ledger if ledger is not None else Ledger()
    return _read(sources, columns, _not_found(sources, columns), as_of, found)


def _read(
    sources: Sequence[Source],
    columns: Mapping[str, str],
    missing: set[str],
    as_of: datetime | None,
    ledger: Ledger,
) -> Iterator[Article | Skipped]:
    ids: dict[str, str] = {}  # the ids that records brought -> hash of the content
    for source in sources:
        said: set[str] = set()  # what was said of this source and need not be said again
        read: list[Article] = []  # the first two of this source: whether it holds one
        moment = as_of if as_of is not None else source.modified
        items = _records(source, columns, moment, is_only_one=len(sources) == 1)
        again = partial(read_source, source, columns, moment) if source.can_be_read_twice else None
        for layout, raw in laid_out(items, columns, again):
            if isinstance(raw, Skipped):
                yield raw
                continue
            file = f"{source.name}/{raw.part}" if raw.part else source.name
            ledger.note(file, layout.notes)
            missing -= {field for field in missing if dig(raw.fields, columns[field]) is not None}
            why = protected(raw.where, partial(_why_none, raw, layout, columns))
            if why and why not in said:
                said.add(why)
                yield Skipped(file, why)
            if why:
                continue
            item = assembled(raw, layout, moment, partial(ledger.set_aside, file))
            if isinstance(item, Article):
                item = _with_own_id(item, ids)
                ledger.count(item, partial(_free_columns, raw, layout))
                read = [*read, item][:2]
            yield item
        if source.place and len(read) == 1 and _is_nameless(read[0]):
            ledger.one_article(source.place, read[0].id)
    _refuse_missing(missing, columns, ())


def _is_nameless(article: Article) -> bool:
    """Return whether an article brings neither an id nor an address, so that its content names it."""
    return not article.url and article.id == content_id(article.title, article.text, article.source)


def _free_columns(raw: Raw, layout: Layout) -> list[str]:
    """Return the columns of a record that give no field yet, so that one of them may hold what is lacking."""
    if raw.kind == "article":
        return []
    taken = set(recognised(raw.fields, layout.mapping, layout.guessed).values())
    free: list[str] = []
    for name, value in raw.fields.items():
        parts = [f"{name}.{part}" for part in value] if isinstance(value, dict) else [name]
        free += [name for name in parts if name not in taken]
    return free


def _why_none(raw: Raw, layout: Layout, columns: Mapping[str, str]) -> str:
    """Return why no record of this kind is an article; said once for a file."""
    if holds_question(raw.fields) and ("text" not in columns or dig(raw.fields, columns["text"]) is None):
        return "The file holds questions, not articles."
    return layout.fault


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
    """Return the article under an id that is its own: two files may both count from 1."""
    content = content_id(article.title, article.text, article.source)
    if content == article.id or ids.setdefault(article.id, content) == content:
        return article
    return replace(article, id=f"{article.id}#{content[:16]}")


def _not_found(sources: Sequence[Source], columns: Mapping[str, str]) -> set[str]:
    """Return fields whose column is still to be found, in what can only be read once.

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
