"""Unit vectors -> the nearest passages to a question, by FAISS; the only module that knows it.

The index is exact: inner products with every vector, 10 ms for 140,000 passages on two cores
(``python -m benchmarks.speed``).
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np

from qa.errors import IndexDamaged

FILE = "vectors.faiss"


class Vectors:
    """The vectors of a generation, memory-mapped; position in the file is the passage's number."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def open(cls, folder: Path) -> Vectors:
        """:raises IndexDamaged: if the file cannot be read."""
        path = folder / FILE
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as fault:
            raise IndexDamaged(
                "the vectors cannot be read", where=path, cure="Build the index again."
            ) from fault

    def __len__(self) -> int:
        return self._index.ntotal

    @property
    def dimension(self) -> int:
        return self._index.d

    def search(
        self, question: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Numbers ``(m,)`` and cosines ``(m,)`` of the nearest passages, best first; ``m <= k``.

        ``allowed`` is a boolean ``(n,)``: passages outside it are never looked at, so a filter
        never costs hits. Equal cosines come in the order of their numbers.
        """
        parameters = None
        available = len(self)
        if allowed is not None:
            available = int(np.count_nonzero(allowed))
            bits = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits)))
        k = min(k, available)
        if k == 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        cosines, numbers = self._index.search(question[None, :], k, params=parameters)
        order = np.lexsort((numbers[0], -cosines[0]))
        return numbers[0][order], cosines[0][order]

    def take(self, numbers: np.ndarray) -> np.ndarray:
        """The vectors ``(m, dim)`` of these passages."""
        return self._index.reconstruct_batch(np.asarray(numbers, dtype=np.int64))


def write_vectors(vectors: np.ndarray, folder: Path) -> None:
    """Write unit vectors ``(n, dim)`` float32 as a FAISS file.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    # Through our own stream: FAISS's writer turns a full disk into an unspecific RuntimeError.
    with (folder / FILE).open("wb") as stream:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))
