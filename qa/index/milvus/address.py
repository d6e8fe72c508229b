"""What people write for a Milvus index -> where its server or file is, and the index's name there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from qa.errors import InputError

_PORT = 19530  # Milvus's own
_NAME_IN_FILE = "news"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")  # Milvus takes 255, and we append to it
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")
_CURE = "Write --index milvus://host:19530/news, or the path of a Milvus Lite file that ends in .db"


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """A Milvus server, or a Milvus Lite file, and the name of the index in it."""

    written: str  # as people wrote it
    uri: str  # as pymilvus wants it
    name: str  # of the alias that names the current collection
    file: Path | None  # of Milvus Lite; None for a server

    def is_state(self, collection: str) -> bool:
        """Return whether a collection of this name is a state of the index."""
        return re.fullmatch(rf"{re.escape(self.name)}_\d{{8}}T\d{{6}}_[0-9a-f]{{6}}", collection) is not None

    @staticmethod
    def is_meant(index: str) -> bool:
        """Return whether this is an address of Milvus rather than a folder."""
        return index.startswith("milvus:") or index.endswith(".db")

    @classmethod
    def parse(cls, index: str) -> MilvusAddress:
        """Read an address of Milvus.

        :raises InputError: if it is not of a form that names a server or a file.
        """
        if not index.startswith("milvus:"):
            file = Path(index).expanduser().absolute()
            return cls(index, str(file), _NAME_IN_FILE, file)
        # pathlib makes one slash of two, and whoever passed the address through it means the same.
        host, slash, name = re.sub("^milvus:/?/?", "", index).partition("/")
        host, colon, port = host.rpartition(":") if re.search(r":\d*$", host) else (host, "", str(_PORT))
        if not host or host in (".", "..", "~"):
            raise InputError(
                "the address names no server; a Milvus Lite file is named by its path alone, ending in .db",
                where=index,
                cure=_CURE,
            )
        if not _HOST.fullmatch(host):
            raise InputError(f"{host!r} is not the name of a server", where=index, cure=_CURE)
        if not port.isascii() or not port.isdigit() or not 0 < int(port) < 1 << 16:
            raise InputError(f"{port!r} is not a port from 1 to 65535", where=index, cure=_CURE)
        if not _NAME.fullmatch(name):
            raise InputError(
                f"{name!r} cannot be the name of an index: letters, digits and _, not a digit first",
                where=index,
                cure=_CURE,
            )
        return cls(index, f"http://{host}:{port}", name, None)
