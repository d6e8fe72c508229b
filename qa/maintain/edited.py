"""Files that hold one article each -> which of them were edited since they were taken in.

A text file, a page without an address and a document bring no id: what they say names them, so that an edited
one would stand beside itself. The file is their identity of last resort. Beside the index lies, for each of
them, a hash of its path and the id of its article; no path is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from qa.disk import translating, write_whole
from qa.errors import ArchiveError, IndexMissing, InputError
from qa.index.backends import backend_of, side_file
from qa.ingest.versions import earlier_id, plain_id, share_text
from qa.passages import content
from qa.records import Article
from qa.small_json import read_object

FILE = "files.json"
_MOST_BYTES = 512 << 20  # some five million files
_CURE = "Delete it; files that were edited since the last build then stand twice."


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """Which article of an index came from which file."""

    files: Mapping[str, str] = field(default_factory=dict)  # hash of the path -> id of the article
    texts: Mapping[str, str] = field(
        default_factory=dict
    )  # id by the content of an edit -> id of its article

    @classmethod
    def read(cls, index: str | Path) -> KnownFiles:
        """Read what earlier builds kept; nothing where there is no such file.

        :raises InputError: if the file cannot be read or is broken.
        """
        path = side_file(index, FILE)
        try:
            kept = read_object(path, most_bytes=_MOST_BYTES)
            return cls(_names(kept.get("files")), _names(kept.get("texts")))
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        except OSError as fault:
            raise InputError(f"cannot be read ({fault.strerror})", where=path, cure=_CURE) from fault
        except ValueError as fault:
            raise InputError(f"the list of files is broken: {fault}", where=path, cure=_CURE) from fault

    def write(self, index: str | Path) -> None:
        """Keep it beside the index; no file is made for what knows nothing.

        :raises ArchiveError: if it cannot be written.
        """
        path = side_file(index, FILE)
        if not self.files and not path.exists():
            return
        with translating(
            "the index is built, but not which file holds which article",
            path,
            error=ArchiveError,
            elsewhere="See to it that you may write there, and build again.",
            again="build again",
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps({"files": self.files, "texts": self.texts}, indent=0) + "\n")

    def after(self, named: Mapping[str, str], places: Mapping[str, str]) -> KnownFiles:
        """Return what is known after a build.

        :param named: the id of each article by its content -> the one that it was given.
        :param places: the id by content -> the file that holds it alone.
        """
        new = {_hash(place): named[name] for name, place in places.items() if name in named}
        other = {name: given for name, given in named.items() if given != name}
        return KnownFiles(
            {**self.files, **{place: name for place, name in new.items() if name == plain_id(name)}},
            {**self.texts, **{name: given for name, given in other.items() if given == plain_id(given)}},
        )


def articles_of(index: str | Path) -> Callable[[str], Article | None]:
    """Return what gives the article that an index holds under an id; the index is opened at the first one."""
    opened = cache(backend_of(index).open)

    def article(article_id: str) -> Article | None:
        try:
            return opened().article(article_id)
        except (KeyError, IndexMissing):
            return None

    return article


def recognised(
    articles: Sequence[Article],
    places: Mapping[str, str],
    known: KnownFiles,
    article_of: Callable[[str], Article | None],
) -> list[Article]:
    """Return what comes in; what a file says now has the id of what it said before, if both report the same.

    A text that is known as an earlier version gets the name of one. Of two files that held the same text
    neither is recognised, nor is one whose new text has another day or source, or few words of the old one.

    :param places: article id -> the file that holds it alone.
    :param article_of: gives what the index holds under an id.
    """
    many = Counter(known.files.values())
    edited = frozenset(known.texts.values())
    taken = {article.id for article in articles}
    given: dict[str, Article] = {}

    def is_free(article: Article, name: str) -> bool:
        return name == article.id or name not in taken

    for article in articles:
        before = known.files.get(_hash(places[article.id])) if article.id in places else None
        if before is None or many[before] > 1 or not is_free(article, before):
            continue
        if before != article.id or before in edited:
            other = article_of(before)
            if other is not None and _report_the_same(article, other):
                given[article.id] = replace(article, id=before)
                taken.add(before)
    for article in articles:
        target = known.texts.get(article.id, article.id)
        is_an_edit = target != article.id or target in edited
        if article.id in given or not is_an_edit or not is_free(article, target):
            continue
        other = article_of(target)
        if other is not None and content(article) == article.id and _report_the_same(article, other):
            named = replace(article, id=target)
            given[article.id] = (
                named if content(other) == content(article) else replace(named, id=earlier_id(named))
            )
    return [given.get(article.id, article) for article in articles]


def _report_the_same(article: Article, other: Article) -> bool:
    days = {one.published.date() for one in (article, other) if one.published and not one.approximate_to}
    return article.source == other.source and len(days) < 2 and share_text(article, other)


def _hash(place: str) -> str:
    return hashlib.blake2b(place.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _names(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        raise ValueError("it lists no files")
    return value
