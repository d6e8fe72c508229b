"""Arrow columns <-> NumPy arrays, without pandas.

pyarrow's own ``to_numpy`` and ``array`` import pandas wherever it is installed, to look whether they were
handed some of it: a fifth of a second of every first question. What opens an index goes through here.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_MOMENT = np.dtype("datetime64[us]")


def numpy_of(column: pa.ChunkedArray) -> np.ndarray:
    """Return the values ``(n,)`` of a column of numbers, booleans or moments.

    Nulls, which only moments have, are NaT. A column of numbers in one piece stays in its file, uncopied.
    """
    pieces = [_piece(chunk) for chunk in column.chunks]
    if len(pieces) == 1:
        return pieces[0]
    return np.concatenate([np.empty(0, _dtype_of(column.type)), *pieces])


def place_of(texts: pa.Array, at: int) -> tuple[int, int]:
    """Return where the bytes of a text lie in memory, and how many they are."""
    _, bounds, letters = texts.buffers()
    start, stop = np.frombuffer(bounds, np.int64, 2, 8 * (texts.offset + at)).tolist()
    return letters.address + start, stop - start


def integers(values: np.ndarray) -> pa.Array:
    """Return integers ``(n,)`` as Arrow's int64, to take rows by."""
    contiguous = np.ascontiguousarray(values, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), len(contiguous), [None, pa.py_buffer(contiguous)])


def _piece(chunk: pa.Array) -> np.ndarray:
    if pa.types.is_boolean(chunk.type):
        return np.from_dlpack(chunk.cast(pa.uint8())).view(bool)
    if not len(chunk):
        return np.empty(0, _dtype_of(chunk.type))
    until = chunk.offset + len(chunk)
    values = np.frombuffer(chunk.buffers()[1], _dtype_of(chunk.type), until)[chunk.offset :]
    if not chunk.null_count:
        return values
    unknown = np.from_dlpack(chunk.is_null().cast(pa.uint8())).view(bool)
    return np.where(unknown, np.array("NaT", _MOMENT), values)


def _dtype_of(type_: pa.DataType) -> np.dtype:
    return _MOMENT if pa.types.is_timestamp(type_) else np.dtype(type_.to_pandas_dtype())
