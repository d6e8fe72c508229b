"""Opening an index: what was compared is what is used, whatever becomes of the files meanwhile."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import qa
from benchmarks.injection import ROOT
from qa.errors import IndexDamaged
from qa.index.local.engine import LocalEngine
from qa.index.local.generation import read_manifest, segment_folder
from qa.index.local.guard import Guard
from qa.index.local.vectors import CELLS, FILE, VectorPart
from tests.index.local.test_guard import CURE

QUESTION = "Who visited North Korea?"


@pytest.fixture
def index(tmp_path: Path, news, build_small) -> Path:
    build_small(news)
    return tmp_path / "index"


def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take small indexes for large ones, and leave their files mapped."""
    monkeypatch.setattr("qa.index.local.generation.VERIFIED_AT_OPEN", 0)
    monkeypatch.setattr("qa.index.local.owned.SHARE", 0)


def everything(retriever: qa.Retriever) -> list[object]:
    found = [(hit.passage.text, hit.score) for hit in retriever.search(QUESTION)]
    return [found, retriever.listing(0, 9), retriever.overview()]


@pytest.mark.skipif(not hasattr(os, "preadv"), reason="files are read by another call")
def test_small_index_is_read_once_and_answers_from_what_was_read(
    index: Path, open_small, monkeypatch: pytest.MonkeyPatch
):
    """Whatever is read is overwritten on the disk at once, so that a second look would see something else."""
    expected, manifest = everything(open_small()), read_manifest(index)
    folder = index / manifest.generation
    names = {(folder / name).stat().st_ino: name for name in manifest.files}
    read: Counter[str] = Counter()

    def spoil(descriptor: int, offset: int, size: int) -> None:
        name = names.get(os.fstat(descriptor).st_ino)
        if name is not None:
            read[name] += size
            with (folder / name).open("r+b") as stream:
                stream.seek(offset)
                stream.write(bytes(size))

    def preadv(descriptor, buffers, offset, real=os.preadv):
        size = real(descriptor, buffers, offset)
        spoil(descriptor, offset, size)
        return size

    def file_digest(stream, kind, real=hashlib.file_digest):
        digest = real(stream, kind)
        spoil(stream.fileno(), 0, os.fstat(stream.fileno()).st_size)
        return digest

    monkeypatch.setattr(os, "preadv", preadv)
    monkeypatch.setattr(hashlib, "file_digest", file_digest)
    retriever = open_small()
    assert everything(retriever) == expected
    assert read == {name: facts.bytes for name, facts in manifest.files.items()}
    with pytest.raises(IndexDamaged, match="its content was altered"):
        open_small()


def test_what_is_mapped_is_the_file_that_was_compared_and_not_another_of_its_name(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    large(monkeypatch)
    manifest = read_manifest(index)
    guard = Guard.open(index, manifest)
    for name, facts in manifest.files.items():
        path = index / manifest.generation / name
        if path.name == "checksums.arrow":
            continue  # read only when the index is opened
        whole = path.read_bytes()
        (tmp_path / "other").write_bytes(bytes(facts.bytes))
        (tmp_path / "other").replace(path)
        assert bytes(guard.map(path)) == whole


@pytest.mark.parametrize("size", ["small", "large"])
def test_file_cut_between_two_looks_at_it_is_reported_with_both_sizes(
    index: Path, monkeypatch: pytest.MonkeyPatch, size: str
):
    if size == "large":
        large(monkeypatch)
    manifest = read_manifest(index)
    path, facts = index / manifest.generation / "rows.arrow", manifest.files["rows.arrow"]
    real = Guard.open

    def opened(*arguments):
        guard = real(*arguments)
        os.truncate(path, 7)
        return guard

    monkeypatch.setattr(Guard, "open", opened)
    with pytest.raises(IndexDamaged) as told:
        LocalEngine.open(index)
    assert str(told.value) == f"{path}: has 7 bytes instead of {facts.bytes}. {CURE}"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere what is mapped stays at risk")
def test_files_cut_before_faiss_reads_its_maps_do_not_end_the_process(tmp_path: Path):
    program = """
import os
import sys
from pathlib import Path
from benchmarks.injection import build, opened, write_edition
from qa.errors import IndexDamaged
from qa.index.local import generation, owned, vectors

folder, real = Path(sys.argv[1]), vectors._read

def cut_first(path, memory):
    os.truncate(path, 0)
    return real(path, memory)

for share in (0, 1 / 4):
    for large in (True, False):
        vectors._read = real
        index = folder / f"{share}{large}"
        build(write_edition(folder / "1.jsonl", 1, 40), index)
        vectors._read, owned.SHARE = cut_first, share
        generation.VERIFIED_AT_OPEN = 0 if large else 1 << 30
        try:
            opened(index)
        except IndexDamaged as fault:
            print(str(fault).partition(" bytes instead of ")[0].partition("segment-0000/")[2])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == 4 * ["vectors.faiss: has 0"]


def test_where_the_system_gives_no_help_a_small_index_and_pauses_between_questions_are_still_safe(
    tmp_path: Path,
):
    """As on macOS and Windows: no copies, no handler of SIGBUS; and no reading at a place, as on Windows."""
    program = """
import os
import sys
from pathlib import Path
from benchmarks.injection import answers, build, opened, write_edition
from qa.errors import IndexDamaged
from qa.index.local import bus_errors, generation, owned, vectors

del os.preadv
bus_errors._LIBC, owned._libc = None, lambda: None
owned._free_in_system = owned._free_in_container = lambda: None
nearest = vectors.VectorPart.nearest

def cut(index):
    for path in index.glob("generation-*/**/*.*"):
        os.truncate(path, 0)

for large in (True, False):
    folder = Path(sys.argv[1]) / str(large)
    folder.mkdir()
    build(write_edition(folder / "1.jsonl", 1, 40), folder / "index")
    generation.VERIFIED_AT_OPEN = 0 if large else 1 << 30
    retriever = opened(folder / "index")
    answers(retriever)
    if large:
        cut(folder / "index")
    else:  # in the middle of the next one
        vectors.VectorPart.nearest = lambda *one, **more: (cut(folder / "index"), nearest(*one, **more))[1]
    try:
        answers(retriever)
    except IndexDamaged as fault:
        print(str(fault).partition(": ")[2].partition(" bytes instead of ")[0])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == 2 * ["has 0"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("size", ["small", "large"])
def test_named_pipe_in_the_place_of_a_file_is_damage_and_nothing_waits_for_it(
    index: Path, open_small, monkeypatch: pytest.MonkeyPatch, size: str
):
    if size == "large":
        large(monkeypatch)
    manifest = read_manifest(index)
    for name, facts in manifest.files.items():
        path = index / manifest.generation / name
        whole = path.read_bytes()
        path.unlink()
        os.mkfifo(path)
        with pytest.raises(IndexDamaged) as told:
            open_small()
        assert str(told.value) == f"{path}: has 0 bytes instead of {facts.bytes}. Build the index again."
        path.unlink()
        path.write_bytes(whole)


def test_vectors_and_cells_are_read_where_they_lie_and_not_copied_once_more(
    index: Path, monkeypatch: pytest.MonkeyPatch, news, build_small
):
    for name, value in (("writer.EXACT_UP_TO", 0), ("vectors._CELLS_FROM", 1)):
        monkeypatch.setattr(f"qa.index.local.{name}", value)
    build_small(news[:3])
    manifest = read_manifest(index)
    segment = segment_folder(index / manifest.generation, 0)
    part = VectorPart.open(segment, Guard.open(index, manifest))
    flat, cells = part.memory
    lists = part.cells.invlists
    filled = [cell for cell in range(part.cells.nlist) if lists.list_size(cell)]
    for name, memory, places in (
        (FILE, flat, [part.index.get_xb()]),
        (CELLS, cells, [lists.get_codes(cell) for cell in filled]),
        (CELLS, cells, [lists.get_ids(cell) for cell in filled]),
    ):
        assert memory.size == manifest.files[f"segment-0000/{name}"].bytes
        assert places and all(memory.address < int(at) < memory.address + memory.size for at in places)
