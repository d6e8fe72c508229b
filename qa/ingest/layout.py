"""The first records of a file -> how all of it is read: guessed columns, order of dates, headlines only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from qa.ingest.datecolumns import DateOrder
from qa.ingest.fields import Fields, holds_question, read_fields
from qa.ingest.guess import guess, likely_body, named
from qa.ingest.limits import MOST_DATES_LOOKED_AT, SAMPLE_BYTES, SAMPLE_RECORDS
from qa.ingest.names import known
from qa.ingest.raw import Raw
from qa.reports import Skipped

_FEWEST_EMPTY = 3  # records whose text column is empty, from which on an archive has headlines only
_SHOWN_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """What holds for every record of one file."""

    mapping: Mapping[str, str] = field(default_factory=dict)  # by hand: field -> column
    guessed: Mapping[str, str] = field(default_factory=dict)  # from the values: field -> column
    order: DateOrder | None = None
    headlines: bool = False  # where a record has no text, its headline is it
    fault: str = ""  # why no record of the file can be an article
    notes: tuple[str, ...] = ()  # what was taken for what, in words

    def fields(self, raw: Raw) -> Fields:
        """Return the fields of a record of this file."""
        return read_fields(raw.fields, self.mapping, self.guessed)


def laid_out(
    items: Iterator[Raw | Skipped],
    mapping: Mapping[str, str],
    again: Callable[[], Iterator[Raw | Skipped]] | None = None,
    *,
    sample: int = SAMPLE_RECORDS,
) -> Iterator[tuple[Layout, Raw | Skipped]]:
    """Pair every record with the layout of its file, after a look at the first ones.

    :param again: reads the source anew, to look at all of its dates; None: it can only be read once.
    :param sample: records to look at; more only where their dates leave the order open.
    """
    plain = Layout(mapping)
    ahead = next(items, None)
    while ahead is not None:
        if isinstance(ahead, Skipped) or ahead.kind == "article":
            yield plain, ahead
            ahead = next(items, None)
            continue
        held, records, order, following = _first_of_part(ahead, items, mapping, sample)
        try:
            layout = _settled(records, mapping, order, again if not ahead.part else None)
        except Exception:  # one odd record among the first; each is read and reported by itself later
            layout = plain
        yield from ((layout, item) for item in held)
        part, ahead = ahead.part, None
        for item in chain(following, items):
            if isinstance(item, Raw) and (item.part != part or item.kind == "article"):
                ahead = item
                break
            yield layout, item


def _first_of_part(
    first: Raw, items: Iterator[Raw | Skipped], mapping: Mapping[str, str], sample: int
) -> tuple[list[Raw | Skipped], list[Raw], DateOrder, list[Raw | Skipped]]:
    """Return the first items of a file, the records among them, their dates, and what was read beyond it."""
    held: list[Raw | Skipped] = [first]
    records = [first]
    order = DateOrder()
    order.add(_date_of(first, mapping))
    size = _size(first)
    while (
        len(records) < sample or order.is_open and len(records) < MOST_DATES_LOOKED_AT
    ) and size < SAMPLE_BYTES:
        item = next(items, None)
        if item is None:
            break
        if isinstance(item, Raw):
            if item.part != first.part or item.kind == "article":
                return held, records, order, [item]
            records.append(item)
            size += _size(item)
            order.add(_date_of(item, mapping))
        held.append(item)
        if len(held) > 2 * MOST_DATES_LOOKED_AT:
            break
    return held, records, order, []


def _settled(
    records: Sequence[Raw],
    mapping: Mapping[str, str],
    order: DateOrder,
    again: Callable[[], Iterator[Raw | Skipped]] | None,
) -> Layout:
    articles = [raw.fields for raw in records[:SAMPLE_RECORDS] if not holds_question(raw.fields)]
    if not articles:
        return Layout(mapping)
    guessed = guess(articles, mapping)
    if "published" in guessed:
        order = DateOrder()
        for raw in records:
            order.add(_date_of(raw, mapping, guessed))
    order.likely_day_first = any(
        (found := known(name)) is not None and found.is_foreign for fields in articles[:5] for name in fields
    )
    if order.is_open and again is not None and len(records) >= MOST_DATES_LOOKED_AT:
        for item in again():
            if isinstance(item, Raw):
                order.add(_date_of(item, mapping, guessed))
                if not order.is_open:
                    break
    read = [read_fields(fields, mapping, guessed) for fields in articles]
    texts, titles = sum(bool(one.text) for one in read), sum(bool(one.title) for one in read)
    # A title alone is no news; with a day or an address it is one of an archive of headlines.
    placed = any(one.published or one.url for one in read)
    has_bodies = "text" in mapping or "text" in guessed or _names_text(articles, summaries=False)
    # A body that is empty now and then was not fetched, and its title is no article.
    is_bare = not texts and len(read) >= _FEWEST_EMPTY if has_bodies else placed
    headlines = titles > 0 and is_bare
    notes = named(guessed) + [note for note in [order.note()] if note]
    if headlines and not texts:
        notes.append("there are headlines only; the headline is the text")
    elif headlines and texts < len(read):
        notes.append("some records have no description; their headline is the text")
    fault = "" if texts or headlines or records[0].kind != "row" else _no_text(articles)
    return Layout(mapping, guessed, order, headlines, fault, tuple(notes))


def _date_of(raw: Raw, mapping: Mapping[str, str], guessed: Mapping[str, str] | None = None) -> object:
    """Return the date of a record as it stands; nothing of one that cannot be read, as is reported later."""
    try:
        return read_fields(raw.fields, mapping, guessed).published
    except Exception:
        return ""


def _names_text(articles: Sequence[Mapping[str, object]], *, summaries: bool = True) -> bool:
    found = (known(name) for one in articles for name in one)
    return any(one is not None and one.field == "text" and (summaries or not one.is_summary) for one in found)


def _no_text(articles: Sequence[Mapping[str, object]]) -> str:
    names = list(articles[0])
    shown = ", ".join(names[:_SHOWN_COLUMNS]) + (", ..." if len(names) > _SHOWN_COLUMNS else "")
    if _names_text(articles):
        return f"No row has a text; the columns are: {shown}."
    body = likely_body(articles)
    cure = f"Name it, as in --map body={body}." if body else "Name it with --map body=COLUMN."
    return f"No column is known to hold the text; there are: {shown}. {cure}"


def _size(raw: Raw) -> int:
    return sum(len(value) for value in raw.fields.values() if isinstance(value, (str, list, dict)))
