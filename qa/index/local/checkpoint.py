"""Texts -> vectors, shard by shard; each finished shard is kept on disk, so a killed build goes on.

A shard's file is named by a hash of its texts and of the embedder. So it is found again only by a build
that would compute the very same vectors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from qa.models.embedder import Embedder

SHARD = 2048  # passages: half a minute of work on two slow cores, lost at most


def embed_resumably(
    texts: Sequence[str], embedder: Embedder, folder: Path, *, done: Callable[[int], None]
) -> np.ndarray:
    """Return unit vectors ``(n, dim)`` float32; ``done(n)`` hears of every n finished texts.

    :raises OSError: if a shard cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shards = []
    for first in range(0, len(texts), SHARD):
        shard = texts[first : first + SHARD]
        path = folder / f"{_key(shard, embedder)}.npy"
        vectors = _load(path, len(shard))
        if vectors is None:
            vectors = embedder.embed_passages(shard, done=done)
            _save(vectors, path)
        else:
            done(len(shard))
        shards.append(vectors)
    return np.concatenate(shards)


def _key(texts: Sequence[str], embedder: Embedder) -> str:
    digest = hashlib.sha256(embedder.weights_sha256.encode())
    for text in texts:
        # The length keeps ("ab", "c") and ("a", "bc") apart.
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()[:32]


def _load(path: Path, rows: int) -> np.ndarray | None:
    try:
        vectors = np.load(path, allow_pickle=False)
    except Exception:  # not there, cut off by the kill, or a damaged header: from OSError to TokenError
        return None
    whole = vectors.dtype == np.float32 and vectors.ndim == 2 and len(vectors) == rows
    # A damaged shard would poison the index unseen; unit length is the cheap proof that it is sound.
    sound = whole and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    return vectors if sound else None


def _save(vectors: np.ndarray, path: Path) -> None:
    scratch = path.with_suffix(".tmp")
    with scratch.open("wb") as stream:
        np.save(stream, vectors, allow_pickle=False)
    scratch.replace(path)
