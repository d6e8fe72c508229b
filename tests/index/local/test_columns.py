"""Arrow and NumPy, there and back, against what pyarrow itself makes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index.local.columns import integers, numpy_of

VALUES = {
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.uint16(): st.integers(0, 2**16 - 1),
    pa.bool_(): st.booleans(),
    pa.timestamp("us", tz="UTC"): st.none() | st.datetimes(timezones=st.just(UTC)),
}


@st.composite
def columns(draw: st.DrawFn, type_: pa.DataType) -> pa.ChunkedArray:
    """Return a column in several pieces, each cut out of a longer one, as tables of several files have it."""
    pieces = []
    for values in draw(st.lists(st.lists(VALUES[type_], max_size=20), max_size=3)):
        first = draw(st.integers(0, len(values)))
        pieces.append(pa.array(values, type_).slice(first, draw(st.integers(0, len(values)))))
    return pa.chunked_array(pieces, type_)


@pytest.mark.parametrize("type_", VALUES, ids=str)
@given(st.data())
def test_column_comes_out_as_pyarrow_gives_it(type_: pa.DataType, data: st.DataObject):
    column = data.draw(columns(type_))
    expected = column.to_numpy() if len(column) else np.empty(0, numpy_of(column).dtype)
    np.testing.assert_array_equal(numpy_of(column), expected)
    assert numpy_of(column).dtype == expected.dtype


def test_unknown_moment_is_not_a_time():
    column = pa.chunked_array(
        [pa.array([datetime(2023, 7, 25, tzinfo=UTC), None], pa.timestamp("us", "UTC"))]
    )
    assert numpy_of(column).tolist() == [datetime(2023, 7, 25), None]


def test_numbers_in_one_piece_are_not_copied():
    piece = pa.array([3, 1, 2], pa.int32())
    assert numpy_of(pa.chunked_array([piece])).ctypes.data == piece.buffers()[1].address


@given(st.lists(st.integers(-(2**31), 2**31 - 1)), st.sampled_from([np.int32, np.int64]))
def test_integers_become_arrow_rows(values: list[int], kind: type):
    every_other = np.repeat(np.array(values, dtype=kind), 2)[::2]  # not contiguous in memory
    assert integers(every_other).equals(pa.array(values, pa.int64()))
