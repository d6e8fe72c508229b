"""Unit vectors -> the nearest passages to a question, by FAISS; the only module that knows it.

A small archive is searched exactly. In a large one (``EXACT_UP_TO``) each large segment has an inverted
file beside its vectors: they are sorted into cells around centres, and only the cells nearest to
the question are looked at. What comes back are the true cosines either way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pyarrow as pa

from qa.errors import IndexDamaged
from qa.index.local.generation import segment_folders
from qa.index.local.guard import NO_GUARD, Guard

_FAISS: Any = faiss  # what it adds when it is imported (keyword arguments, callbacks) has no types
FILE = "vectors.faiss"
CELLS = "cells.faiss"
EXACT_UP_TO = 200_000  # passages in all; beyond, cells are searched
_CELLS_FROM = 20_000  # passages of a segment; smaller ones are searched exactly even then
_PROBED = 1 / 8  # nprobe, as a share of the cells: 97.8 % of the ten nearest are found, 97.4 % with 1 / 16
_FEW = 1 / 16  # of a segment's passages: so few are compared one by one, whatever the archive's size
_DEEPER = 4  # times as many candidates are taken from the cells, whose vectors are rounded


@dataclass(frozen=True, slots=True)
class VectorPart:
    """The vectors of a segment, read where they lie in memory."""

    index: Any  # a faiss.IndexFlatIP, read as an Index of which no more is known
    cells: Any  # a faiss.IndexIVF, or None
    memory: Sequence[pa.Buffer]  # where both read, and which they do not keep themselves

    @classmethod
    def open(cls, segment: Path, guard: Guard = NO_GUARD) -> VectorPart:
        """Open the vectors of a segment.

        :param guard: reads or maps the files, and compares them.

        :raises IndexDamaged: if a file cannot be read.
        """
        flat = segment / FILE
        cells = segment / CELLS
        paths = [flat, cells] if cells.exists() else [flat]
        memory = [_memory_of(path, guard) for path in paths]
        indexes = [_read(path, one) for path, one in zip(paths, memory, strict=True)]
        if any(index.ntotal != indexes[0].ntotal for index in indexes):
            raise _unreadable(cells)
        return cls(indexes[0], indexes[1] if indexes[1:] else None, memory)

    def __len__(self) -> int:
        return int(self.index.ntotal)

    @property
    def rows(self) -> np.ndarray:
        """``(n, dim)`` float32, uncopied; alive only as long as this is."""
        flat: np.ndarray = _FAISS.rev_swig_ptr(self.index.get_xb(), len(self) * self.index.d)
        return flat.reshape(len(self), -1)

    def nearest(
        self, question: np.ndarray, k: int, allowed: np.ndarray | None, *, exactly: bool
    ) -> np.ndarray:
        """Return at most k numbers within the segment, in any order."""
        available = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if available <= k or available <= _FEW * len(self):
            every = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
            if available <= k:
                return every
            return every[np.argpartition(-(self.rows[every] @ question), k)[:k]]
        # With a selector FAISS keeps to one thread. Several, for a single question, mostly wait for each
        # other: six times the processor time at 100,000 vectors, and most where a build runs beside.
        selector = _FAISS.IDSelectorAll()
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = _FAISS.IDSelectorBitmap(len(bits), _FAISS.swig_ptr(bits))
        if exactly or self.cells is None:
            asked = _FAISS.SearchParameters(sel=selector)
            _, numbers = self.index.search(question[None, :], k, params=asked)
            exact: np.ndarray = numbers[0][numbers[0] >= 0]  # no number is -1 if the vectors are whole
            return exact
        # The nearest that are allowed lie further apart than the nearest of all.
        share = _PROBED if allowed is None else min(1.0, _PROBED * len(self) / available)
        nprobe = max(1, round(share * self.cells.nlist))
        asked = _FAISS.SearchParametersIVF(nprobe=nprobe, sel=selector)
        _, numbers = self.cells.search(question[None, :], min(_DEEPER * k, available), params=asked)
        found: np.ndarray = numbers[0][(numbers[0] >= 0) & (numbers[0] < len(self))]  # nor beyond the segment
        if len(found) <= k:
            return found
        return found[np.argpartition(-(self.rows[found] @ question), k)[:k]]


class Vectors:
    """The vectors of a generation; a passage's number is its position."""

    def __init__(self, parts: Sequence[VectorPart], alive: np.ndarray | None = None) -> None:
        """``alive``: boolean (passages,) over all parts, None if none was deleted."""
        self._parts = parts
        self._firsts = np.cumsum([0, *map(len, parts)])
        self._alive = None if alive is None or alive.all() else alive

    @classmethod
    def open(cls, folder: Path, alive: np.ndarray | None = None, guard: Guard = NO_GUARD) -> Vectors:
        """Open the vectors of a generation.

        :param guard: reads or maps the files, and compares them.

        :raises IndexDamaged: if a file cannot be read.
        """
        return cls([VectorPart.open(segment, guard) for segment in segment_folders(folder)], alive)

    def __len__(self) -> int:
        return int(self._firsts[-1])

    @property
    def dimension(self) -> int:
        return int(self._parts[0].index.d)

    def search(
        self, question: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return numbers ``(m,)`` and cosines ``(m,)`` of the nearest passages, best first; ``m <= k``.

        ``allowed`` is a boolean ``(n,)``: passages outside it are never looked at, so a filter
        never costs hits. Equal cosines come in the order of their numbers.
        """
        mask = self._alive if allowed is None else allowed
        exactly = len(self) <= EXACT_UP_TO
        found = [np.empty(0, dtype=np.int64)]
        for part, first in zip(self._parts, self._firsts[:-1].tolist(), strict=True):
            here = None if mask is None else mask[first : first + len(part)]
            if here is not None and here.all():
                here = None
            found.append(part.nearest(question, k, here, exactly=exactly) + first)
        numbers = np.concatenate(found)
        cosines = self.cosines(question, numbers)
        order = np.lexsort((numbers, -cosines))[:k]
        return numbers[order], cosines[order]

    def cosines(self, question: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        """Return inner products ``(m,)`` with these passages, each the same whatever stands beside it."""
        # A matrix product would round a row by its place in the matrix.
        products: np.ndarray = (self.take(numbers) * question).sum(axis=1)
        return products

    def take(self, numbers: np.ndarray) -> np.ndarray:
        """Return the vectors ``(m, dim)`` of these passages."""
        numbers = np.asarray(numbers, dtype=np.int64)
        taken = np.empty((len(numbers), self.dimension), dtype=np.float32)
        part_of = np.searchsorted(self._firsts, numbers, side="right") - 1
        for at in np.unique(part_of).tolist():
            here = part_of == at
            taken[here] = self._parts[at].rows[numbers[here] - self._firsts[at]]
        return taken


def late_in(segment: Path) -> dict[str, list[tuple[int, int]]]:
    """Return, by file, the bytes that FAISS reads only when it searches: the vectors, and those in cells.

    :raises IndexDamaged: if a file cannot be read.
    """
    part = VectorPart.open(segment)
    late = {FILE: _last(segment / FILE, len(part) * part.index.d * 4)}
    if part.cells is not None:
        # Cell by cell the codes and then the numbers, after all the rest.
        late[CELLS] = _last(segment / CELLS, len(part) * (part.cells.code_size + 8))
    return late


def write_vectors(pieces: Iterable[np.ndarray], folder: Path) -> None:
    """Write unit vectors ``(n, dim)`` float32, piece after piece, as a FAISS file.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    index: Any = None
    for piece in pieces:
        if index is None:
            index = faiss.IndexFlatIP(piece.shape[1])
        index.add(np.ascontiguousarray(piece, dtype=np.float32))
    _write(index, folder / FILE)


def write_cells(segment: Path) -> bool:
    """Sort a written segment's vectors into cells, if it is large enough and has none; True if it was done.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    part = VectorPart.open(segment)
    if part.cells is not None or len(part) < _CELLS_FROM:
        return False
    dimension = part.index.d
    cells = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        _nlist(len(part)),
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
        False,  # the vectors themselves, not what is left beside the centre
    )
    cells.cp.niter = 8
    cells.cp.max_points_per_centroid = 64  # trains four times as fast as the 256 of FAISS
    cells.train(part.rows)
    cells.add(part.rows)
    _write(cells, segment / CELLS)
    return True


def _last(path: Path, many: int) -> list[tuple[int, int]]:
    """Return the last so many bytes of a file, as ranges."""
    size = path.stat().st_size
    return [(size - many, size)]


def _nlist(passages: int) -> int:
    """Return a power of two near twice the root."""
    return 1 << round(math.log2(2 * math.sqrt(passages)))


def _write(index: faiss.Index, path: Path) -> None:
    # Through our own stream: FAISS's writer turns a full disk into an unspecific RuntimeError.
    with path.open("wb") as stream:
        faiss.write_index(index, _FAISS.PyCallbackIOWriter(stream.write))


def _memory_of(path: Path, guard: Guard) -> pa.Buffer:
    try:
        return guard.map(path)
    except OSError as fault:
        raise _unreadable(path) from fault


def _read(path: Path, memory: pa.Buffer) -> faiss.Index:
    """Read an index that leaves its vectors, and what is in its cells, where they are in memory."""
    content = np.frombuffer(memory, np.uint8)
    try:
        return faiss.read_index(_FAISS.ZeroCopyIOReader(_FAISS.swig_ptr(content), len(content)))
    except RuntimeError as fault:
        raise _unreadable(path) from fault


def _unreadable(path: Path) -> IndexDamaged:
    return IndexDamaged("the vectors cannot be read", where=path, cure="Build the index again.")
