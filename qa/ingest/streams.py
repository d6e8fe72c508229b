"""Bytes from anywhere -> a stream that is bounded, unpacked and shows its beginning."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol

from qa.ingest.limits import FREE_UNPACKED_BYTES, HEAD_BYTES, MOST_UNPACKED_RATIO

_GZIP = b"\x1f\x8b\x08"


class Unreadable(Exception):
    """A stream cannot be read on: the reason is the message."""


def reason_of(fault: Exception) -> str:
    """Return what a library says of a fault, in one short line; its kind where it says nothing."""
    said = " ".join(str(fault).split())[:100]
    return said or type(fault).__name__


class Bytes(Protocol):
    """Whatever gives bytes piece by piece."""

    def read(self, size: int = ..., /) -> bytes | None: ...


class Stream(io.RawIOBase):
    """A stream whose first bytes can be looked at; faults of the file come as Unreadable."""

    def __init__(self, raw: Bytes, head: bytes) -> None:
        self.head = head  # the first bytes, at most HEAD_BYTES
        self._raw = raw
        self._rest = head

    @classmethod
    def opened(cls, raw: Bytes) -> Stream:
        """Look at the beginning, and unpack if it is a gzip."""
        stream = cls(raw, _read_fully(raw, HEAD_BYTES))
        if not stream.head.startswith(_GZIP):
            return stream
        unpacked = _Unpacked(stream)
        chunks: list[bytes] = []
        size = 0
        try:
            while size < HEAD_BYTES and (chunk := _read(unpacked, HEAD_BYTES - size)):
                chunks.append(chunk)
                size += len(chunk)
        except Unreadable as fault:
            if not size:
                raise
            return cls(_Broken(fault), b"".join(chunks))  # what came before the fault is read
        return cls(unpacked, b"".join(chunks))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        chunk, self._rest = self._rest[:size], self._rest[size:]
        if not chunk:
            chunk = _read(self._raw, size)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def lines(self) -> io.BufferedReader:
        return io.BufferedReader(self, 2**18)

    def whole(self, most: int) -> bytes:
        """Read everything.

        :raises Unreadable: it is longer than ``most`` bytes.
        """
        data = _read_fully(self, most + 1)
        if len(data) > most:
            raise Unreadable(
                f"larger than {most // 2**20} MB, which is read in one piece; split it or use JSONL"
            )
        return data

    @contextmanager
    def as_file(self) -> Iterator[BinaryIO]:
        """Give the same bytes as a file that can be read in any order."""
        if isinstance(self._raw, io.BufferedReader) and self._raw.seekable():
            self._raw.seek(0)
            yield self._raw
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(self, copy, 2**20)
            copy.seek(0)
            yield copy


class _Unpacked(io.RawIOBase):
    """A gzip's content; a gzip that blows up far beyond its size ends with Unreadable."""

    def __init__(self, packed: Stream) -> None:
        self._counted = _Counted(packed)
        self._gzip = gzip.GzipFile(fileobj=self._counted, mode="rb")
        self._out = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._gzip.read1(size)  # not read, which loses what came before a fault
        self._out += len(chunk)
        if self._out > FREE_UNPACKED_BYTES and self._out > MOST_UNPACKED_RATIO * self._counted.bytes_read:
            raise Unreadable(
                f"the gzip unpacks to more than {MOST_UNPACKED_RATIO} times its size, as a gzip bomb does"
            )
        return chunk


class _Broken(io.RawIOBase):
    """A stream that ends with a fault that was met already."""

    def __init__(self, fault: Unreadable) -> None:
        self._fault = fault

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        raise self._fault


class _Counted(io.RawIOBase):
    def __init__(self, raw: Stream) -> None:
        self._raw = raw
        self.bytes_read = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = _read(self._raw, size)
        self.bytes_read += len(chunk)
        return chunk


def _read(raw: Bytes, size: int) -> bytes:
    try:
        chunk = raw.read(size)
        return b"" if chunk is None else chunk  # None: a stream that does not wait has nothing now
    except EOFError:
        raise Unreadable("the gzip ends too early; it was cut off") from None
    except (gzip.BadGzipFile, zlib.error) as fault:
        raise Unreadable(f"the gzip is damaged ({reason_of(fault)})") from None
    except OSError as fault:
        raise Unreadable(f"cannot be read ({fault.strerror or reason_of(fault)})") from None


def _read_fully(raw: Bytes, size: int) -> bytes:
    """Read up to ``size`` bytes; less only at the end, also from pipes that give little at a time."""
    chunks: list[bytes] = []
    while size > 0 and (chunk := _read(raw, min(size, 2**20))):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
