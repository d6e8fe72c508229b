"""What goes wrong on a disk -> one clear line with its cure."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

from qa.errors import ArchiveError

_CUT_SHORT = re.compile(r"\d+ requested and \d+ written")


@contextlib.contextmanager
def translating_disk_faults(index: Path) -> Iterator[None]:
    """Turn a full disk or a read-only folder into one clear line.

    :raises ArchiveError: in place of the OSError.
    """
    try:
        yield
    except OSError as fault:
        code, why = fault.errno, fault.strerror or str(fault)
        # numpy and FAISS give no number, only "4608 requested and 2016 written".
        if code is None and _CUT_SHORT.search(why):
            code, why = errno.ENOSPC, os.strerror(errno.ENOSPC)
        cures: dict[int | None, str] = {
            errno.ENOSPC: "Free some space and build again.",
            errno.EDQUOT: "Free some space and build again.",
            errno.EROFS: "Choose a folder that can be written: --index PATH",
            errno.EACCES: "Choose a folder that can be written: --index PATH",
        }
        raise ArchiveError(
            f"the index cannot be written ({why}); what was there is untouched",
            where=index,
            cure=cures.get(code, "Check the disk and build again."),
        ) from fault
