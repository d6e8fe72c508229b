"""A copy of our own takes the place of a file's map, of nothing else, and goes with its owner."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from qa.index.local import owned
from qa.index.local.owned import Copy, Room

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mremap(2) is a call of Linux")
MANY = 3 * (2 << 20) + 5  # bytes: some huge pages and a piece of one


def mapped(path: Path) -> pa.Buffer:
    return pa.memory_map(str(path)).read_buffer()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(np.random.default_rng(1).bytes(MANY))
    return path


def test_what_reads_the_map_reads_the_copy_when_the_file_is_gone(file: Path):
    whole, buffer = file.read_bytes(), mapped(file)
    seen = np.frombuffer(buffer, np.uint8)
    copy = Copy.beside(buffer.address, MANY)
    copy.view[:] = whole
    assert copy.replace(buffer.address)
    os.truncate(file, 0)
    assert seen.tobytes() == whole
    assert str(file) not in Path("/proc/self/maps").read_text()


def test_only_the_map_of_those_bytes_of_a_file_is_replaced(file: Path):
    theirs = mmap.mmap(-1, MANY, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    theirs[:3] = b"abc"
    address = np.frombuffer(theirs, np.uint8).ctypes.data
    buffer = mapped(file)
    begin = bytes(buffer[: 2 * mmap.PAGESIZE])
    page = mmap.PAGESIZE
    for place, size, offset in (
        (address, MANY, 0),
        (buffer.address, MANY + page, 0),
        (buffer.address + page, 9, 0),
        (buffer.address, page, page),
    ):
        copy = Copy.beside(place, size)
        assert not copy.replace(place, offset)
        copy.drop()
    assert (theirs[:3], bytes(buffer[: 2 * page])) == (b"abc", begin)
    copy = Copy.beside(buffer.address + page, page)
    copy.view[:] = b"x" * page
    assert copy.replace(buffer.address + page, page)
    assert bytes(buffer[: 3 * page]) == begin[:page] + b"x" * page + file.read_bytes()[2 * page : 3 * page]


def test_memory_comes_back_with_the_owner_of_the_map_and_with_a_copy_that_was_dropped(tmp_path: Path):
    program = """
import sys
from pathlib import Path
import pyarrow as pa
from qa.index.local.owned import Copy

def kb():
    return int(next(l for l in open("/proc/self/status") if l.startswith("RssAnon")).split()[1])

path = Path(sys.argv[1]) / "file"
path.write_bytes(bytes(16 << 20))
for number in range(12):
    if number == 2:
        before = kb()
    buffer = pa.memory_map(str(path)).read_buffer()
    for replaces in (False, True):
        copy = Copy.beside(buffer.address, 16 << 20)
        copy.view[:] = b"x" * (16 << 20)
        if replaces:
            assert copy.replace(buffer.address)
        copy.drop()
    assert bytes(buffer[:1]) == b"x"
    del buffer
print((kb() - before) >> 14)
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")


def test_room_is_a_quarter_of_what_the_system_or_the_container_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(owned, "_LIMITS", tmp_path)
    monkeypatch.setattr(owned, "_free_in_system", lambda: 4000)
    assert Room.now() == Room(1000)
    monkeypatch.setattr(owned, "MOST", 999)
    assert (Room.now(), Room.now(bounded=False)) == (Room(999), Room(1000))
    (tmp_path / "memory.current").write_text("1000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert Room.now() == Room(999)
    (tmp_path / "memory.max").write_text("2000\n")
    room = Room.now()
    assert room == Room(250)
    assert (room.take(200), room.take(51), room.take(50), room.left) == (True, False, True, 0)
    monkeypatch.setattr(owned, "_free_in_system", lambda: None)
    (tmp_path / "memory.max").unlink()
    assert Room.now() == Room(0)


def test_system_that_cannot_move_memory_gives_no_copy(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(owned, "_libc", lambda: None)
    assert Copy.beside(mapped(file).address, MANY) is None


def test_buffer_of_arrow_can_be_watched(file: Path):
    buffer = mapped(file)
    assert weakref.ref(buffer)() is buffer
