"""Killed builds, failing disks, damaged files and restless readers: an index answers as before or as anew."""

from __future__ import annotations

import errno
import os
import random
import signal
import time
from pathlib import Path

import pytest

import qa
from benchmarks.injection import FailingDisk, Nursery, answers, build, opened, write_edition
from qa.errors import ArchiveError, IndexDamaged
from qa.index.local.generation import read_manifest

KILLS = 12
READERS, REBUILDS = 3, 4


@pytest.fixture
def editions(tmp_path: Path) -> list[Path]:
    return [write_edition(tmp_path / f"{number}.jsonl", number) for number in (1, 2)]


@pytest.fixture
def expected(tmp_path: Path, editions: list[Path]) -> list[list[tuple[str, str, float]]]:
    """Return what each edition answers."""
    found = []
    for edition in editions:
        build(edition, tmp_path / "alone")
        found.append(answers(opened(tmp_path / "alone")))
    assert found[0] != found[1]
    return found


def leftovers(index: Path) -> set[str]:
    """Return what lies in an index folder beside its marker, manifest, lock and current generation."""
    return {path.name for path in index.iterdir()} - {
        "news-qa.json",
        "manifest.json",
        "build.lock",
        read_manifest(index).generation,
    }


def test_builds_killed_at_any_moment_leave_one_edition_whole(tmp_path: Path, editions, expected):
    index = tmp_path / "index"
    chance = random.Random(4)
    with Nursery() as nursery:
        began = time.monotonic()
        assert nursery.wait(nursery.start("build", editions[0], index)) == 0
        usual = time.monotonic() - began
        killed = 0
        for turn in range(KILLS):
            child = nursery.start("build", editions[1 - turn % 2], index)
            time.sleep(chance.uniform(0, usual))
            os.kill(child, signal.SIGKILL)
            killed += nursery.wait(child) == -signal.SIGKILL
            qa.check(index)
            assert answers(opened(index)) in expected
    assert killed > 0
    build(editions[1], index)
    assert answers(opened(index)) == expected[1]
    build(editions[0], index)
    assert leftovers(index) == set()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_disk_that_fails_at_any_write_leaves_one_edition_whole(tmp_path: Path, editions, expected, code: int):
    index = tmp_path / "index"
    build(editions[0], index)
    counting = FailingDisk()
    with counting.in_place():
        build(editions[1], tmp_path / "other")
    build(editions[0], tmp_path / "other")
    assert counting.writes > 20
    outcomes = set()
    for fails_at in range(1, 200):
        disk = FailingDisk(fails_at, code)
        now = answers(opened(index))
        try:
            with disk.in_place():
                build(editions[1] if now == expected[0] else editions[0], index)
        except ArchiveError as told:
            outcomes.add(str(told).partition(";")[0])
        else:
            assert disk.writes < fails_at
            break
        qa.check(index)
        assert answers(opened(index)) in expected
    else:
        pytest.fail("the build never came to its end")
    assert fails_at > 20
    assert outcomes == {f"{index}: the index cannot be written ({os.strerror(code)})"}
    assert leftovers(index) == set()


def test_every_damage_to_a_large_index_is_reported_before_it_is_asked_and_cured_by_a_build(
    tmp_path: Path, editions, expected, monkeypatch: pytest.MonkeyPatch
):
    index = tmp_path / "index"
    build(editions[0], index)
    monkeypatch.setattr(
        "qa.index.local.generation.VERIFIED_AT_OPEN", 0
    )  # as if it were too large to read at once
    chance = random.Random(7)
    for name in read_manifest(index).files:
        path = index / read_manifest(index).generation / name
        whole = bytearray(path.read_bytes())
        for cut in (False, True):
            damaged = whole[: chance.randrange(len(whole))] if cut else bytearray(whole)
            if not cut:
                damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            path.unlink()
            path.write_bytes(damaged)
            for touch in (qa.check, opened):
                with pytest.raises(IndexDamaged, match=r"Build the index again\."):
                    touch(index)
        build(editions[1], index)
        assert answers(opened(index)) == expected[1]
        build(editions[0], index)
        assert answers(opened(index)) == expected[0]


def test_readers_that_never_pause_see_every_last_edition_and_no_mixture(tmp_path: Path):
    index = tmp_path / "index"
    build(write_edition(tmp_path / "0.jsonl", 0), index)
    logs = [tmp_path / f"reader-{n}.log" for n in range(READERS)]
    with Nursery() as nursery:
        readers = [nursery.start("read", index, log) for log in logs]
        for number in range(1, REBUILDS + 1):
            build(write_edition(tmp_path / f"{number}.jsonl", number), index)
        while not all(log.exists() and log.read_text() for log in logs):
            time.sleep(0.02)
        (tmp_path / "stop").touch()
        assert [nursery.wait(reader) for reader in readers] == [0] * READERS
    for log in logs:
        lines = log.read_text().splitlines()
        numbers = [int(line.split()[1]) for line in lines if line.startswith("Edition ")]
        assert len(numbers) == len(lines), lines
        assert numbers == sorted(set(numbers)) and numbers[-1] == REBUILDS
    build(tmp_path / "0.jsonl", index)
    assert leftovers(index) == set()
