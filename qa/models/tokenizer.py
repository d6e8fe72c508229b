"""Text -> token ids with character offsets, for threads that share a tokenizer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from tokenizers import Encoding
from tokenizers import Tokenizer as RustTokenizer

from qa.errors import ModelError


@dataclass(frozen=True, slots=True)
class Tokens:
    """One sequence as a transformer reads it."""

    ids: np.ndarray  # (n,) int64
    types: np.ndarray  # (n,) int64; 0 for the first text of a pair, 1 for the second where the model knows it

    def __len__(self) -> int:
        return len(self.ids)


class Tokenizer:
    """A fast tokenizer whose truncation settings may change from call to call.

    Truncation is state inside the Rust object, so each call that cuts sets and uses it under one lock. Whole
    texts, of which one may take many seconds, have an object of their own without a lock.
    """

    def __init__(self, rust: RustTokenizer) -> None:
        self._rust = rust
        self._rust.no_padding()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, folder: Path) -> Tokenizer:
        """Read ``tokenizer.json``.

        :raises ModelError: if it is missing or broken.
        """
        path = folder / "tokenizer.json"
        try:
            return cls(RustTokenizer.from_file(str(path)))
        except Exception as fault:  # the Rust side raises bare Exception
            raise ModelError(
                f"the tokenizer cannot be read ({fault})", where=path, cure="Restore the model's folder."
            ) from fault

    @cached_property
    def _uncut(self) -> RustTokenizer:
        """The same tokenizer that never cuts, made when a build first wants it."""
        rust = RustTokenizer.from_str(self._rust.to_str())
        rust.no_padding()
        rust.no_truncation()
        return rust

    def encode(self, texts: Sequence[str], *, longest: int) -> list[Tokens]:
        """Return single sequences with special tokens, cut off at ``longest`` tokens."""
        with self._lock:
            self._rust.enable_truncation(longest)
            encodings = self._rust.encode_batch(list(texts))
        return [tokens_of(encoding) for encoding in encodings]

    def offsets(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Return character offsets of every token, none special: one ``(n, 2)`` half-open array a text."""
        encodings = self._uncut.encode_batch(list(texts), add_special_tokens=False)
        return [np.array(e.offsets, dtype=np.int32).reshape(-1, 2) for e in encodings]

    def encode_pairs(
        self, first: str, seconds: Sequence[str], *, longest: int, stride: int
    ) -> list[list[Encoding]]:
        """Encode pairs (first, second) with special tokens; a second text too long for one sequence
        comes back as several that overlap by ``stride`` tokens. One list of encodings a pair.

        :raises ValueError: if the first text leaves no room for the second.
        """
        with self._lock:
            self._rust.no_truncation()
            room = longest - len(self._rust.encode(first, "").ids)
            if room <= stride:
                raise ValueError(f"{room} tokens of {longest} are left for the passage, stride {stride}")
            self._rust.enable_truncation(longest, stride=stride, strategy="only_second")
            encodings = self._rust.encode_batch([(first, second) for second in seconds])
        return [[encoding, *encoding.overflowing] for encoding in encodings]

    def truncate(self, text: str, *, longest: int) -> str:
        """Return the text up to and with its first ``longest`` tokens."""
        with self._lock:
            self._rust.enable_truncation(longest)
            encoding = self._rust.encode(text, add_special_tokens=False)
        return text[: encoding.offsets[-1][1]] if encoding.overflowing else text


def tokens_of(encoding: Encoding) -> Tokens:
    """Return the ids and types of one encoding as arrays."""
    return Tokens(np.array(encoding.ids, dtype=np.int64), np.array(encoding.type_ids, dtype=np.int64))
