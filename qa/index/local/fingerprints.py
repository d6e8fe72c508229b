"""Files of a generation -> what they must look like, and whether they still do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from qa.errors import IndexDamaged


@dataclass(frozen=True, slots=True)
class FileFingerprint:
    """What a file must look like."""

    bytes: int
    sha256: str
    modified: int | None = None  # nanoseconds since 1970, when it was written

    @classmethod
    def of(cls, path: Path) -> FileFingerprint:
        """Return the facts of a file as it is; all of it is read."""
        status = path.stat()
        return cls(status.st_size, _hash(path), status.st_mtime_ns)

    def verify(self, path: Path, *, every_byte: bool) -> None:
        """Compare the size, and the content if asked or if the file was touched since it was written.

        :raises IndexDamaged: if it is gone, truncated or altered.
        """
        try:
            status = path.stat()
            if status.st_size != self.bytes:
                raise _damaged(path, f"has {status.st_size} bytes instead of {self.bytes}")
            touched = self.modified not in (None, status.st_mtime_ns)
            if (every_byte or touched) and _hash(path) != self.sha256:
                raise _damaged(path, "its content was altered")
        except OSError as fault:
            raise _damaged(path, f"cannot be read ({fault.strerror})") from fault


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _damaged(path: Path, what: str) -> IndexDamaged:
    return IndexDamaged(what, where=path, cure="Build the index again.")
