"""Articles of 1 kB to 10 MB -> milliseconds that judging ten passages of each takes.

    python -m benchmarks.judging

What is worked out of a claim (its sentence, its times, its full name) may grow with the passage, never with
the article. Before this was kept, an article of 1 MB took 10 seconds.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import typer

from benchmarks.report import Goal, goals, save, table
from qa.read.answers import judge
from qa.read.candidate import Candidate
from qa.records import Article, Hit, Passage

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)  # characters
PASSAGES, PASSAGE = 10, 800  # number of passages, and characters in each
QUESTION = "How many people died in the Varde flood?"
SENTENCE = (
    "Mayor Calloway of Varde said on Friday that 23 people died in the flood and that the river was falling. "
)
ROUNDS = 3


def main() -> None:
    """Judge spans of ten passages of one long article, and show how the time grows."""
    curve = {size: milliseconds(size) for size in SIZES}
    table(
        "Judging ten passages of one article",
        ("characters", "ms"),
        [(f"{size:,}", f"{taken:.1f}") for size, taken in curve.items()],
    )
    save("judging", {str(size): round(taken, 2) for size, taken in curve.items()})
    share = curve[100_000] / curve[SIZES[-1]]
    goals("Growth", [Goal("time of 100 kB, as a share of that of 10 MB", share, 0.5)])


def milliseconds(size: int) -> float:
    """Return the least of some rounds, since other work on the machine only adds."""
    text = (SENTENCE * (size // len(SENTENCE) + 1))[:size]
    article = Article("a", "Flood on the Varde", text, datetime(2023, 9, 5, tzinfo=UTC), source="Courier")
    step = max(0, size - PASSAGE) // PASSAGES
    hits = [
        Hit(Passage(article, at * step, min(size, at * step + PASSAGE)), 0.5, 0.5, 1.0) for at in range(10)
    ]
    candidates = []
    for number, hit in enumerate(hits):
        for quote in ("23 people", "Calloway", "Friday"):
            start = text.find(quote, hit.passage.start)
            if start >= 0:
                candidates.append(Candidate(number, start, start + len(quote), 3.0 - number / 10))
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        judge(QUESTION, candidates, hits, None, threshold=None, many=10)
        taken.append(1000 * (time.perf_counter() - began))
    return min(taken)


if __name__ == "__main__":
    typer.run(main)
