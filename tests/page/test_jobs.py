"""A long job is watched and cancelled from other threads, and runs once at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from page.jobs import Cancelled, Job, Jobs
from qa.records import Progress

LIMIT = 30  # seconds; nothing here takes one

Listen = Callable[[Progress], None]


def ended(job: Job) -> Job:
    job.wait(LIMIT)
    assert not job.running
    return job


def test_result_and_error_of_a_job_are_kept():
    good, bad = Job(lambda listen: "built"), Job(lambda listen: 1 / 0)
    for job in (good, bad):
        job.start()
        ended(job)
    assert (good.result, good.error) == ("built", None)
    assert (bad.result, type(bad.error)) == (None, ZeroDivisionError)


def test_progress_is_seen_with_the_seconds_of_its_stage():
    clock = iter([100.0, 103.0, 107.0, 110.0, 111.0])  # made, first stage, seen, second stage, seen
    seen = []

    def work(listen: Listen) -> None:
        listen(Progress("reading", 5, 0, "articles"))
        seen.append(job.seen())
        listen(Progress("embedding", 0, 8, "passages"))
        listen(Progress("embedding", 4, 8, "passages"))
        seen.append(job.seen())

    job = Job(work, clock=lambda: next(clock))
    job.start()
    ended(job)
    assert [(s.progress, s.seconds) for s in seen] == [
        (Progress("reading", 5, 0, "articles"), 4.0),
        (Progress("embedding", 4, 8, "passages"), 1.0),
    ]


@pytest.mark.parametrize("total", [0, 8])
def test_cancelled_job_stops_at_its_next_report(total: int):
    job = Job(lambda listen: (cancelled.wait(LIMIT), listen(Progress("embedding", 1, total, "passages"))))
    cancelled = threading.Event()
    job.start()
    job.cancel()
    cancelled.set()
    assert isinstance(ended(job).error, Cancelled)


def test_job_that_tells_that_all_is_done_is_not_cancelled_any_more():
    def work(listen: Listen) -> str:
        cancelled.wait(LIMIT)
        listen(Progress("writing", 8, 8, "passages"))
        return "built"

    job, cancelled = Job(work), threading.Event()
    job.start()
    job.cancel()
    cancelled.set()
    assert ended(job).result == "built"


def test_running_job_of_a_key_is_not_started_twice_but_others_are():
    go_on = threading.Event()
    jobs: Jobs[str] = Jobs()
    first, is_new = jobs.start("news", lambda listen: (go_on.wait(LIMIT), "first")[1])
    again, is_new_again = jobs.start("news", lambda listen: "never")
    other, other_is_new = jobs.start("sport", lambda listen: "other")
    assert (is_new, is_new_again, other_is_new) == (True, False, True)
    assert again is first is jobs.get("news")
    go_on.set()
    assert (ended(first).result, ended(other).result) == ("first", "other")
    assert ended(jobs.start("news", lambda listen: "next")[0]).result == "next"
    assert jobs.get("nothing") is None
