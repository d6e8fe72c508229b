"""One record or one source -> what it gives, or a Skipped: no exception of any kind gets by.

Readers and cleaners meet every text there is, and so do the libraries below them. Here is the one place
that turns what they trip over into a line for the user; the trace goes to the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from qa.errors import QAError
from qa.ingest.assemble import assemble
from qa.ingest.layout import Layout
from qa.ingest.raw import Raw
from qa.ingest.streams import Unreadable
from qa.records import Article
from qa.reports import Skipped

_LOG = logging.getLogger(__name__)


def assembled(
    raw: Raw, layout: Layout, as_of: datetime, aside: Callable[[str, str], None] | None = None
) -> Article | Skipped:
    """Assemble an article as :func:`assemble` does; whatever goes wrong comes as a Skipped."""
    try:
        return assemble(raw, layout, as_of, aside)
    except Exception as fault:
        return _skipped(raw.where, fault)


def protected(where: str, work: Callable[[], str]) -> str:
    """Return what ``work`` finds to say of a record; "" if it fails on it, as the reading then will."""
    try:
        return work()
    except Exception as fault:
        _LOG.debug("looked at %s", where, exc_info=fault)
        return ""


def guarded(items: Iterator[Raw | Skipped], name: str) -> Iterator[Raw | Skipped]:
    """Yield all that a reader gives, and a Skipped in place of what it trips over; it then ends.

    What the source itself says of its faults (``Unreadable``, ``QAError``, ``OSError``) passes.
    """
    number = 0
    try:
        for item in items:
            number += 1
            yield item
    except (Unreadable, QAError, OSError):
        raise
    except Exception as fault:
        yield _skipped(name if not number else f"{name} (behind record {number:,})", fault)


def _skipped(where: str, fault: Exception) -> Skipped:
    _LOG.debug("skipped %s", where, exc_info=fault)
    said = " ".join(str(fault).split())[:120]
    kind = "runs out of memory" if isinstance(fault, MemoryError) else type(fault).__name__
    return Skipped(where, f"It cannot be read ({kind}{f': {said}' if said else ''}).")
