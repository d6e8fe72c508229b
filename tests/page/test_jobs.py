"""A long job is watched and cancelled from other threads, and runs once at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from qa.page.jobs import Cancelled, Job, Jobs
from qa.reports import Progress

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


def rates(reports: list[tuple[float, str, int]]) -> list[float | None]:
    """Return the rate after each report of a moment, a stage and what is done."""
    now = [0.0]
    seen: list[float | None] = []

    def work(listen: Listen) -> None:
        for moment, stage, done in reports:
            now[0] = moment
            listen(Progress(stage, done, 1000, "passages"))
            seen.append(job.seen().rate)

    job = Job(work, clock=lambda: now[0])
    job.start()
    ended(job)
    return seen


def test_rate_is_of_the_present_stage():
    assert rates([(5, "reading", 5), (7, "reading", 13), (8, "embedding", 0), (10, "embedding", 4)]) == [
        None,
        4.0,
        None,
        2.0,
    ]


def test_no_rate_is_shown_in_the_first_moments_of_a_stage_or_after_its_end():
    reports = [(0, "cutting", 0), (0.2, "cutting", 8), (1.2, "cutting", 9), (2, "cutting", 20)]
    assert rates([*reports, (4, "cutting", 1000)]) == [None, None, None, 10.0, None]


def test_rate_leaves_out_what_was_taken_over_from_an_earlier_build():
    assert rates([(0, "embedding", 600), (2, "embedding", 610)]) == [None, 5.0]


def test_rate_is_of_the_last_seconds_and_one_slow_batch_does_not_make_it_jump():
    fast = [(float(second), "embedding", 30 * second) for second in range(21)]
    slow = [(20.0 + 3 * step, "embedding", 600 + 30 * step) for step in range(1, 8)]
    seen = rates([*fast, *slow])
    assert seen[20] == 30.0
    assert seen[21] == 24.0  # of the last ten seconds: seven fast ones and the slow batch
    assert seen[-1] == 10.0  # at the end it is the present rate
    falls = [later / earlier for earlier, later in zip(seen[20:], seen[21:], strict=False)]
    assert min(falls) > 0.5


def test_seconds_are_those_of_the_present_stage():
    now, seen = [0.0], []

    def work(listen: Listen) -> None:
        now[0] = 7.0  # a feed that is slow
        seen.append(job.seen().seconds)
        for moment, stage in ((8.0, "reading"), (9.0, "loading the embedder"), (9.5, "loading the embedder")):
            now[0] = moment
            listen(Progress(stage, 0, 1, "model"))
        now[0] = 23.0
        seen.append(job.seen().seconds)

    job = Job(work, clock=lambda: now[0])
    job.start()
    ended(job)
    assert seen == [7.0, 14.0]


@pytest.mark.parametrize("total", [0, 8])
def test_cancelled_job_stops_at_its_next_report(total: int):
    job = Job(lambda listen: (cancelled.wait(LIMIT), listen(Progress("embedding", 1, total, "passages"))))
    cancelled = threading.Event()
    job.start()
    job.cancel()
    cancelled.set()
    assert isinstance(ended(job).error, Cancelled)


def test_job_that_reported_its_end_can_no_longer_be_cancelled():
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
