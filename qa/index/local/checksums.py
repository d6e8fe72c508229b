"""A segment's files -> a checksum of each of their blocks, kept beside them.

The hash of a whole file proves it whole only after all of it was read. A large index is opened without
that, so what is read later is compared block by block: XXH3 of 64 bits, which is no proof against
forgers, and finds every flipped bit that a disk has made. Blocks are of two kinds: most are compared
before the file is first used; those of texts, postings and vectors, nearly all of the bytes, later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import xxhash

from qa.errors import IndexDamaged
from qa.index.local.tables import map_file, read_table, write_table

CHECKSUMS = "checksums.arrow"
BLOCK = 1 << 16  # bytes; a block is compared in 20 us, and a million passages have 40,000
PIECE = 1 << 23  # bytes read at once: threads that wait for Python's lock wait once for each
_SCHEMA = pa.schema(
    [
        ("file", pa.string()),  # its name in the segment
        ("block", pa.int32()),  # bytes of a block; the last may be shorter
        ("sums", pa.list_(pa.uint64())),  # XXH3 of each block
        ("late", pa.list_(pa.bool_())),  # compared when it is read, not before the file is used
    ]
)
Ranges = Sequence[tuple[int, int]]  # half-open bytes of a file


@dataclass(frozen=True, slots=True)
class FileChecksums:
    """What each block of a file must look like."""

    block: int  # bytes
    sums: np.ndarray  # uint64 (blocks,)
    late: np.ndarray  # boolean (blocks,)

    @classmethod
    def of(cls, path: Path, late: Ranges, block: int) -> FileChecksums:
        """Return the checksums of a file; ``late``: its bytes that are compared only when they are read."""
        many = max(1, PIECE // block) * block
        with path.open("rb") as stream:
            pieces = iter(lambda: stream.read(many), b"")
            sums = np.array([value for piece in pieces for value in sums_of(piece, block)], dtype=np.uint64)
        size = path.stat().st_size
        inside = np.zeros(len(sums), dtype=bool)
        for start, stop in late:
            end = len(sums) if stop == size else stop // block
            inside[-(-start // block) : end] = True  # only blocks that hold nothing else
        return cls(block, sums, inside)


def sums_of(piece: bytes | memoryview, block: int) -> Iterator[int]:
    """Yield the checksum of each block of a piece, which begins with a block."""
    view = memoryview(piece)
    for start in range(0, len(view), block):
        yield xxhash.xxh3_64_intdigest(view[start : start + block])


def _read(path: Path) -> pa.Buffer:
    """Read all of it: it is small and looked at once, and read it can be cut without harm."""
    return pa.py_buffer(path.read_bytes())


def read_checksums(segment: Path, *, mapped: Callable[[Path], pa.Buffer] = _read) -> dict[str, FileChecksums]:
    """Return the checksums of a segment's files by their names; none where an older program wrote it.

    :raises IndexDamaged: if they cannot be read.
    """
    path = segment / CHECKSUMS
    if not path.exists():
        return {}
    known = {}
    for row in read_table(path, _SCHEMA, mapped=mapped).to_pylist():
        sums, late = np.array(row["sums"], dtype=np.uint64), np.array(row["late"], dtype=bool)
        if row["block"] < 1 or len(sums) != len(late):
            raise IndexDamaged("the checksums make no sense", where=path, cure="Build the index again.")
        known[row["file"]] = FileChecksums(row["block"], sums, late)
    return known


def write_checksums(segment: Path, late: Mapping[str, Ranges]) -> bool:
    """Write those of a finished segment's files that are not known yet; False if all were.

    ``late``: by file, the bytes that need not be compared before it is used. What was known is kept:
    computed anew, a file damaged meanwhile would count as whole.

    :raises OSError: if the disk is full or the folder cannot be written.
    """
    known = read_checksums(segment)
    names = sorted(path.name for path in segment.iterdir() if path.name != CHECKSUMS)
    if all(name in known for name in names):
        return False
    now = {
        n: known[n] if n in known else FileChecksums.of(segment / n, late.get(n, ()), BLOCK) for n in names
    }
    columns = [
        names,
        pa.array([one.block for one in now.values()], pa.int32()),
        pa.array([one.sums for one in now.values()], _SCHEMA.field("sums").type),
        pa.array([one.late.tolist() for one in now.values()], _SCHEMA.field("late").type),
    ]
    # A segment that was taken over shares its files with the generation before: never write into one.
    (segment / CHECKSUMS).unlink(missing_ok=True)
    write_table([pa.table(columns, schema=_SCHEMA)], _SCHEMA, segment / CHECKSUMS)
    return True


def compare_all(segment: Path) -> None:
    """Compare every block of every file.

    :raises IndexDamaged: if one differs.
    """
    for name, known in read_checksums(segment).items():
        if not np.array_equal(FileChecksums.of(segment / name, (), known.block).sums, known.sums):
            raise IndexDamaged(
                "its content does not fit its checksums", where=segment / name, cure="Build the index again."
            )


def columns_in(path: Path, columns: Iterable[str]) -> list[tuple[int, int]]:
    """Return where the values of these columns lie in an Arrow file."""
    whole = map_file(path)
    table = pa.ipc.open_file(whole).read_all()
    places = []
    for column in columns:
        for chunk in table[column].chunks:
            values = chunk.buffers()[-1]
            start = values.address - whole.address
            places.append((start, start + values.size))
    return places
