"""Long jobs in threads of their own, one at a time for each key: all see the progress, anyone may cancel."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from qa.reports import FIRST_SECONDS, Progress

LAST_SECONDS = 10.0  # over which a rate is taken: batches of long and of short passages take turns in less
Result = TypeVar("Result")
Work = Callable[[Callable[[Progress], None]], Result]


class Cancelled(Exception):
    """Somebody cancelled the job; raised inside it, at its next report of progress."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a job has come."""

    progress: Progress
    rate: float | None  # done a second, over the last seconds of the present stage; None while nobody can say
    seconds: float  # since the present stage began


class Job(Generic[Result]):
    """One job. It may report from any thread; everything here may be called from any thread."""

    def __init__(self, work: Work[Result], clock: Callable[[], float] = time.monotonic) -> None:
        self.result: Result | None = None  # of a job that ended well
        self.error: Exception | None = None  # of one that did not; Cancelled if somebody wanted it so
        self._clock = clock
        self._progress = Progress("", 0, 0, "")
        self._began = clock()  # the present stage
        self._reports: deque[tuple[float, int]] = deque(
            [(clock(), 0)]
        )  # moment and done, of the last seconds
        self._cancelled = threading.Event()
        # The thread alone keeps the work, so that what it holds goes when it ends. It is a daemon, for
        # stopping the server must not wait for a build, which loses nothing when it is killed.
        self._thread = threading.Thread(target=self._run, args=(work,), name="job", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def seen(self) -> Seen:
        then, done = self._reports[0]
        now = self._clock()
        seconds, more = now - then, self._progress.done - done
        is_done = 0 < self._progress.total <= self._progress.done  # what waits for the next stage has no rate
        rate = more / seconds if seconds >= FIRST_SECONDS and more and not is_done else None
        return Seen(self._progress, rate, now - self._began)

    def cancel(self) -> None:
        """Ask the job to stop; it does at its next report, unless that says that all is done."""
        self._cancelled.set()

    def wait(self, timeout: float | None = None) -> None:
        """Return when the job has ended, or after ``timeout`` seconds."""
        self._thread.join(timeout)

    def _run(self, work: Work[Result]) -> None:
        try:
            self.result = work(self._listen)
        except Exception as error:
            self.error = error

    def _listen(self, progress: Progress) -> None:
        # What a finished stage has written is not thrown away: the last stage may be the last word.
        if self._cancelled.is_set() and (progress.done < progress.total or not progress.total):
            raise Cancelled
        now = self._clock()
        if progress.stage != self._progress.stage:
            # What is done by the first report was taken over from an earlier build, so it does not count.
            self._reports, self._began = deque([(now, progress.done)]), now
        else:
            reports = self._reports
            reports.append((now, progress.done))
            while len(reports) > 2 and reports[1][0] <= now - LAST_SECONDS:
                reports.popleft()
        self._progress = progress


class Jobs(Generic[Result]):
    """The last job of each key."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job[Result]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Job[Result] | None:
        return self._jobs.get(key)

    def start(self, key: str, work: Work[Result]) -> tuple[Job[Result], bool]:
        """Start a job and return it; if a job of this key runs already, return that and False."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.running:
                return job, False
            job = self._jobs[key] = Job(work)
            job.start()
            return job, True
