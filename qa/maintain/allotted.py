"""An embedder and a number of tokens -> an embedder that does no more work than that."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qa.errors import InputError
from qa.models.embedder import Embedder
from qa.shipped import COMMAND


class Allotted:
    """An embedder that refuses texts of more than so many tokens before it embeds any of them.

    The time goes with the number of tokens, not of bytes. English has five characters a token. Of signs, and
    of scripts that the model hardly knows, each character is one: 400 kB of them kept a server busy for 40 s.
    """

    def __init__(self, embedder: Embedder, tokens: int) -> None:
        self.name = embedder.name
        self.weights_sha256 = embedder.weights_sha256
        self._embedder = embedder
        self._most = tokens
        self._seen = 0

    def embed_passages(
        self, texts: Sequence[str], *, done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        """Embed passages as the embedder does."""
        return self._embedder.embed_passages(texts, done=done)

    def embed_question(self, question: str) -> np.ndarray:
        """Embed a question as the embedder does."""
        return self._embedder.embed_question(question)

    def token_offsets(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Return token offsets as the embedder does.

        :raises InputError: if this and the calls before count more tokens than it was given.
        """
        offsets = []
        for text in texts:  # one by one: the tokens of all at once may take gigabytes
            offsets += self._embedder.token_offsets([text])
            self._seen += len(offsets[-1])
            if self._seen > self._most:
                raise InputError(
                    f"the articles have more than {self._most:,} tokens, as many as one request may bring",
                    cure=f"Send them in parts. What is larger by itself is added by: {COMMAND} build --add",
                )
        return offsets
