"""Progress is told with rate and time left, in the thread that shows it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.records import Progress
from qa.view.watching import Pace, watched


def shown(*moments: tuple[float, Progress]) -> list[tuple[float, str]]:
    """What `Pace` shows when these reports come in at these seconds."""
    lines: list[tuple[float, str]] = []
    seconds = iter([moment for moment, _ in moments])
    pace = Pace(show=lambda fraction, line: lines.append((fraction, line)), clock=lambda: next(seconds))
    for _, progress in moments:
        pace(progress)
    return lines


def test_progress_tells_rate_and_time_left_of_its_stage():
    assert shown(
        (5.0, Progress("embedding", 0, 480, "passages")), (9.0, Progress("embedding", 120, 480, "passages"))
    ) == [
        (0.0, "Embedding passages: 0 of 480"),
        (0.25, "Embedding passages: 120 of 480, 30 per second, 12 s left"),
    ]


def test_new_stage_starts_its_own_clock():
    assert shown(
        (0.0, Progress("reading", 7, 0, "articles")), (60.0, Progress("writing", 0, 1, "files")),
        (62.0, Progress("writing", 1, 1, "files")),
    ) == [
        (0.0, "Reading articles: 7 articles"),
        (0.0, "Writing the index: 0 of 1"),
        (1.0, "Writing the index: 1 of 1, 30 per minute"),
    ]  # fmt: skip


def test_unknown_stage_goes_by_its_own_name():
    assert shown((0.0, Progress("stitching", 0, 0, "threads"))) == [(0.0, "Stitching")]


def test_progress_never_passes_the_end():
    assert shown((0.0, Progress("embedding", 9, 8, "passages")))[0][0] == 1.0


def test_job_may_report_from_any_thread_and_is_shown_in_this_one():
    def job(inputs: list[Path], index: str, *, add: bool, progress: Callable[[Progress], None]) -> str:
        reporter = threading.Thread(target=progress, args=(Progress("embedding", 1, 2, "passages"),))
        reporter.start()
        reporter.join()
        return f"{inputs} {index} {add}"

    seen: list[tuple[object, float, str]] = []
    result = watched(
        job,
        [Path("a.csv")],
        "indexes/news",
        add=True,
        show=lambda *told: seen.append((threading.current_thread(), *told)),
    )
    assert result == f"{[Path('a.csv')]} indexes/news True"
    assert seen == [(threading.current_thread(), 0.5, "Embedding passages: 1 of 2")]


def test_job_is_shown_again_and_again_until_it_is_done():
    seen: list[str] = []
    shown = threading.Event()

    def job(inputs: list[Path], index: str, *, add: bool, progress: Callable[[Progress], None]) -> None:
        progress(Progress("writing", 0, 2, "files"))
        shown.wait()
        progress(Progress("writing", 1, 2, "files"))
        progress(Progress("linking copies", 0, 2, "articles"))

    def show(fraction: float, line: str) -> None:
        seen.append(line)
        shown.set()

    watched(job, [Path("a.csv")], "indexes/news", add=True, show=show)
    assert (seen[0], seen[-1]) == ("Writing the index: 0 of 2", "Looking for copies: 0 of 2")


def test_error_of_the_job_comes_out_after_its_last_report():
    def job(inputs: list[Path], index: str, *, add: bool, progress: Callable[[Progress], None]) -> None:
        progress(Progress("writing", 1, 2, "files"))
        raise OSError("disk full")

    seen: list[str] = []
    with pytest.raises(OSError, match="disk full"):
        watched(job, [Path("a.csv")], "indexes/news", add=True, show=lambda fraction, line: seen.append(line))
    assert seen == ["Writing the index: 1 of 2"]


def test_job_is_finished_even_if_nobody_watches_any_more():
    finished = threading.Event()
    told = threading.Event()

    def job(inputs: list[Path], index: str, *, add: bool, progress: Callable[[Progress], None]) -> None:
        progress(Progress("writing", 1, 2, "files"))
        told.wait()
        finished.set()

    def show(fraction: float, line: str) -> None:
        told.set()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watched(job, [Path("a.csv")], "indexes/news", add=True, show=show)
    assert finished.is_set()
