"""A long job and its Progress -> its result, with a bar and a line while it lasts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

from qa.records import Progress
from qa.view import words

LOOK_EVERY = 0.2  # seconds; often enough for the eye, and however often the job reports
_STAGE_WORDS = {
    "reading": "Reading articles",
    "loading the embedder": "Loading the embedder (the first time it is converted for this processor)",
    "linking copies": "Looking for copies",
    "cutting": "Cutting passages",
    "embedding": "Embedding passages",
    "writing": "Writing the index",
}
Result = TypeVar("Result")


def watched(
    build: Callable[..., Result],
    inputs: Sequence[Path],
    index: str,
    *,
    add: bool,
    show: Callable[[float, str], object],
) -> Result:
    """What ``build(inputs, index, add=add, progress=...)`` returns; calls ``show(fraction, line)`` meanwhile.

    The job runs in a thread of its own and may report from any thread; ``show`` is called in this
    one, as widgets need it. If ``show`` raises, because somebody pressed another button, the job
    is waited for: it is not worth losing.
    """
    reports: list[Progress] = []
    pace = Pace(show)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="watched") as worker:
        running = worker.submit(build, inputs, index, add=add, progress=reports.append)
        while True:
            finished = wait([running], timeout=LOOK_EVERY).done
            if reports:
                pace(reports[-1])
                del reports[:-1]
            if finished:
                return running.result()


class Pace:
    """Progress after progress of one job -> ``show(fraction, line)``, with the rate and the time left."""

    def __init__(
        self, show: Callable[[float, str], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.show = show
        self.clock = clock
        self.stage = ""
        self.began = 0.0

    def __call__(self, progress: Progress) -> None:
        now = self.clock()
        if progress.stage != self.stage:
            self.stage, self.began = progress.stage, now
        done = min(progress.done, progress.total)
        self.show(done / progress.total if progress.total else 0.0, self.line(progress, now - self.began))

    @staticmethod
    def line(progress: Progress, seconds: float) -> str:
        """ "Embedding passages: 120 of 480, 35 per second, 10 s left"; seconds since the stage began."""
        line = _STAGE_WORDS.get(progress.stage, progress.stage.capitalize())
        if not progress.total:
            return f"{line}: {progress.done:,} {progress.unit}" if progress.done else line
        line += f": {progress.done:,} of {progress.total:,}"
        if progress.done and seconds > 0:
            rate = progress.done / seconds
            line += f", {rate:,.0f} per second" if rate >= 1 else f", {60 * rate:,.0f} per minute"
            if progress.done < progress.total:
                line += f", {words.duration((progress.total - progress.done) / rate)} left"
        return line
