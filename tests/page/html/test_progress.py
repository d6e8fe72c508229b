"""Progress is told with its rate and the time left."""

from __future__ import annotations

import pytest

from qa.page.html.progress import fraction, line
from qa.reports import Progress


@pytest.mark.parametrize(
    ("progress", "rate", "filled", "told"),
    [
        (Progress("", 0, 0, ""), None, 0.0, "Getting ready"),
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
    assert (fraction(progress), line(progress, rate)) == (filled, told)
