"""What a Parquet file says of itself -> the bytes that it unpacks to."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData


def unpacked_sizes(metadata: FileMetaData, columns: Container[str] | None = None) -> list[int]:
    """Return the bytes of these columns, or of all, in each row group, without values written out twice."""
    return [
        sum(
            column.total_uncompressed_size
            for column in map(group.column, range(group.num_columns))
            if columns is None or column.path_in_schema.split(".")[0] in columns
        )
        for group in map(metadata.row_group, range(metadata.num_row_groups))
    ]
