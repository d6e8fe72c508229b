"""ZIP and tar archives -> the records of the files in them; entries, size, ratio and nesting are bounded.

Nothing is unpacked to the disk, so the paths of entries are names and no more.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import IO, BinaryIO, cast

from qa.ingest.asked import Asked, Head
from qa.ingest.limits import (
    FREE_UNPACKED_BYTES,
    MOST_ARCHIVE_BYTES,
    MOST_ENTRIES,
    MOST_NESTING,
    MOST_UNPACKED_RATIO,
)
from qa.ingest.raw import Raw
from qa.ingest.sources import dated_name, inner_suffix, is_companion
from qa.ingest.streams import Stream, Unreadable, reason_of
from qa.reports import Skipped

Reader = Callable[[Stream, Asked], Iterator[Raw | Skipped]]
_LONGEST_NAME = 300  # characters of an entry's name that are shown
_FAULTS = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, RuntimeError)


def is_zip(head: Head) -> bool:
    """Return whether an input is a ZIP, which office documents are, too."""
    return head.data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(head: Head) -> bool:
    """Return whether an input is a tar archive; gzip is off already."""
    return head.data[257:262] == b"ustar"


def read_zip(stream: Stream, asked: Asked, read: Reader) -> Iterator[Raw | Skipped]:
    """Yield the files of a ZIP, in its order.

    :param read: reads one of them.
    """
    with stream.as_file() as file:
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                _refuse_many(len(entries), asked)
                for entry in entries:
                    if entry.is_dir() or _is_beside(entry.filename):
                        continue
                    if entry.flag_bits & 1:
                        yield Skipped(f"{asked.name}/{_shown(entry.filename)}", "It is encrypted.")
                        continue
                    _refuse_bomb(entry.compress_size, entry.file_size)
                    with archive.open(entry) as inner:
                        counted = _Counted(inner, entry.compress_size)
                        yield from _entry(counted, entry.filename, asked, read)
        except _FAULTS as fault:
            raise Unreadable(f"the ZIP is damaged ({reason_of(fault)})") from None


def read_tar(stream: Stream, asked: Asked, read: Reader) -> Iterator[Raw | Skipped]:
    """Yield the files of a tar, in its order; links and devices are passed over."""
    entries = total = 0
    try:
        with tarfile.open(fileobj=stream.lines(), mode="r|") as archive:
            for member in archive:
                entries += 1
                _refuse_many(entries, asked)
                if not member.isfile() or _is_beside(member.name):
                    continue
                total += member.size
                if total > MOST_ARCHIVE_BYTES:
                    raise Unreadable(f"the archive holds more than {MOST_ARCHIVE_BYTES // 2**30} GB")
                inner = archive.extractfile(member)
                if inner is not None:
                    # Packed with the whole, which was counted when the gzip came off.
                    yield from _entry(_Counted(inner, member.size), member.name, asked, read)
    except _FAULTS as fault:
        raise Unreadable(f"the tar archive is damaged ({reason_of(fault)})") from None


def _entry(file: _Counted, name: str, asked: Asked, read: Reader) -> Iterator[Raw | Skipped]:
    """Yield the records of one file, under its name; what is wrong with it costs only itself."""
    where = f"{asked.name}/{_shown(name)}"
    if asked.nesting >= MOST_NESTING:
        yield Skipped(where, f"It lies in more than {MOST_NESTING} archives, one within another.")
        return
    day = dated_name(name)
    inner = replace(
        asked,
        name=where,
        suffix=inner_suffix(name),
        url="",
        as_of=day if day is not None else asked.as_of,
        has_file_name=True,
        nesting=asked.nesting + 1,
        inner=name,
    )
    try:
        for item in read(Stream.opened(cast(BinaryIO, file)), inner):
            part = _shown(name)
            if isinstance(item, Raw):
                yield replace(item, part=f"{part}/{item.part}" if item.part else part)
            else:
                yield item
    except Unreadable as fault:
        yield Skipped(where, f"{str(fault)[:1].upper()}{str(fault)[1:].rstrip('.')}.")


def _is_beside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in parts if part not in (".", ".."))
    return hidden or is_companion(parts[-1])


def _shown(name: str) -> str:
    return "".join(mark if mark.isprintable() else "?" for mark in name[-_LONGEST_NAME:]).lstrip("/")


def _refuse_many(entries: int, asked: Asked) -> None:
    if entries > MOST_ENTRIES:
        raise Unreadable(f"the archive holds more than {MOST_ENTRIES:,} files")


def _refuse_bomb(packed: int, unpacked: int) -> None:
    if unpacked > FREE_UNPACKED_BYTES and unpacked > MOST_UNPACKED_RATIO * max(packed, 1):
        raise Unreadable(
            f"an entry unpacks to more than {MOST_UNPACKED_RATIO} times its size, as a bomb does"
        )


class _Counted:
    """An entry that is read; one that gives more than its header says ends as a bomb."""

    def __init__(self, file: IO[bytes], packed: int) -> None:
        self._file, self._packed, self._out = file, packed, 0

    def read(self, size: int = -1) -> bytes:
        try:
            chunk = self._file.read(size)
        except Unreadable:
            raise
        except Exception as fault:  # each way of packing has its own; the other entries may be well
            raise Unreadable(f"it is damaged ({reason_of(fault)})") from None
        self._out += len(chunk)
        _refuse_bomb(self._packed, self._out)
        return chunk
