"""Chunks of a reply as they came, packed or not -> its content, piece by piece and never more at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence

from qa.ingest.streams import Unreadable

ASKED_FOR = "gzip, deflate"
_PIECE = 1 << 16  # bytes unpacked at a time: a bomb is counted before it bursts
_GZIP, _ZLIB, _BARE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_MAGIC = b"\x1f\x8b"


def unpacked(chunks: Iterable[bytes], encodings: Sequence[str]) -> Iterator[bytes]:
    """Undo the Content-Encoding; ``encodings`` as the headers list them.

    :raises Unreadable: if there are several or an unknown one, or the content is broken.
    """
    named = [name.strip().lower() for name in encodings]
    named = [name for name in named if name not in ("", "identity")]
    if len(named) > 1:
        raise Unreadable(f"is packed {len(named)} times over")
    if not named:
        yield from chunks
        return
    if named[0] not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable("is packed in a way that was not asked for")
    try:
        yield from _unpacked(chunks, gzip=named[0] != "deflate")
    except zlib.error:
        raise Unreadable("is packed wrongly") from None


def _unpacked(chunks: Iterable[bytes], *, gzip: bool) -> Iterator[bytes]:
    unpacker = None
    members = 0
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpacker is None:
                if members and not (gzip and _MAGIC.startswith(rest[:2])):
                    return  # what stands behind is no further member
                # "deflate" means zlib, but many servers send it bare.
                has_header = rest[0] & 0x0F == 8
                unpacker = zlib.decompressobj(_GZIP if gzip else _ZLIB if has_header else _BARE)
                members += 1
            yield unpacker.decompress(rest, _PIECE)
            rest = unpacker.unconsumed_tail
            if unpacker.eof:
                rest, unpacker = unpacker.unused_data, None
    if unpacker is not None:
        raise Unreadable("ends before it is complete")
