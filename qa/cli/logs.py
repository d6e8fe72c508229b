"""What libraries and servers log -> one plain line each on standard error."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from qa.cli.output import say


class _Lines(logging.Handler):
    """Prints a record in one line without hidden characters; with ``QA_DEBUG`` its traceback, too."""

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info and os.environ.get("QA_DEBUG"):
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        else:
            text = " ".join(text.split())
        say(f"{record.levelname.lower()}: {text}", error=True)


def print_unclaimed_logs() -> None:
    """Print the warnings and errors that no handler takes, which Python would write as they stand."""
    logging.lastResort = _Lines(logging.WARNING)


@contextmanager
def logs_in_lines() -> Iterator[None]:
    """Print the warnings and errors of all loggers meanwhile; libraries may have handlers of their own."""
    lines = _Lines(logging.WARNING)
    logging.getLogger().addHandler(lines)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(lines)
