"""How an index in Milvus was made and what its last build left <-> notes, kept among the articles."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from qa.errors import IndexDamaged, IndexMismatch
from qa.index.forgotten import ForgottenList, damaged
from qa.index.make import Make
from qa.index.milvus.client import Milvus
from qa.index.milvus.rows import part_key
from qa.index.milvus.schema import KEY, LONGEST_TEXT
from qa.reports import Skipped
from qa.small_json import BrokenJson, parse

FORMAT = 2  # raise it when an older program could no longer read what is written
OLDEST = 1  # still read; it does not know which rule cut the passages
_FORGOTTEN = "forgotten"
_MAKE, _STATE, _SKIPPED = "make", "state", "skipped-{version}"


@dataclass(frozen=True, slots=True)
class State:
    """What the last finished build left."""

    version: str  # another one after every build
    built: datetime  # aware, UTC
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Metadata:
    """The notes in a collection of articles."""

    milvus: Milvus
    collection: str

    def make(self) -> Make:
        """Return how the index was made.

        :raises IndexDamaged: if it keeps no make.
        :raises IndexMismatch: if another version of this program made the index.
        """
        where = self.milvus.address.written
        stored = self._read(_MAKE)
        if stored is None:
            raise IndexDamaged("it does not say how it was made", where=where, cure="Build the index again.")
        try:
            format_ = int(stored["format"])
            if OLDEST <= format_ <= FORMAT:
                return Make.kept({name: value for name, value in stored.items() if name != "format"})
        except (KeyError, TypeError, ValueError) as fault:
            raise _broken(self.milvus, fault) from fault
        raise IndexMismatch(
            f"the index has format {format_}, this program reads format {FORMAT}",
            where=where,
            cure="Update News QA." if format_ > FORMAT else "Build the index again.",
        )

    def keeps_make(self) -> bool:
        """Return whether there is a note of how the index was made, readable or not."""
        return bool(self.milvus.named(self.collection, "article", [_MAKE], ["part"]))

    def write_make(self, make: Make) -> None:
        self.write(_MAKE, asdict(make) | {"format": FORMAT})

    def state(self) -> State | None:
        """Return None if no build was finished."""
        stored = self._read(_STATE)
        if stored is None:
            return None
        try:
            skipped = self._read(_SKIPPED.format(version=stored["version"]))
            return State(
                stored["version"],
                datetime.fromisoformat(stored["built"]),
                tuple(Skipped(where, why) for where, why in skipped or ()),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise _broken(self.milvus, fault) from fault

    def write_state(self, skipped: Sequence[Skipped]) -> None:
        """Write down that a build is finished now, and what it left out."""
        before = self._read(_STATE)
        version = secrets.token_hex(8)
        self.write(_SKIPPED.format(version=version), [(s.where, s.why) for s in skipped])
        # One row, so that nobody reads half of it.
        self.write(_STATE, {"version": version, "built": datetime.now(UTC).isoformat(timespec="seconds")})
        if before is not None:
            outdated = _SKIPPED.format(version=before["version"])
            self.milvus.delete(self.collection, "article", [outdated])

    def forgotten(self) -> ForgottenList:
        """Return what later builds must leave out.

        :raises IndexDamaged: if it cannot be read.
        """
        stored = self._read(_FORGOTTEN)
        try:
            return ForgottenList() if stored is None else ForgottenList.parse(stored)
        except (ValueError, AttributeError) as fault:
            raise damaged(self.milvus.address.written, fault) from fault

    def write_forgotten(self, forgotten: ForgottenList) -> None:
        self.write(_FORGOTTEN, forgotten.as_object())

    def write(self, name: str, value: object) -> None:
        """Write a note, in as many rows as it needs; what a note of that name said is gone."""
        body = json.dumps(value)
        blank = {"article": name, "id": "", "copies": "", "facts": "", "place": [1.0, 0.0]}
        pieces = [body[first : first + LONGEST_TEXT] for first in range(0, len(body), LONGEST_TEXT)]
        rows = [
            {KEY: part_key(name, part), "part": part, "body": piece, **blank}
            for part, piece in enumerate(pieces)
        ]
        self.milvus.upsert(self.collection, rows)

    def _read(self, name: str) -> Any:
        """Return what a note says; None if there is no such note."""
        rows = self.milvus.named(self.collection, "article", [name], ["part", "body"])
        body = "".join(row["body"] for row in sorted(rows, key=lambda row: row["part"]))
        try:
            return parse(body) if body else None
        except BrokenJson as fault:
            raise _broken(self.milvus, fault) from fault


def _broken(milvus: Milvus, fault: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"what it says of itself is broken ({fault})",
        where=milvus.address.written,
        cure="Build the index again.",
    )
