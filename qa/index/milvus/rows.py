"""Articles and their passages <-> the rows that stand for them in Milvus, and a Filter -> its condition."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from qa.index.analyzer import words_of as counted_words
from qa.index.milvus.schema import KEY, LONGEST_TEXT, MOST_NAMES
from qa.passages import content, digest, embedded_text
from qa.records import Article, Filter, Passage

Row = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNDATED = -(1 << 62)  # microseconds; 146,000 years before the epoch, so that no bound lets it pass
_MOST_GROWTH = 11  # a word of two letters and a blank that becomes a hash and a blank
_LONGEST_WORD = 32  # letters and digits that every analyzer leaves as they are


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What is asked of every article at once."""

    key: str
    id: str
    published: int | None  # microseconds since 1970, UTC
    source: str
    tags: tuple[str, ...]
    digest: str  # of what is embedded
    content: str  # equal for exact repeats
    passages: int
    duplicate_group: str  # the same for all near-duplicates of one article


_ENTRY = [field.name for field in fields(CatalogueEntry)]
_STORED = {"duplicate_group": "copies"}  # the names that indexes of version 0.1 hold


def key_of(article: Article) -> str:
    """Return the key of this very article, made of every field of it."""
    return hashed(_as_json(article))


def entry_of(article: Article, *, passages: int, duplicate_group: str) -> CatalogueEntry:
    """Return the entry of an article with so many passages that belongs to this group of near-duplicates."""
    return CatalogueEntry(
        key_of(article),
        article.id,
        None if article.published is None else _microseconds(article.published),
        article.source,
        article.tags,
        digest(article),
        content(article),
        passages,
        duplicate_group,
    )


def article_rows(article: Article, entry: CatalogueEntry) -> list[Row]:
    """Return the article, cut to rows, the first with its entry."""
    # Plain ASCII: a character is then a byte, and nothing on the way can alter it.
    body = _as_json(article)
    stored = {_STORED.get(name, name): value for name, value in asdict(entry).items() if name != KEY}
    return [
        {
            KEY: part_key(entry.key, part),
            "article": entry.key,
            "part": part,
            "id": hashed(article.id),
            "copies": entry.duplicate_group,
            "facts": json.dumps(stored) if part == 0 else "",
            "body": body[first : first + LONGEST_TEXT],
            "place": [1.0, 0.0],
        }
        for part, first in enumerate(range(0, len(body), LONGEST_TEXT))
    ]


def part_key(article_key: str, part: int) -> str:
    """Return the key of one row of an article."""
    return f"{article_key}-{part:06}"


def article_from(rows: Iterable[Row]) -> Article:
    """Return the article of all its rows.

    :raises ValueError: if one is missing or altered.
    """
    ordered = sorted(rows, key=lambda row: row["part"])
    values = json.loads("".join(row["body"] for row in ordered))
    if values["published"] is not None:
        values["published"] = datetime.fromisoformat(values["published"])
    return Article(**(values | {name: tuple(values[name]) for name in ("authors", "tags")}))


def entry_from(row: Row) -> CatalogueEntry:
    """Return the entry in an article's first row."""
    stored = json.loads(row["facts"])
    values = {name: stored[_STORED.get(name, name)] for name in _ENTRY if name != KEY}
    return CatalogueEntry(**(values | {KEY: row["article"], "tags": tuple(stored["tags"])}))


def passage_key(article_key: str, span: tuple[int, int]) -> str:
    """Return the key of a passage of these half-open characters; an article's keys ascend with its text."""
    return f"{article_key}-{span[0]:010}-{span[1]:010}"


def place_in(key: str) -> tuple[str, int, int]:
    """Return article key, start and end of a passage's key."""
    article, start, end = key.split("-")
    return article, int(start), int(end)


def passage_rows(passages: Sequence[tuple[Passage, str, np.ndarray]]) -> list[Row]:
    """Return one row for each passage, of its key and its vector ``(dim,)``."""
    spoken = words_of([embedded_text(passage) for passage, _, _ in passages])
    return [
        {
            KEY: key,
            "article": place_in(key)[0],
            **asked_of(passage.article),
            "words": words,
            "vector": vector.tolist(),
        }
        for (passage, key, vector), words in zip(passages, spoken, strict=True)
    ]


def asked_of(article: Article) -> Row:
    """Return what filters ask of an article, as its passages carry it."""
    return {
        "published": _UNDATED if article.published is None else _microseconds(article.published),
        "source": _name(article.source),
        "tags": sorted({_name(tag) for tag in article.tags}),
    }


def moments_of(entries: Sequence[CatalogueEntry]) -> np.ndarray:
    """Return when the articles were published: datetime64[us] in UTC, NaT where unknown."""
    moments = [
        np.datetime64("NaT", "us") if known.published is None else np.datetime64(known.published, "us")
        for known in entries
    ]
    return np.array(moments, dtype="datetime64[us]")


def words_of(texts: Sequence[str]) -> list[str]:
    """Return the words that BM25 counts, as the local engine counts them, parted by blanks.

    What an analyzer of Milvus might cut or alter is replaced by its hash.
    """
    return [" ".join(map(_safe, spoken)) for spoken in counted_words(texts)]


def too_large(article: Article, spans: Sequence[tuple[int, int]]) -> str:
    """Return why Milvus cannot take the article; "" if it can."""
    if len(article.tags) > MOST_NAMES:
        return f"It has {len(article.tags):,} tags, Milvus takes {MOST_NAMES:,}."
    if len(json.dumps([article.id, article.source, article.tags])) > LONGEST_TEXT - 1000:
        return "Its id, source and tags are longer than Milvus takes (64 KB)."
    texts = (embedded_text(Passage(article, *span)) for span in spans)
    long = [text for text in texts if len(text) * _MOST_GROWTH > LONGEST_TEXT]
    if any(len(spoken) > LONGEST_TEXT for spoken in words_of(long)):
        return "A passage with its title has more words than Milvus takes (64 KB)."
    return ""


def condition_of(condition: Filter) -> str:
    """Return the expression that lets exactly the passages pass that the filter lets; "" for all."""
    parts = []
    if condition.since is not None:
        parts.append(f"published >= {_microseconds(condition.since)}")
    if condition.until is not None:
        parts.append(f"published > {_UNDATED} and published < {_microseconds(condition.until)}")
    if condition.sources:
        parts.append(f"source in {_list(condition.sources)}")
    if condition.tags:
        parts.append(f"array_contains_any(tags, {_list(condition.tags)})")
    return " and ".join(parts)


def one_of(field: str, keys: Sequence[str]) -> str:
    """Return the expression that lets a field pass if it is one of the keys."""
    return f"{field} in {json.dumps(list(keys))}"


def _list(names: Sequence[str]) -> str:
    return json.dumps([_name(name) for name in names])


def _name(name: str) -> str:
    return hashed(name.casefold())


def _safe(word: str) -> str:
    plain = word.isascii() and word.isalnum() and len(word) <= _LONGEST_WORD
    return word if plain else hashed(word)


def hashed(text: str) -> str:
    """Return 32 hex digits that stand for a text of any length."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _as_json(article: Article) -> str:
    values = asdict(article)
    values["published"] = None if article.published is None else article.published.isoformat()
    return json.dumps(values, sort_keys=True)
