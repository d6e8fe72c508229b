"""A build -> the Make of an index: how its passages were cut and embedded; the same for every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from qa.models.embedder import Embedder
from qa.passages import CHUNKER_VERSION
from qa.settings import ChunkSettings, IndexSettings

_CHUNK_SETTINGS = tuple(known.name for known in fields(ChunkSettings))
_ALWAYS_KEPT = ("passage_tokens", "overlap_tokens")  # by indexes of every version


@dataclass(frozen=True, slots=True, kw_only=True)
class Make(ChunkSettings):
    """How an index was made; passages of two makes do not mix."""

    embedder: str
    embedder_sha256: str
    dimension: int
    chunker: int = 1  # the version of the rule that cut; an index from before it was kept says nothing

    @classmethod
    def of(cls, embedder: Embedder, settings: IndexSettings) -> Make:
        """Return the make of what is built now."""
        return cls(
            embedder=embedder.name,
            embedder_sha256=embedder.weights_sha256,
            dimension=len(embedder.embed_question("How long is a vector?")),
            chunker=CHUNKER_VERSION,
            **{name: getattr(settings, name) for name in _CHUNK_SETTINGS},
        )

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> Make:
        """Return the make that an index keeps.

        :raises KeyError: or TypeError, if a value is missing that every version kept, or is unknown.
        """
        check_kept(values)
        return cls(**values)

    def differs_from(self, other: Make) -> str | None:
        """Say what keeps this index from taking passages of the other make; None if nothing does.

        A name of the embedder is only a name: the hash of its weights decides.
        """
        if self.embedder_sha256 != other.embedder_sha256:
            return (
                f"the index was built with {self.embedder!r} (weights {self.embedder_sha256[:12]}), "
                f"not with {other.embedder!r} (weights {other.embedder_sha256[:12]})"
            )
        if self.dimension != other.dimension:
            return (
                f"its vectors have {self.dimension} dimensions, "
                f"those of {other.embedder!r} have {other.dimension}"
            )
        for name in _CHUNK_SETTINGS:
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                return f"its passages were cut with {name.replace('_', ' ')} of {mine}, not {theirs}"
        if self.chunker != other.chunker:
            return f"its passages were cut by rule {self.chunker}, this program cuts by rule {other.chunker}"
        return None


def check_kept(values: Mapping[str, Any]) -> None:
    """Refuse settings that lack what indexes of every version keep.

    :raises KeyError: if a setting of the chunker is missing that indexes of every version keep.
    """
    for name in _ALWAYS_KEPT:
        _ = values[name]
