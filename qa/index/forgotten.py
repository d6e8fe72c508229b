"""What was forgotten of an index -> what later builds must leave out: ids, and hashes of content and address.

No title, text or address is kept. An article that comes in again under its id, with its content or from
its address is left out, and the build says so, until somebody lets it back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path

from qa.disk import write_synced
from qa.errors import IndexDamaged, InputError
from qa.index.engine import Gathered
from qa.passages import content
from qa.records import Article
from qa.reports import Skipped
from qa.shipped import COMMAND
from qa.small_json import BrokenJson, read_object

FILE = "forgotten.json"
_MOST_BYTES = 512 << 20  # some three million articles


@dataclass(frozen=True, slots=True)
class Trace:
    """What is kept of an article that was forgotten."""

    id: str
    content: str  # hash of title, text and source
    address: str  # hash of its address; "" without one

    @classmethod
    def of(cls, article: Article) -> Trace:
        return cls(article.id, content(article), _hash(article.url))


@dataclass(frozen=True)
class ForgottenList:
    """All that was forgotten of one index."""

    traces: tuple[Trace, ...] = ()

    @classmethod
    def parse(cls, kept: Mapping[str, object]) -> ForgottenList:
        """Read what :meth:`as_object` gave.

        :raises ValueError: if it is something else.
        """
        traces = kept.get("articles")
        if not isinstance(traces, list):
            raise ValueError("it lists no articles")
        read = []
        names = [field.name for field in fields(Trace)]
        for trace in traces:
            values = [trace.get(name) for name in names] if isinstance(trace, dict) else []
            texts = [value for value in values if isinstance(value, str)]
            if len(texts) < len(names):
                raise ValueError("one of its articles is broken")
            read.append(Trace(*texts))
        return cls(tuple(read))

    def as_object(self) -> dict[str, object]:
        """Return the list as plain values for JSON."""
        return {"articles": [{"id": t.id, "content": t.content, "address": t.address} for t in self.traces]}

    def holds(self, article: Article) -> bool:
        """Return whether the article was forgotten, under whatever name it comes."""
        ids, contents, addresses = self._known
        return article.id in ids or _hash(article.url) in addresses or content(article) in contents

    def with_articles(self, articles: Iterable[Article]) -> ForgottenList:
        """Return the list after these were forgotten, too."""
        return ForgottenList(tuple(dict.fromkeys([*self.traces, *map(Trace.of, articles)])))

    def without_ids(self, ids: Sequence[str]) -> ForgottenList:
        """Return the list after the articles of these ids were let back."""
        return ForgottenList(tuple(trace for trace in self.traces if trace.id not in ids))

    def leave_out(self, gathered: Gathered, *, where: object) -> Gathered:
        """Return what a build is given without what was forgotten, which it reports as skipped.

        :raises InputError: if nothing is left.
        """
        if not self.traces:
            return gathered
        out = [article for article in gathered.articles if self.holds(article)]
        if not out:
            return gathered
        if len(out) == len(gathered.articles):
            raise InputError(
                f"all {len(out):,} articles of the input were forgotten, and stay so",
                where=where,
                cure=f"Name other inputs, or let one back: {COMMAND} forget --let-back ID",
            )
        gone = {article.id for article in out}
        why = f"It was forgotten, and stays so. {COMMAND} forget --let-back ID takes that back."
        return replace(
            gathered,
            articles=[article for article in gathered.articles if article.id not in gone],
            skipped=[*gathered.skipped, *(Skipped(f"article {article.id}", why) for article in out)],
        )

    @cached_property
    def _known(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        return (
            frozenset(trace.id for trace in self.traces),
            frozenset(trace.content for trace in self.traces),
            frozenset(trace.address for trace in self.traces if trace.address),
        )


def read_forgotten(folder: Path) -> ForgottenList:
    """Return what was forgotten of the index in this folder.

    :raises IndexDamaged: if the file is there and cannot be read.
    """
    path = folder / FILE
    try:
        return ForgottenList.parse(read_object(path, most_bytes=_MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return ForgottenList()
    except (OSError, BrokenJson, ValueError) as fault:
        raise damaged(path, fault) from fault


def write_forgotten(folder: Path, forgotten: ForgottenList) -> None:
    """Have the list on disk before anything is deleted.

    :raises OSError: if it cannot be written.
    """
    write_synced(folder / FILE, json.dumps(forgotten.as_object(), indent=0))


def damaged(where: object, fault: Exception) -> IndexDamaged:
    """Return the fault of a broken list: without it a build would bring back what was forgotten."""
    return IndexDamaged(
        f"the list of what was forgotten cannot be read ({fault})",
        where=where,
        cure="Restore it from a backup; without it a build would bring forgotten articles back.",
    )


def _hash(address: str) -> str:
    address = address.strip()
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:32] if address else ""
