"""The stopwatch of a question's steps, by a clock that the test moves."""

from __future__ import annotations

import time

import pytest

from benchmarks.steps import STEPS, Stopwatch


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Kitchen:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def cook(self, dishes: int) -> str:
        self._clock.now += 1
        for _ in range(dishes):
            self.wash(seconds=2)
        return "done"

    def wash(self, *, seconds: float) -> None:
        self._clock.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", clock)
    return clock


def test_what_a_step_inside_takes_does_not_count_for_the_step_around_it(clock: Clock):
    watch = Stopwatch()
    kitchen = Kitchen(clock)
    with watch.watching("cooking", Kitchen, "cook"), watch.watching("washing", Kitchen, "wash"):
        assert kitchen.cook(3) == "done"
        assert dict(watch.seconds) == {"cooking": 1, "washing": 6}
        watch.start()
        kitchen.wash(seconds=5)
    assert dict(watch.seconds) == {"washing": 5}


def test_a_function_is_as_before_when_nobody_watches_any_more(clock: Clock):
    plain = Kitchen.cook
    with pytest.raises(ZeroDivisionError), Stopwatch().watching("cooking", Kitchen, "cook"):
        raise ZeroDivisionError
    assert Kitchen.cook is plain


def test_a_step_that_fails_is_timed_all_the_same(clock: Clock):
    watch = Stopwatch()
    with pytest.raises(KeyError), watch.step("outer"), watch.step("inner"):
        clock.now += 2
        raise KeyError
    assert dict(watch.seconds) == {"inner": 2, "outer": 0}


def test_every_step_of_a_question_exists_and_is_called_by_one_name():
    assert len({name for name, _, _ in STEPS}) == len(STEPS)
    for _, owner, function in STEPS:
        assert callable(getattr(owner, function))
