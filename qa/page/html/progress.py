"""Progress, its rate and its seconds -> how much of a bar is filled, and the line above it."""

from __future__ import annotations

from qa import words
from qa.reports import Progress

_STAGE_WORDS = {
    "": "Getting ready",
    "reading": "Reading articles",
    "loading the embedder": "Loading the embedder (the first time it is converted for this processor, "
    "which takes a while)",
    "linking near-duplicates": "Looking for near-duplicates",
    "cutting": "Cutting passages",
    "embedding": "Embedding passages",
    "writing": "Writing the index",
}


def fraction(progress: Progress) -> float:
    """Return how much is done, 0 to 1; 0 while the total is not known."""
    return min(1.0, progress.done / progress.total) if progress.total else 0.0


def line(progress: Progress, rate: float | None, seconds: float) -> str:
    """Return "Embedding passages: 120 of 480, 35 per second, 10 s left".

    While there is no rate, it says how long the stage has taken by now: "Loading the embedder: 14 s so far".

    :param seconds: since the stage began
    """
    parts = []
    if progress.total > 1 or (progress.total and progress.done):  # of a single thing "0 of 1" says nothing
        parts.append(f"{progress.done:,} of {progress.total:,}")
    elif progress.done:
        parts.append(f"{progress.done:,} {progress.unit}")
    if rate is not None and rate > 0:
        if progress.total:
            parts.append(f"{rate:,.0f} per second" if rate >= 1 else f"{60 * rate:,.0f} per minute")
        if progress.done < progress.total:
            parts.append(f"{words.duration((progress.total - progress.done) / rate)} left")
    elif waited := words.so_far(seconds):
        parts.append(waited)
    stage = _STAGE_WORDS.get(progress.stage, progress.stage.capitalize())
    return f"{stage}: {', '.join(parts)}" if parts else stage
