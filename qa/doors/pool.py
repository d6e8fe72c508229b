"""Blocking work -> a few threads: a bounded queue, a time limit, and a way to stop; for one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from qa.errors import TooBusy, TooSlow

T = TypeVar("T")
_LONGEST_RETRY = 60  # seconds; clients that must wait longer give up
_FULL = "more is asked at the moment than can be answered"


class Stopped(Exception):
    """Nobody waits for this work any more."""


class Ticket:
    """Lets work in a thread see whether somebody still waits for it."""

    def __init__(self) -> None:
        self._left = threading.Event()

    def leave(self) -> None:
        """Say that nobody waits any more."""
        self._left.set()

    def check(self) -> None:
        """Stop this work if nobody waits for it.

        :raises Stopped: if nobody waits any more.
        """
        if self._left.is_set():
            raise Stopped


class Pool:
    """Runs blocking work in threads for the coroutines of one event loop, first come, first served."""

    def __init__(self, workers: int, waiting: int, *, wait_seconds: float, seconds: float) -> None:
        """``workers`` run at a time, each for ``seconds``, and ``waiting`` more wait, each ``wait_seconds``.

        Two limits, or work that was long in coming to its turn would be begun only to be cut off.
        """
        if workers < 1 or waiting < 0 or seconds <= 0 or wait_seconds <= 0:
            raise ValueError(
                f"a pool of {workers} workers, {waiting} waiting, {wait_seconds} and {seconds} s cannot work"
            )
        self._workers = workers
        self._most = workers + waiting
        self._wait_seconds = wait_seconds
        self._seconds = seconds
        self._free = asyncio.Semaphore(workers)
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="news-qa")
        self._inside = 0  # run or wait
        self._usual = 0.2  # seconds of one piece of work, a moving mean
        self._open = True
        self._running: set[Ticket] = set()

    @property
    def inside(self) -> int:
        """How many pieces of work run or wait."""
        return self._inside

    async def run(self, work: Callable[[Ticket], T]) -> T:
        """Run the work in a thread and return its result.

        If the caller is cancelled or the time is over, waiting work never begins. Running work sees it by its
        ticket, and keeps its place until its thread has ended, so that threads cannot pile up.

        :raises TooBusy: if the queue is full, or the turn of this work would come, or came, too late.
        :raises TooSlow: if the work began and is not ready in time.
        :raises RuntimeError: if the pool is closed.
        """
        if not self._open:
            raise RuntimeError("this pool is closed")
        if self._inside >= self._most or self._ahead() > self._wait_seconds:
            raise TooBusy(_FULL, retry_after=self._retry_after())
        self._inside += 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._free.acquire()
        except BaseException as fault:
            self._inside -= 1
            if isinstance(fault, TimeoutError):
                raise TooBusy(_FULL, retry_after=self._retry_after()) from None
            raise
        return await self._in_thread(work)

    async def close(self) -> None:
        """Stop what runs as soon as it can be stopped, wait for it, and refuse what comes later."""
        self._open = False
        for ticket in self._running:
            ticket.leave()
        await asyncio.to_thread(self._executor.shutdown, wait=True, cancel_futures=True)

    async def _in_thread(self, work: Callable[[Ticket], T]) -> T:
        loop = asyncio.get_running_loop()
        ticket = Ticket()
        began = time.monotonic()

        def ended() -> None:
            self._running.discard(ticket)
            self._inside -= 1
            self._usual += 0.2 * (time.monotonic() - began - self._usual)
            self._free.release()

        def when_done(_: Future[T]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed, and its pool with it
                loop.call_soon_threadsafe(ended)

        try:
            future = self._executor.submit(work, ticket)
        except RuntimeError:  # closed while this waited
            ended()
            raise
        self._running.add(ticket)
        future.add_done_callback(when_done)
        awaited = asyncio.wrap_future(future)
        # An outcome that nobody waits for is looked at, or asyncio would complain of it.
        awaited.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            await asyncio.wait([awaited], timeout=self._seconds)
        except asyncio.CancelledError:
            ticket.leave()
            raise
        if not awaited.done():
            ticket.leave()
            raise TooSlow(f"it took longer than {self._seconds:g} s", cure="Ask more simply, or later.")
        return awaited.result()

    def _ahead(self) -> float:
        """Return after how many seconds the next work would have its turn, as work usually goes."""
        return self._usual * max(0, self._inside - self._workers + 1) / self._workers

    def _retry_after(self) -> int:
        return min(_LONGEST_RETRY, max(1, math.ceil(self._ahead())))
