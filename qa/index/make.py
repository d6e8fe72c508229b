"""A build -> the Make of an index: how its passages were cut and embedded; the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass

from qa.models.embedder import Embedder
from qa.passages import CHUNKER_VERSION
from qa.settings import IndexSettings


@dataclass(frozen=True, slots=True)
class Make:
    """How an index was made; passages of two makes do not mix."""

    embedder: str
    embedder_sha256: str
    dimension: int
    passage_tokens: int
    overlap_tokens: int
    chunker: int = 1  # the version of the rule that cut; an index from before it was kept says nothing

    @classmethod
    def of(cls, embedder: Embedder, settings: IndexSettings) -> Make:
        """Return the make of what is built now."""
        return cls(
            embedder=embedder.name,
            embedder_sha256=embedder.weights_sha256,
            dimension=len(embedder.embed_question("How long is a vector?")),
            passage_tokens=settings.passage_tokens,
            overlap_tokens=settings.overlap_tokens,
            chunker=CHUNKER_VERSION,
        )

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
        if (self.passage_tokens, self.overlap_tokens) != (other.passage_tokens, other.overlap_tokens):
            return (
                f"its passages have {self.passage_tokens} tokens and an overlap of {self.overlap_tokens}, "
                f"not {other.passage_tokens} and {other.overlap_tokens}"
            )
        if self.chunker != other.chunker:
            return f"its passages were cut by rule {self.chunker}, this program cuts by rule {other.chunker}"
        return None
