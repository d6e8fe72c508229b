"""A failed request -> its HTTP status and one line that reveals nothing of this machine."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from qa.errors import ArchiveError, IndexBusy, IndexMismatch, InputError, QAError, TooBusy, TooSlow
from qa.shipped import COMMAND

log = logging.getLogger("qa.doors")
PROBLEM = "application/problem+json"  # RFC 9457
_LONGEST_LINE = 500  # characters
_PIECE_END = re.compile(r"(?<=[.!?;]) ")
_OF_COMMAND_LINE = re.compile(
    rf"(?<!\S)(?:(?:{re.escape(COMMAND)}|newsqa) [a-z]|python -m|pip install|milvus-lite server|--[a-z])"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status, why, and the headers that the status asks for."""

    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Return it as RFC 9457 writes it."""
        title = HTTPStatus(self.status).phrase
        line = " ".join(self.detail.split())[:_LONGEST_LINE]
        problem = {"type": "about:blank", "title": title, "status": self.status, "detail": line}
        return json.dumps(problem, ensure_ascii=False).encode()


UNFORESEEN = Refusal(500, "An unforeseen fault. The server's own output says which.")


def refusal_of(fault: QAError) -> Refusal:
    """Say what a fault of ours is to a client; where it happened (a path) is for the server's own output."""
    line = without_place(fault)
    if isinstance(fault, TooBusy):
        return Refusal(429, line, {"Retry-After": str(fault.retry_after)})
    if isinstance(fault, TooSlow):
        return Refusal(503, line, {"Retry-After": "1"})
    if isinstance(fault, InputError):
        return Refusal(422, line)
    if isinstance(fault, IndexBusy):
        return Refusal(
            503, "The archive is being written by another program. Try again soon.", {"Retry-After": "10"}
        )
    if isinstance(fault, IndexMismatch):
        return Refusal(409, "The archive was built with other settings. Add to it where it was built.")
    if isinstance(fault, ArchiveError):
        return Refusal(503, "The archive cannot be used at the moment. The server's own output says why.")
    return Refusal(500, "The server cannot do this. Its own output says why.")


def without_place(fault: QAError) -> str:
    """Return "the question is empty. Ask in words." without the file or the folder before it."""
    return without_commands(str(QAError(fault.what, cure=fault.cure))) or "This cannot be done."


def without_commands(line: str) -> str:
    """Return a line without its sentences that name a command or an option: a client has no command line."""
    kept = " ".join(piece for piece in _PIECE_END.split(line) if not _OF_COMMAND_LINE.search(piece))
    return f"{kept[:-1]}." if kept.endswith(";") else kept


def logged(fault: QAError, at: str = "") -> Refusal:
    """Return the refusal of a fault; what it keeps from the client goes to the server's own output.

    :param at: what is written before it there, "POST /ask: ".
    """
    if not isinstance(fault, (TooBusy, TooSlow, InputError)):  # of those the client gets the whole line
        log.error("%s%s", at, fault)
    return refusal_of(fault)


def log_unforeseen(fault: BaseException | None, at: str = "") -> None:
    """Log an unforeseen fault, which the client does not see; with ``QA_DEBUG`` also its traceback."""
    line = " ".join(str(fault).split())
    show = bool(os.environ.get("QA_DEBUG"))
    log.error("%san unforeseen fault (%s: %s)", at, type(fault).__name__, line, exc_info=show)
