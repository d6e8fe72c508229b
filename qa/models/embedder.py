"""Text -> unit vectors, by a sentence-transformers model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np

from qa.models.openvino_runtime import Transformer
from qa.models.tokenizer import Tokenizer, Tokens
from qa.models.weights import load_transformer, prepare

TOKENISED_AHEAD = 512  # texts; the model waits for those of the first block alone


class Embedder(Protocol):
    """What the index needs of an embedder; tests put a small one of their own in its place."""

    name: str
    weights_sha256: str

    def embed_passages(
        self, texts: Sequence[str], *, done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        """Return unit vectors ``(n, dim)`` float32; ``done(n)`` hears of every n finished texts."""
        ...

    def embed_question(self, question: str) -> np.ndarray:
        """Return a unit vector ``(dim,)`` float32."""
        ...

    def token_offsets(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Return half-open characters ``(n, 2)`` of each text's tokens."""
        ...


class SentenceEmbedder:
    """A sentence-transformers model, with its own pooling and normalisation."""

    def __init__(
        self,
        transformer: Transformer,
        tokenizer: Tokenizer,
        *,
        name: str,
        weights_sha256: str,
        longest: int,
        query_prefix: str = "",
        document_prefix: str = "",
    ) -> None:
        self.name = name
        self.weights_sha256 = weights_sha256
        self._transformer = transformer
        self._tokenizer = tokenizer
        self._longest = longest
        self._query_prefix = query_prefix
        self._document_prefix = document_prefix

    @classmethod
    def load(cls, name: str) -> SentenceEmbedder:
        """Return the bundled embedder, a sentence-transformers folder or a hub name.

        :raises ModelError: if it is missing, altered or of the wrong kind.
        """
        model = prepare(name, "embedder")
        return cls(
            load_transformer(model),
            Tokenizer.load(model.folder),
            name=model.name,
            weights_sha256=model.weights_sha256,
            longest=model.longest,
            query_prefix=model.query_prefix,
            document_prefix=model.document_prefix,
        )

    def embed_passages(
        self, texts: Sequence[str], *, done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        blocks = [texts[first : first + TOKENISED_AHEAD] for first in range(0, len(texts), TOKENISED_AHEAD)]
        with ThreadPoolExecutor(max_workers=1) as ahead:  # tokenises while the blocks before are embedded
            tokenised = [ahead.submit(self._encode, block, self._document_prefix) for block in blocks]
            vectors = [_unit(self._transformer.run(job.result(), done=done)) for job in tokenised]
        return np.concatenate(vectors)

    def embed_question(self, question: str) -> np.ndarray:
        sequences = self._encode([question], self._query_prefix)
        vector: np.ndarray = _unit(self._transformer.run(sequences))[0]
        return vector

    def token_offsets(self, texts: Sequence[str]) -> list[np.ndarray]:
        return self._tokenizer.offsets(texts)

    def _encode(self, texts: Sequence[str], prefix: str) -> list[Tokens]:
        return self._tokenizer.encode([prefix + text for text in texts], longest=self._longest)


def _unit(outputs: list[tuple[np.ndarray, ...]]) -> np.ndarray:
    vectors = np.stack([output[0] for output in outputs]).astype(np.float32)
    # bfloat16 leaves lengths a few thousandths off 1, which would blur inner products.
    units: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units
