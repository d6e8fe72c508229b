"""Progress is told with its rate and the time left."""

from __future__ import annotations

import pytest

from qa.page.html.progress import fraction, line
from qa.reports import Progress


@pytest.mark.parametrize(
    ("progress", "rate", "filled", "told"),
    [
        (Progress("", 0, 0, ""), None, 0.0, "Getting ready"),
        (Progress("writing", 0, 1, "files"), None, 0.0, "Writing the index"),
        (Progress("reading", 7, 0, "articles"), 2.0, 0.0, "Reading articles: 7 articles"),
        (Progress("embedding", 0, 480, "passages"), None, 0.0, "Embedding passages: 0 of 480"),
        (
            Progress("embedding", 120, 480, "passages"),
            30.0,
            0.25,
            "Embedding passages: 120 of 480, 30 per second, 12 s left",
        ),
        (Progress("writing", 1, 1, "files"), 0.5, 1.0, "Writing the index: 1 of 1, 30 per minute"),
        (Progress("embedding", 9, 8, "passages"), 1.0, 1.0, "Embedding passages: 9 of 8, 1 per second"),
        (Progress("stitching", 0, 0, "threads"), None, 0.0, "Stitching"),
    ],
)
def test_bar_and_line(progress: Progress, rate: float | None, filled: float, told: str):
    assert (fraction(progress), line(progress, rate, 1.9)) == (filled, told)


@pytest.mark.parametrize(
    ("progress", "rate", "seconds", "told"),
    [
        (Progress("", 0, 0, ""), None, 7.0, "Getting ready: 7 s so far"),  # a slow feed
        (
            Progress("loading the embedder", 0, 1, "model"),
            None,
            14.2,
            "Loading the embedder (the first time it is converted for this processor, which takes a while): "
            "14 s so far",
        ),
        (Progress("embedding", 0, 480, "passages"), None, 2.0, "Embedding passages: 0 of 480, 2 s so far"),
        (
            Progress("embedding", 480, 480, "passages"),
            None,
            150.0,
            "Embedding passages: 480 of 480, 2 min so far",
        ),
        (
            Progress("embedding", 240, 480, "passages"),
            24.0,
            10.0,
            "Embedding passages: 240 of 480, 24 per second, 10 s left",
        ),
    ],
)
def test_what_nobody_can_say_a_rate_of_has_its_seconds(
    progress: Progress, rate: float | None, seconds: float, told: str
):
    assert line(progress, rate, seconds) == told
