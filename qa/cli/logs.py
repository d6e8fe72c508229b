"""What libraries and servers log -> one plain line each on standard error, while a command serves."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from qa.cli.output import say


class _Lines(logging.Handler):
    """Prints a record as people are told of everything else: in a line, with nothing hidden in it."""

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info and os.environ.get("QA_DEBUG"):
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        else:
            text = " ".join(text.split())
        say(f"{record.levelname.lower()}: {text}", error=True)


@contextmanager
def logs_in_lines() -> Iterator[None]:
    """Print the warnings and errors of all loggers meanwhile; nothing of them reaches a terminal raw."""
    lines = _Lines(logging.WARNING)
    logging.getLogger().addHandler(lines)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(lines)
