"""Curves of time and quality, from points small enough to be judged by eye."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.peers.curve import Point, above, by_system, curve_goals, curve_rows, unbeaten
from benchmarks.peers.exchange import Given, Replied
from benchmarks.peers.picture import draw_curve
from benchmarks.peers.stages import CURVE, result_file
from benchmarks.report import Judged

GOLDS = [("Kim Jong Un",), ("45",), ()]


def point(system: str, read: int, seconds: float, f1: float) -> Point:
    return Point(system, read, seconds, f1, f1, f1)


OURS = [point("ours", 1, 0.03, 0.50), point("ours", 10, 0.10, 0.70)]


def test_a_point_takes_each_figure_from_the_way_that_does_best_at_it():
    refusing = [Given(None, None)] * 3  # right only on the unanswerable question
    answering = [Given("Kim Jong Un", "Kim Jong Un"), Given("45", "45"), Given("Paris", "Paris")]
    replied = Replied(refusing, [0.3, 0.1, 0.2], None, 0.0, {"answering": answering})
    assert Point.of("peer", 5, replied, GOLDS) == Point("peer", 5, 0.2, pytest.approx(2 / 3), 1.0, 1.0)


@pytest.mark.parametrize(
    ("peer", "is_above"),
    [
        (point("peer", 1, 0.02, 0.10), True),  # faster than all our points
        (point("peer", 1, 0.03, 0.50), False),  # as good as ours in the same time
        (point("peer", 1, 0.09, 0.51), True),
        (point("peer", 1, 0.10, 0.51), False),
        (point("peer", 1, 9.00, 0.71), True),  # slow, but better than all our points
    ],
)
def test_a_peer_is_above_our_curve_where_none_of_ours_is_as_good_in_its_time(peer: Point, is_above: bool):
    assert above(OURS, [peer]) == ([peer] if is_above else [])


@pytest.mark.parametrize(
    ("peer", "is_unbeaten"),
    [
        (point("peer", 1, 0.059, 0.90), False),  # no goal for points under 60 ms
        (point("peer", 1, 0.060, 0.44), False),  # our point of 0.50 takes half of its time
        (point("peer", 1, 0.060, 0.46), True),
        (point("peer", 1, 0.199, 0.64), True),  # our point of 0.70 takes a little more than half of its time
        (point("peer", 1, 0.200, 0.64), False),
        (point("peer", 1, 0.200, 0.66), True),
    ],
)
def test_a_slow_peer_must_be_beaten_by_five_points_in_half_of_its_time(peer: Point, is_unbeaten: bool):
    assert unbeaten(OURS, [peer]) == ([peer] if is_unbeaten else [])


def test_goals_count_the_points_that_miss_them():
    theirs = [point("a", 1, 0.02, 0.1), point("b", 1, 0.06, 0.46), point("b", 2, 0.2, 0.5)]
    met = [Judged(goal.name, goal.value, 0, at_most=True) for goal in curve_goals(OURS, theirs)]
    assert [goal.value for goal in met] == [1, 1]
    assert all(goal.met for goal in curve_goals(OURS, theirs[2:]))


def test_rows_stand_by_system_with_the_fewest_passages_first():
    mixed = [OURS[1], point("peer", 1, 0.2, 0.4), OURS[0]]
    assert list(by_system(mixed)) == ["ours", "peer"]
    assert curve_rows(mixed) == [
        ("ours", "1", "30", "50.0 %", "50.0 %", "50.0 %"),
        ("ours", "10", "100", "70.0 %", "70.0 %", "70.0 %"),
        ("peer", "1", "200", "40.0 %", "40.0 %", "40.0 %"),
    ]


def test_each_depth_leaves_a_file_of_its_own():
    assert result_file("txtai", CURVE, 3) == "txtai-curve-3.json"
    assert result_file("txtai", "ask", 10) == "txtai-ask.json"


def test_the_picture_has_a_line_for_each_system(tmp_path: Path):
    draw_curve([*OURS, replace(OURS[0], system="peer")], title="Two curves", path=tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
