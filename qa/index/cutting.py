"""Texts -> the passage spans of each; the same for every engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.models.embedder import Embedder
from qa.passages import chunk
from qa.settings import IndexSettings

TOGETHER = 64  # texts whose tokens are counted in one call, on all cores

Span = tuple[int, int]  # half-open characters


def cut(texts: Sequence[str], embedder: Embedder, settings: IndexSettings) -> list[list[Span]]:
    """Return the passages of each text, in the tokens of the embedder."""
    return [spans for batch in cut_in_batches(texts, embedder, settings) for spans in batch]


def cut_in_batches(
    texts: Sequence[str], embedder: Embedder, settings: IndexSettings
) -> Iterator[list[list[Span]]]:
    """Yield the passages of the next texts, so that a long build can report how far it is."""
    for first in range(0, len(texts), TOGETHER):
        batch = texts[first : first + TOGETHER]
        yield [
            chunk(text, tokens, settings)
            for text, tokens in zip(batch, embedder.token_offsets(batch), strict=True)
        ]
