"""An index's address -> the place that keeps it, which can build it, open it, show it and check it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa.index.embedding import Embedder
from qa.index.engine import Engine
from qa.index.listening import Listener
from qa.index.milvus.address import MilvusAddress
from qa.index.shards import Shard
from qa.records import BuildReport, Filter, ForgetReport, Overview
from qa.settings import IndexSettings

if TYPE_CHECKING:
    from qa.index.gather import Gathered  # with all that reads articles, which a question needs none of


@dataclass(frozen=True, slots=True)
class Job:
    """What a build is to do, with everything read, loaded and checked."""

    gathered: Gathered
    add: bool  # keep what the index holds
    shard: Shard | None  # write this part of the articles only
    settings: IndexSettings
    embedder: Embedder
    listener: Listener
    started: float  # by time.monotonic()


@dataclass(frozen=True, slots=True)
class Selection:
    """Articles to be deleted: those that pass the condition and, if ids are named, have one of them."""

    ids: tuple[str, ...]
    condition: Filter


class Whole(Protocol):
    """What was found to be whole."""

    @property
    def generation(self) -> str:
        """Names the state that was checked."""

    @property
    def articles(self) -> int:
        """How many there are."""

    @property
    def passages(self) -> int:
        """How many there are."""


class Place(Protocol):
    """Where an index is, or will be."""

    def prepare(self, shard: Shard | None) -> None:
        """Make sure, before hours of work, that a build can write here.

        :raises QAError: if it cannot.
        """

    def build(self, job: Job) -> BuildReport:
        """:raises IndexError_: if it cannot be written; what was there is then untouched."""

    def forget(self, selection: Selection, *, dry_run: bool) -> ForgetReport:
        """Delete articles; nothing is written if none is selected.

        :raises InputError: if no article would be left.
        :raises IndexError_: if there is no whole index, or it cannot be written.
        """

    def open(self) -> Engine:
        """:raises IndexError_: if there is no whole index."""

    def overview(self) -> Overview:
        """What is in the index; needs no model.

        :raises IndexError_: if there is no whole index.
        """

    def check(self) -> Whole:
        """Read all of the index.

        :raises IndexError_: at the first thing that is wrong, with its cure.
        """


def place_of(index: str | Path) -> Place:
    """The place that this address names.

    :raises InputError: if it is a malformed address of Milvus.
    """
    if MilvusAddress.is_meant(str(index)):
        from qa.index.milvus.place import MilvusPlace

        return MilvusPlace(MilvusAddress.parse(str(index)))
    from qa.index.local_place import LocalPlace

    return LocalPlace(Path(index))
