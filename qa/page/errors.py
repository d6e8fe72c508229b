"""Exception -> the one line to show; what nobody foresaw goes to the log with its traceback."""

from __future__ import annotations

import logging

from qa.errors import QAError
from qa.page import uploads
from qa.page.html.escaping import label

UNFORESEEN = "Something went wrong that this page did not foresee. What it was stands in the server's log."


def message_of(error: Exception) -> str:
    """Return a fault as one line of Markdown that shows literally; never a traceback."""
    if isinstance(error, QAError):
        return label(plain(error))
    logging.getLogger("qa.page").error(UNFORESEEN, exc_info=error)
    return UNFORESEEN


def plain(error: QAError) -> str:
    """Return a fault as one line of plain text."""
    line = uploads.without_folder(str(error))
    return line if error.where else line[:1].upper() + line[1:]
