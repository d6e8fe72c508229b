"""Files, folders and feeds -> how their first articles are understood, quickly and before building."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from qa.errors import InputError
from qa.ingest.fields import check_mapping, holds_question, recognised
from qa.ingest.formats import read_source
from qa.ingest.guard import assembled
from qa.ingest.layout import Layout, laid_out
from qa.ingest.raw import Raw
from qa.ingest.sources import Source, find_sources
from qa.ingest.web import FeedFault
from qa.records import Article
from qa.reports import Preview, Skipped

MOST_SOURCES = 12  # opened; a folder may hold thousands
MOST_COLUMNS = 200  # listed; broken tables have more
MOST_NOTES = 12
SAMPLE = 50  # records that are looked at to find which column holds what


def preview(
    inputs: Sequence[str | Path | Source],
    *,
    mapping: Mapping[str, str] | None = None,
    as_of: datetime | None = None,
    many: int = 4,
) -> Preview:
    """Return up to ``many`` articles, of several files where there are several; read no more than that takes.

    :raises InputError: for a missing path, a folder without files, a bad mapping, or if the only
        input is a feed that cannot be fetched.
    """
    columns = check_mapping(mapping)
    sources = find_sources(inputs)
    each = max(1, many // len(sources))
    articles: list[Article] = []
    skipped: list[Skipped] = []
    seen: dict[str, None] = {}
    known: dict[str, str] = {}
    notes: dict[str, None] = {}
    for source in sources[:MOST_SOURCES]:
        moment = as_of if as_of is not None else source.modified
        for layout, raw in _first(source, columns, moment, each, is_only_one=len(sources) == 1):
            if isinstance(raw, Raw):
                seen |= dict.fromkeys(raw.fields)
                known = known or recognised(raw.fields, columns, layout.guessed)
                notes |= dict.fromkeys(layout.notes)
            item = _understood(raw, layout, moment)
            if isinstance(item, Article):
                articles.append(item)
            else:
                skipped.append(item)
        if len(articles) >= many:
            break
    return Preview(
        tuple(articles[:many]),
        tuple(skipped),
        tuple(islice(seen, MOST_COLUMNS)),
        tuple(known.items()),
        len(sources),
        tuple(islice(notes, MOST_NOTES)),
    )


def _first(
    source: Source, columns: Mapping[str, str], moment: datetime, many: int, *, is_only_one: bool
) -> list[tuple[Layout, Raw | Skipped]]:
    try:
        return list(islice(laid_out(read_source(source, columns, moment), columns, sample=SAMPLE), many))
    except FeedFault as fault:
        if is_only_one:
            raise InputError(f"The feed {fault}.", where=source.name, cure="Check the address.") from None
        return [(Layout(columns), Skipped(source.name, f"The feed {fault}."))]


def _understood(raw: Raw | Skipped, layout: Layout, moment: datetime) -> Article | Skipped:
    if isinstance(raw, Skipped):
        return raw
    if holds_question(raw.fields) and "text" not in layout.mapping:
        return Skipped(raw.where, "This is a question, not an article.")
    return Skipped(raw.where, layout.fault) if layout.fault else assembled(raw, layout, moment)
