"""Progress and its rate -> how much of a bar is filled, and the line above it."""

from __future__ import annotations

from qa import words
from qa.reports import Progress

_STAGE_WORDS = {
    "": "Getting ready",
    "reading": "Reading articles",
    "loading the embedder": "Loading the embedder (the first time it is converted for this processor)",
    "linking near-duplicates": "Looking for near-duplicates",
    "cutting": "Cutting passages",
    "embedding": "Embedding passages",
    "writing": "Writing the index",
}


def fraction(progress: Progress) -> float:
    """Return how much is done, 0 to 1; 0 while the total is not known."""
    return min(1.0, progress.done / progress.total) if progress.total else 0.0


def line(progress: Progress, rate: float | None) -> str:
    """Return "Embedding passages: 120 of 480, 35 per second, 10 s left"."""
    line = _STAGE_WORDS.get(progress.stage, progress.stage.capitalize())
    if not progress.total:
        return f"{line}: {progress.done:,} {progress.unit}" if progress.done else line
    line += f": {progress.done:,} of {progress.total:,}"
    if rate is not None and rate > 0:
        line += f", {rate:,.0f} per second" if rate >= 1 else f", {60 * rate:,.0f} per minute"
        if progress.done < progress.total:
            line += f", {words.duration((progress.total - progress.done) / rate)} left"
    return line
