"""Kills find an index as it was or as it was to be; where they would find something else, it is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import injection, kills
from benchmarks.injection import Nursery, Seen, build, seen_in, write_edition


@pytest.fixture
def editions(tmp_path: Path) -> list[Path]:
    return [write_edition(tmp_path / f"{n}.jsonl", n, 6) for n in (1, 2)]


def test_killed_builds_additions_and_deletions_leave_what_was_or_what_was_meant(
    tmp_path: Path, editions: list[Path]
):
    with Nursery() as nursery:
        rows = [
            kills.builds(tmp_path / "built", editions, 3, nursery, seen_in),
            kills.additions(tmp_path / "added", tmp_path, 2, nursery, seen_in),
            kills.deletions(tmp_path / "forgotten", tmp_path, 2, nursery, seen_in),
        ]
    assert [(row.attack, row.tried, row.wrong) for row in rows] == [
        ("builds killed", 3, 0),
        ("additions killed", 2, 0),
        ("deletions killed", 2, 0),
    ]


def test_each_kill_after_the_swap_leaves_what_was_asked_for(tmp_path: Path):
    with Nursery() as nursery:
        row = kills.after_the_swap(tmp_path, 3, nursery)
    died, steps = (int(part.split()[0]) for part in row.note.replace("of ", "").split(", "))
    assert (row.wrong, died) == (0, 3)
    assert steps > 30


def test_milvus_lite_is_looked_at_in_a_process_of_its_own(tmp_path: Path, editions: list[Path]):
    *rows, each = kills.milvus_lite(tmp_path, editions, 5, every=70)
    assert [(row.attack, row.tried, row.wrong) for row in rows] == [
        ("Milvus Lite: builds killed", 1, 0),
        ("Milvus Lite: additions killed", 1, 0),
        ("Milvus Lite: shards killed", 1, 0),
        ("Milvus Lite: deletions killed", 2, 0),
    ]
    assert (each.attack, each.wrong) == ("Milvus Lite: death at each file", 0)
    assert each.tried >= 3


class Tame:
    """A nursery whose children do nothing; a look at the index gives what the test defines."""

    def run(self, work: str, *arguments: object) -> None:
        pass

    def killed(self, seconds: float, work: str, *arguments: object) -> bool:
        return True


def test_states_that_are_neither_the_old_one_nor_the_new_one_are_counted(
    tmp_path: Path, editions: list[Path]
):
    first, second = (Seen({"0": ("", text)}, ()) for text in ("old", "new"))
    half = Seen({"0": ("", "half")}, ())
    seen = says(first, second, first, half, second, half)
    row = kills.builds(tmp_path / "i", editions, 4, Tame(), seen)
    assert (row.tried, row.wrong) == (4, 2)

    whole = Seen({str(n): ("", "text") for n in range(11)}, ())
    row = kills.deletions(tmp_path / "i", tmp_path, 2, Tame(), says(whole, half, whole, half))
    assert row.wrong == 2

    lost = Seen({"1": ("", "text")}, ())
    row = kills.additions(tmp_path / "i", tmp_path, 2, Tame(), says(whole, whole, lost, whole))
    assert row.wrong == 2  # once ten articles vanished, once not all were added


def says(*seen: Seen) -> kills.Look:
    following = iter(seen)
    return lambda index, must_be_whole: next(following)


def test_death_at_the_n_th_thing_is_after_the_manifest_is_swapped(tmp_path: Path, editions: list[Path]):
    index, log = tmp_path / "index", tmp_path / "log"
    build(editions[0], index)
    with Nursery() as nursery:
        assert nursery.wait(nursery.start("die", 1, log, "build", editions[1], index)) == -9
    assert not log.exists()
    assert "edition 2" in " ".join(text for _, text in seen_in(index, True).articles.values())
    assert len(list(index.glob("generation-*"))) == 2  # the old one was still to be removed
    injection.build(editions[0], index)
    assert len(list(index.glob("generation-*"))) == 1
