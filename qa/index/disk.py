"""What goes wrong where an index is written -> one clear line with its cure."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from qa.disk import translating
from qa.errors import ArchiveError


def translating_disk_faults(index: Path) -> AbstractContextManager[None]:
    """Turn a full disk or a read-only folder into one clear line.

    :raises ArchiveError: in place of the OSError.
    """
    return translating(
        "the index cannot be written",
        index,
        error=ArchiveError,
        elsewhere="Choose a folder that can be written: --index PATH",
        again="build again",
        after="; what was there is untouched",
    )
