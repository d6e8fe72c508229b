"""What a process holds is told by kind, and only what grew is called grown."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from benchmarks.process_use import DESCRIPTORS, MEMORY, Growth, Look, grown, look, middle, share, slope


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells this of a process")
def test_open_descriptors_are_counted_by_kind(tmp_path: Path):
    folder = tmp_path / "generation-20260101T000000-abcdef"
    folder.mkdir()
    (folder / "rows.arrow").write_text("x")
    before = look(os.getpid())
    with (folder / "rows.arrow").open(), (tmp_path / "a").open("w"), socket.socket(), socket.socket():
        during = look(os.getpid())
    more = {kind: during.held.get(kind, 0) - before.held.get(kind, 0) for kind in during.held}
    kinds = {"files of the index": 1, "other files": 1, "sockets": 2, DESCRIPTORS: 4}
    assert {kind: more[kind] for kind in kinds} == kinds
    assert before.held[MEMORY] == pytest.approx(
        before.held["MB private"] + before.held["MB of files"], rel=0.05
    )
    assert during.at > before.at and during.processor >= before.processor


def looks(kind: str, *held: float) -> list[Look]:
    return [Look(30.0 * n, {kind: one}, 6.0 * n) for n, one in enumerate(held)]


def test_only_what_grew_is_reported_with_its_quarters():
    assert grown(looks("sockets", 4, 6, 8, 8, 9, 9, 9, 9)) == [Growth("sockets", (5.0, 8.0, 9.0, 9.0))]
    assert str(grown(looks("sockets", 4, 8, 9, 9))[0]) == "sockets 4.0, 8.0, 9.0, 9.0"
    assert grown(looks("sockets", 4, 8, 9, 5)) == []  # they were opened and closed again
    assert grown(looks(MEMORY, 480.0, 485.0, 481.0, 480.9)) == []
    assert [one.kind for one in grown(looks(MEMORY, 480.0, 480.0, 481.0, 481.5))] == [MEMORY]
    both = [Look(0, {"a": 10, "b": 10}, 0), Look(1, {"a": 20, "b": 60}, 0)]
    assert [one.kind for one in grown(both)] == ["b", "a"]
    assert grown([Look(0, {}, 0), Look(1, {}, 0), Look(2, {}, 0), Look(3, {"new": 3}, 0)]) == [
        Growth("new", (0.0, 0.0, 0.0, 3.0))
    ]


def test_slope_is_a_minute_s_and_share_is_of_one_core():
    seen = looks("sockets", 1, 2, 3, 4)
    assert slope(seen, "sockets") == pytest.approx(2.0)
    assert (middle(seen, "sockets"), share(seen)) == (2.5, pytest.approx(0.2))
