"""The size that a Parquet file unpacks to, by group and column."""

from __future__ import annotations

import io

import pyarrow as pa
from pyarrow import parquet

from qa.ingest.parquet_sizes import unpacked_sizes


def sizes(columns: set[str] | None = None) -> list[int]:
    table = pa.table({"text": ["lamp " * 2000] * 3, "tags": [["a" * 5000, "b"]] * 3, "n": [1, 2, 3]})
    file = io.BytesIO()
    parquet.write_table(table, file, row_group_size=2, use_dictionary=False, compression="zstd")
    assert file.tell() < 4000
    return unpacked_sizes(parquet.read_metadata(file), columns)


def test_size_of_each_row_group_counts_all_its_columns_unpacked():
    two, one = sizes()
    assert 30_000 < two < 30_500
    assert 15_000 < one < 15_500


def test_only_columns_that_are_read_count_those_of_lists_too():
    assert [round(size, -3) for size in sizes({"text"})] == [20_000, 10_000]
    assert [round(size, -3) for size in sizes({"tags"})] == [10_000, 5_000]
    assert sizes(set()) == [0, 0]
