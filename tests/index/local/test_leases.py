"""What somebody reads is not removed, and what nobody reads any more is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import qa
from qa.errors import IndexDamaged
from qa.index.backends import backend_of
from qa.index.local.generation import read_manifest, writing
from qa.index.local.guarded_file import GuardedFile
from qa.index.local.leases import Lease, alone_with
from qa.index.local.tables import ROWS

ROOT = Path(__file__).resolve().parents[3]

# Takes a lease, says so, and waits to be killed.
HOLDER = """
import sys
from pathlib import Path
from typing import Any
from qa.index.local.leases import Lease
lease = Lease.take(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def index(tmp_path: Path, news, build_small) -> Path:
    build_small(news[:2])
    return tmp_path / "index"


def generations(index: Path) -> set[str]:
    return {folder.name for folder in index.glob("generation-*")}


def test_generation_in_use_outlives_builds_until_its_reader_lets_go(
    index: Path, news, build_small, open_small
):
    first = read_manifest(index).generation
    reader = open_small()
    build_small(news[:3])
    build_small(news)
    last = read_manifest(index).generation
    assert generations(index) == {first, last}  # the generation between had no reader
    assert [hit.passage.article.id for hit in reader.search("Shoigu", 1)] == ["visit"]
    assert reader.refresh()
    with writing(index):  # the next writer clears up
        assert generations(index) == {last}


def test_killed_reader_holds_nothing_up(index: Path, news, build_small):
    first = read_manifest(index).generation
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(index / first)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert holder.stdout.readline() == "held\n"
    build_small(news)
    assert first in generations(index)
    holder.kill()
    holder.communicate()
    build_small(news[:3])
    assert generations(index) == {read_manifest(index).generation}


def test_generation_that_is_being_removed_cannot_be_leased(index: Path):
    folder = index / read_manifest(index).generation
    with alone_with(folder) as unused:
        assert unused
        with pytest.raises(IndexDamaged, match="it is being removed"):
            Lease.take(folder)
    # Several readers may hold leases at once.
    with Lease.take(folder), Lease.take(folder), alone_with(folder) as unused:
        assert not unused
    with alone_with(folder) as unused:
        assert unused


def test_generation_whose_name_was_taken_meanwhile_cannot_be_leased(index: Path, monkeypatch):
    folder = index / read_manifest(index).generation
    lock = "qa.index.local.leases._lock"

    def replaced(descriptor: int, *, shared: bool) -> bool:
        content = (folder / ROWS).read_bytes()
        (folder / ROWS).unlink()
        (folder / ROWS).write_bytes(content)
        return True

    monkeypatch.setattr(lock, replaced)
    with pytest.raises(IndexDamaged, match="it is being removed"):
        Lease.take(folder)


def test_reader_whose_generation_went_before_its_lease_takes_the_newer_one(
    index: Path, news, build_small, open_small, monkeypatch
):
    first, real = read_manifest(index).generation, Lease.take
    tried = []

    def take(folder: Path) -> Lease:
        if not tried:  # a build ends between the manifest and the lease
            tried.append(folder.name)
            build_small(news[:3])
        return real(folder)

    monkeypatch.setattr(Lease, "take", take)
    assert open_small().overview().articles == 3
    assert tried == [first]


def test_check_and_show_hold_the_generation_while_they_read(index: Path, monkeypatch):
    seen = []
    real = GuardedFile.open

    def look(*file: Any) -> GuardedFile:
        with alone_with(index / read_manifest(index).generation) as unused:
            seen.append(unused)
        return real(*file)

    monkeypatch.setattr(GuardedFile, "open", look)
    qa.check(index)
    backend_of(index).overview()
    assert len(seen) > 1 and set(seen) == {False}
