"""The bounded pool: who runs, who waits, who is refused, and what becomes of work that nobody waits for."""

from __future__ import annotations

import asyncio
import threading

import pytest

from qa.doors.pool import Pool, Stopped, Ticket
from qa.errors import TooBusy, TooSlow


class Work:
    """Work that waits for a signal and keeps what happened."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.began: list[object] = []
        self.stopped: list[object] = []

    def of(self, name: object):
        def work(ticket: Ticket) -> object:
            self.began.append(name)
            assert self.go.wait(20)
            try:
                ticket.check()
            except Stopped:
                self.stopped.append(name)
                raise
            return name

        return work


async def until(true) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.001)


def test_results_and_errors_come_back_to_the_caller():
    async def main() -> None:
        pool = Pool(3, 100, wait_seconds=20, seconds=20)
        results = await asyncio.gather(*(pool.run(lambda _, n=n: n * n) for n in range(100)))
        assert results == [n * n for n in range(100)]
        with pytest.raises(ZeroDivisionError):
            await pool.run(lambda _: 1 / 0)
        with pytest.raises(TimeoutError, match="its own"):  # raised by the work itself, not by the pool
            await pool.run(lambda _: (_ for _ in ()).throw(TimeoutError("its own")))
        await until(lambda: pool.inside == 0)
        await pool.close()

    asyncio.run(main())


def test_some_run_some_wait_in_order_and_the_next_is_refused():
    async def main() -> None:
        pool, work = Pool(2, 3, wait_seconds=20, seconds=20), Work()
        tasks = [asyncio.create_task(pool.run(work.of(n))) for n in range(5)]
        await until(lambda: len(work.began) == 2 and pool.inside == 5)
        with pytest.raises(TooBusy) as refused:
            await pool.run(work.of("late"))
        assert 1 <= refused.value.retry_after <= 60
        assert sorted(work.began) == [0, 1]
        work.go.set()
        assert await asyncio.gather(*tasks) == [0, 1, 2, 3, 4]
        assert sorted(work.began[:2]) == [0, 1] and sorted(work.began) == [0, 1, 2, 3, 4]
        await pool.close()

    asyncio.run(main())


def test_cancelled_work_never_begins_if_it_waits_and_is_notified_if_it_runs():
    async def main() -> None:
        pool, work = Pool(1, 2, wait_seconds=20, seconds=20), Work()
        runs, waits = (asyncio.create_task(pool.run(work.of(name))) for name in ("runs", "waits"))
        await until(lambda: work.began == ["runs"] and pool.inside == 2)
        waits.cancel()
        runs.cancel()
        await asyncio.wait([waits, runs])
        assert pool.inside == 1  # its thread still runs, so it keeps its place
        work.go.set()
        await until(lambda: pool.inside == 0)
        assert (work.began, work.stopped) == (["runs"], ["runs"])
        assert await pool.run(work.of("next")) == "next"
        await pool.close()

    asyncio.run(main())


def test_time_limit_distinguishes_work_that_had_begun_from_work_that_had_not():
    async def main() -> None:
        pool, work = Pool(1, 2, wait_seconds=0.5, seconds=0.05), Work()
        runs, waits = (asyncio.create_task(pool.run(work.of(name))) for name in ("runs", "waits"))
        with pytest.raises(TooSlow, match="it took longer than 0.05 s"):
            await runs
        with pytest.raises(TooBusy):
            await waits
        assert pool.inside == 1
        work.go.set()
        await until(lambda: pool.inside == 0)
        assert work.began == ["runs"]
        await pool.close()

    asyncio.run(main())


def test_closing_stops_what_runs_waits_for_it_and_refuses_what_comes():
    async def main() -> None:
        pool, work = Pool(1, 2, wait_seconds=20, seconds=20), Work()
        runs = asyncio.create_task(pool.run(work.of("runs")))
        await until(lambda: work.began == ["runs"])
        closing = asyncio.create_task(pool.close())
        await asyncio.sleep(0.01)
        assert not closing.done()
        work.go.set()
        await closing
        with pytest.raises(Stopped):
            await runs
        with pytest.raises(RuntimeError, match="closed"):
            await pool.run(work.of("late"))
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("news-qa")]

    asyncio.run(main())


def test_pool_that_could_not_work_is_refused():
    for workers, waiting, wait, seconds in ((0, 1, 1, 1), (1, -1, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0)):
        with pytest.raises(ValueError, match="cannot work"):
            Pool(workers, waiting, wait_seconds=wait, seconds=seconds)


def test_work_that_waited_long_has_its_whole_time_when_its_turn_comes():
    async def main() -> None:
        pool, first, second = Pool(1, 1, wait_seconds=20, seconds=0.4), Work(), Work()
        runs = asyncio.create_task(pool.run(first.of("first")))
        waits = asyncio.create_task(pool.run(second.of("second")))
        with pytest.raises(TooSlow):
            await runs
        first.go.set()  # by now more than its time limit has passed since the second arrived
        await until(lambda: second.began == ["second"])
        second.go.set()
        assert await waits == "second"
        await pool.close()

    asyncio.run(main())


def test_queue_that_is_too_long_for_how_long_work_takes_is_refused_at_once():
    async def main() -> None:
        pool, work = Pool(1, 100, wait_seconds=1, seconds=20), Work()
        pool._usual = 0.3
        tasks = [asyncio.create_task(pool.run(work.of(n))) for n in range(4)]
        await until(lambda: pool.inside == 4)
        with pytest.raises(TooBusy) as refused:  # the fifth would wait 4 * 0.3 s, more than 1 s
            await pool.run(work.of("late"))
        assert refused.value.retry_after == 2
        work.go.set()
        assert await asyncio.gather(*tasks) == [0, 1, 2, 3]
        await pool.close()

    asyncio.run(main())
