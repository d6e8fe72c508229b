"""How a build tells of its progress."""

from __future__ import annotations

from collections.abc import Callable

from qa.records import Progress

Listener = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """For those who do not listen."""
