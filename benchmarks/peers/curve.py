"""What each system is worth for each number of passages it reads -> points, goals, and rows of a table.

People choose a point on a curve of time and quality, so one setting of each is no comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.exchange import Replied
from benchmarks.peers.figures import answers
from benchmarks.report import Judged
from qa.evaluate.metrics import percentile
from qa.evaluate.table import percent

DEPTHS = (1, 2, 3, 5, 10, 20)  # passages read
CURVE_HEAD = ("", "passages read", "ask p50, ms", "F1", "F1 answerable", "F1 forced")
SLOW = 0.06  # seconds; a peer's point as slow as this must be beaten in half of its time
MARGIN = 0.05  # of F1, by which that point must be beaten
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Point:
    """A system that reads so many passages."""

    system: str
    read: int
    seconds: float  # p50 of a question
    f1: float  # over all questions, 0 to 1; for a peer, with its better setup
    has_f1: float  # over the answerable questions
    forced_f1: float  # over the answerable questions, each given its best span

    @classmethod
    def of(cls, system: str, read: int, replied: Replied, golds: Sequence[tuple[str, ...]]) -> Point:
        """Return the point of what a system replied; each figure is that of the way which does best at it."""
        ways = [answers(given, golds) for given in (replied.given, *replied.variants.values())]
        return cls(
            system,
            read,
            percentile(replied.seconds, 0.5),
            _best([way.f1 for way in ways]),
            _best([way.has_f1 for way in ways]),
            _best([way.forced_f1 for way in ways]),
        )


def above(ours: Sequence[Point], theirs: Sequence[Point]) -> list[Point]:
    """Return the points of peers with a better F1 than each of ours that takes no longer."""
    return [peer for peer in theirs if peer.f1 > _best_within(ours, peer.seconds)]


def unbeaten(ours: Sequence[Point], theirs: Sequence[Point]) -> list[Point]:
    """Return the slow points of peers that no point of ours beats by the margin in half of the time."""
    return [
        peer
        for peer in theirs
        if peer.seconds >= SLOW and _best_within(ours, HALF * peer.seconds) < peer.f1 + MARGIN
    ]


def curve_goals(ours: Sequence[Point], theirs: Sequence[Point]) -> list[Judged]:
    """Return how many points of the peers lie above our curve, and how many are not clearly below it."""
    return [
        Judged("points of a peer above our curve", len(above(ours, theirs)), 0, at_most=True),
        Judged(
            "points of a peer from 60 ms on that ours does not beat by 5 points of F1 in half of the time",
            len(unbeaten(ours, theirs)),
            0,
            at_most=True,
        ),
    ]


def curve_rows(points: Sequence[Point]) -> list[tuple[str, ...]]:
    """Return a row for each point, the systems one after the other."""
    return [
        (
            name,
            str(point.read),
            f"{1000 * point.seconds:.0f}",
            percent(point.f1),
            percent(point.has_f1),
            percent(point.forced_f1),
        )
        for name, curve in by_system(points).items()
        for point in curve
    ]


def by_system(points: Sequence[Point]) -> Mapping[str, list[Point]]:
    """Return each system's points, the fewest passages first."""
    curves: dict[str, list[Point]] = {}
    for point in sorted(points, key=lambda point: point.read):
        curves.setdefault(point.system, []).append(point)
    return {name: curves[name] for name in dict.fromkeys(point.system for point in points)}


def _best_within(points: Sequence[Point], seconds: float) -> float:
    """Return the best F1 of the points that take no longer; -1 if all do."""
    return max((point.f1 for point in points if point.seconds <= seconds), default=-1.0)


def _best(shares: Sequence[float | None]) -> float:
    """Return the best F1; 0 where there is no question of the kind."""
    return max((share for share in shares if share is not None), default=0.0)
