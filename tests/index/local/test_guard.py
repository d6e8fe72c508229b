"""A large index is read as it was written or not at all: flipped bits, cut files, older formats."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import qa
from benchmarks.injection import ROOT, add, answers, build, opened, write_edition
from qa.errors import IndexDamaged
from qa.index.local import checksums, generation, guard, owned
from qa.index.local.checksums import CHECKSUMS, FileChecksums, read_checksums
from qa.index.local.generation import VERIFIED_AT_OPEN, Manifest, read_manifest, segment_folder
from qa.index.local.guard import Guard
from qa.index.local.guarded_file import GuardedFile
from qa.index.local.postings import Postings
from qa.index.local.tables import write_table
from qa.settings import DoorSettings

FLIPS = 12  # in each file
CURE = "Build the index again. Until then it is closed; python -m qa check reads every byte of it."


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small indexes are taken for large ones, with cells and many blocks."""
    monkeypatch.setattr("qa.index.local.generation.VERIFIED_AT_OPEN", 0)
    monkeypatch.setattr("qa.index.local.checksums.BLOCK", 64)
    monkeypatch.setattr("qa.index.local.writer.EXACT_UP_TO", 0)
    monkeypatch.setattr("qa.index.local.vectors.EXACT_UP_TO", 0)
    monkeypatch.setattr("qa.index.local.vectors._CELLS_FROM", 20)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build(write_edition(tmp_path / "1.jsonl", 1), tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def manifest(index: Path) -> Manifest:
    return read_manifest(index)


def everything(retriever: qa.Retriever) -> list[object]:
    """Return what a search finds, and every article that the index holds."""
    return [answers(retriever), retriever.listing(0, 1000).articles, retriever.overview().sources]


def decay(path: Path, at: int, bit: int = 0) -> None:
    """Flip a bit as a disk does: no time changes."""
    status = path.stat()
    with path.open("r+b") as stream:
        stream.seek(at)
        (byte,) = stream.read(1)
        stream.seek(at)
        stream.write(bytes([byte ^ 1 << bit]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def files(index: Path, manifest: Manifest) -> Iterator[tuple[Path, int]]:
    for name, facts in manifest.files.items():
        yield index / manifest.generation / name, facts.bytes


@pytest.fixture(params=[1 / 4, 0], ids=["copied", "no room"])
def share(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """Set and return the share of free memory for copies; the rest is compared before it is read."""
    monkeypatch.setattr("qa.index.local.owned.SHARE", request.param)
    return request.param


def test_no_flipped_bit_of_a_large_index_changes_an_answer_or_raises_anything_else(
    index: Path, manifest: Manifest, share: float
):
    whole = everything(opened(index))
    chance = random.Random(3)
    told = 0
    for path, size in files(index, manifest):
        for at in chance.sample(range(size), min(size, FLIPS)):
            bit = chance.randrange(8)
            decay(path, at, bit)
            try:
                assert everything(opened(index)) == whole, f"byte {at} of {path.name}"
            except IndexDamaged as fault:
                assert fault.where in (str(path), str(path.parent / CHECKSUMS))
                told += 1
            decay(path, at, bit)
    # Changes in parts that are never read (sketches) are not noticed.
    assert told > 0.8 * FLIPS * len(manifest.files)
    assert everything(opened(index)) == whole


def test_most_bytes_of_texts_postings_and_vectors_are_left_until_they_are_read(index: Path, manifest):
    known = read_checksums(segment_folder(index / manifest.generation, 0))
    late = {name for name, one in known.items() if one.late.any()}
    assert late == {"articles.arrow", "postings.arrow", "vectors.faiss", "cells.faiss"}
    # All but the first block, which holds the header.
    assert known["vectors.faiss"].late.sum() == len(known["vectors.faiss"].late) - 1
    for path, size in files(index, manifest):
        if path.name in known:
            expected = FileChecksums.of(path, (), 64)
            assert len(expected.sums) == -(-size // 64)
            assert np.array_equal(known[path.name].sums, expected.sums)


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("vectors.faiss", lambda retriever: retriever.search("harbour")),
        ("cells.faiss", lambda retriever: retriever.search("harbour")),
        ("articles.arrow", lambda retriever: [retriever.article(str(n)) for n in range(40)]),
        ("postings.arrow", lambda retriever: retriever.search("harbour lamp ship pier")),
    ],
)
def test_damage_closes_the_index_for_good_until_a_build_has_cured_it(
    tmp_path: Path, index: Path, manifest, share, name: str, ask: Callable[[qa.Retriever], object]
):
    path = index / manifest.generation / "segment-0000" / name
    (late,) = (one.late for file, one in read_checksums(path.parent).items() if file == name)
    block = int(np.flatnonzero(late)[-2])
    decay(path, 64 * block)
    retriever = opened(index)
    with pytest.raises(IndexDamaged) as told:
        ask(retriever)
    where = f"{64 * block} to {64 * block + 64}"
    assert str(told.value) == f"{path}: its content was altered (in bytes {where}). {CURE}"
    for question in (
        lambda: retriever.search("ship"),
        lambda: retriever.listing(0, 5),
        lambda: retriever.article("0"),
        lambda: retriever.neighbours("0"),
        lambda: retriever.calendar("source"),
        retriever.overview,
    ):
        with pytest.raises(IndexDamaged, match="its content was altered"):
            question()
    assert not retriever.refresh()
    build(write_edition(tmp_path / "1.jsonl", 1), index)
    assert retriever.refresh()
    assert len(answers(retriever)) == 40


def test_damage_that_the_thread_finds_later_than_the_first_question_is_reported_with_the_next(
    index: Path, manifest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    path = index / manifest.generation / "segment-0000" / "vectors.faiss"
    decay(path, path.stat().st_size - 70)
    threads: list[Callable[[], None]] = []

    class Later:
        """A thread that begins when it is told to."""

        def __init__(self, target, args, **_):
            threads.append(lambda: target(*args))

        def start(self) -> None:
            pass

    monkeypatch.setattr(guard.threading, "Thread", Later)
    monkeypatch.setattr(Guard.wait, "__defaults__", (0.0,))
    retriever = opened(index)
    retriever.search("ship")
    (run,) = threads
    run()
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == [
        f"{path}: its content was altered"
    ]
    with pytest.raises(IndexDamaged, match="its content was altered"):
        retriever.search("ship")


@pytest.mark.parametrize("ask", [lambda r: r.search("ship"), lambda r: r.neighbours("0")])
def test_first_question_waits_for_the_thread(
    index: Path, manifest, share, monkeypatch: pytest.MonkeyPatch, ask: Callable[[qa.Retriever], object]
):
    path = index / manifest.generation / "segment-0000" / "vectors.faiss"
    decay(path, path.stat().st_size - 70)

    class Slow(threading.Thread):
        def run(self) -> None:
            time.sleep(0.5)
            super().run()

    monkeypatch.setattr(guard.threading, "Thread", Slow)
    retriever = opened(index)
    with pytest.raises(IndexDamaged, match="its content was altered"):
        ask(retriever)


def test_every_posting_is_compared_before_it_is_read(index: Path, manifest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.index.local.owned.SHARE", 0)
    folder = index / manifest.generation / "segment-0000"
    late = np.flatnonzero(read_checksums(folder)["postings.arrow"].late).tolist()
    for block in late:
        decay(folder / "postings.arrow", 64 * block)
        postings = Postings.open(folder, Guard.open(index, manifest))
        with pytest.raises(IndexDamaged, match=f"in bytes {64 * block} to"):
            for word in postings.words.to_pylist():
                postings.of(word.decode())
        decay(folder / "postings.arrow", 64 * block)
    assert len(late) > 10


def test_checksums_of_another_file_are_damage(index: Path, manifest):
    name = "segment-0000/vectors.faiss"
    path, known = (
        index / manifest.generation / name,
        read_checksums(index / manifest.generation / "segment-0000"),
    )
    for other in ("articles.arrow", "lengths.arrow"):
        with pytest.raises(IndexDamaged, match="it has more or fewer blocks than checksums"):
            GuardedFile.open(path, manifest.files[name], known[other])


@pytest.mark.parametrize("row", [(0, [7], [True]), (-64, [7], [True]), (64, [7], [True, False])])
def test_checksums_that_make_no_sense_are_damage(tmp_path: Path, row: tuple[int, list[int], list[bool]]):
    block, sums, late = row
    table = pa.table([["rows.arrow"], [block], [sums], [late]], schema=checksums._SCHEMA)
    write_table([table], checksums._SCHEMA, tmp_path / CHECKSUMS)
    with pytest.raises(IndexDamaged, match="the checksums make no sense"):
        read_checksums(tmp_path)


def alone(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own: a signal would end this one."""
    return subprocess.run(
        [sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True
    )


def test_file_cut_under_an_open_index_is_an_error_at_the_next_question(tmp_path: Path):
    program = """
import os
import sys
from pathlib import Path
from benchmarks.injection import answers, build, opened, write_edition
from qa.errors import IndexDamaged
from qa.index.local import generation

folder = Path(sys.argv[1])
build(write_edition(folder / "1.jsonl", 1, 40), folder / "index")
now = generation.read_manifest(folder / "index")
for large in (True, False):
    generation.VERIFIED_AT_OPEN = 0 if large else 1 << 30
    for name, facts in now.files.items():
        if name.endswith("checksums.arrow"):
            continue  # read only when the index is opened
        retriever = opened(folder / "index")
        retriever.search("harbour", 1)  # waits for the copies
        path = folder / "index" / now.generation / name
        whole, times = path.read_bytes(), path.stat()
        with path.open("r+b") as stream:
            stream.truncate(16)
            for ask in (answers, lambda r: r.listing(0, 9), lambda r: r.article("3"), lambda r: r.overview()):
                try:
                    ask(retriever)
                except IndexDamaged as fault:
                    assert f"{path}: has 16 bytes instead of {facts.bytes}. Build" in str(fault), fault
                else:
                    raise SystemExit(f"nothing was said of {name}")
            stream.seek(0)
            stream.write(whole)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
print("alive")
"""
    done = alone(program, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


def test_files_cut_in_the_middle_of_a_search_are_an_error_in_one_line(tmp_path: Path):
    """If the files stayed mapped, FAISS would read pages that are gone, and the process would end."""
    program = """
import os
import sys
from pathlib import Path
from benchmarks.injection import answers, build, opened, write_edition
from qa.errors import IndexDamaged
from qa.index.local import generation, vectors

nearest = vectors.VectorPart.nearest
for large in (True, False):
    folder = Path(sys.argv[1]) / str(large)
    folder.mkdir()
    build(write_edition(folder / "1.jsonl", 1, 40), folder / "index")
    generation.VERIFIED_AT_OPEN = 0 if large else 1 << 30
    retriever = opened(folder / "index")
    answers(retriever)

    def cut(*arguments, **more):
        before = nearest(*arguments, **more).tolist()
        for path in (folder / "index").glob("generation-*/**/*.*"):
            os.truncate(path, 0)
        after = nearest(*arguments, **more)
        assert before == after.tolist()
        return after

    vectors.VectorPart.nearest = cut
    try:
        answers(retriever)
    except IndexDamaged as fault:
        print(str(fault).partition(": ")[2])
    vectors.VectorPart.nearest = nearest
"""
    done = alone(program, tmp_path)
    told = re.sub("[0-9]+", "N", done.stdout).splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert told == 2 * [f"has N bytes instead of N. {CURE}"]


def test_files_cut_in_the_middle_of_a_deletion_do_not_end_it(tmp_path: Path):
    program = """
import os
import sys
from pathlib import Path
import qa
from benchmarks.injection import answers, build, opened, write_edition
from qa.index.local import writer

folder = Path(sys.argv[1])
build(write_edition(folder / "1.jsonl", 1, 40), folder / "index")
write = writer.write_segment

def cut(*arguments):
    for path in (folder / "index").glob("generation-*/**/*.*"):
        os.truncate(path, 0)
    write(*arguments)

writer.write_segment = cut
print(qa.forget(folder / "index", ids=["7"]).articles)
print(len(opened(folder / "index").listing(0, 99).articles), qa.check(folder / "index").articles)
"""
    done = alone(program, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "39\n39 39\n", "")


def test_where_memory_gives_no_room_files_stay_mapped_and_are_compared(
    index: Path, manifest, monkeypatch: pytest.MonkeyPatch
):
    whole = everything(opened(index))
    monkeypatch.setattr("qa.index.local.owned.SHARE", 0)
    retriever = opened(index)
    assert everything(retriever) == whole
    assert manifest.generation in Path("/proc/self/maps").read_text()
    path = index / manifest.generation / "segment-0000" / "vectors.faiss"
    decay(path, path.stat().st_size - 70)
    with pytest.raises(IndexDamaged, match="its content was altered"):
        opened(index).search("ship")


def as_older(index: Path) -> None:
    """Make it what the program before checksums wrote."""
    outer = json.loads((index / "manifest.json").read_bytes())
    body = outer["manifest"]
    for name in [name for name in body["files"] if name.endswith(CHECKSUMS)]:
        del body["files"][name]
        (index / body["generation"] / name).unlink()
    (index / "manifest.json").write_text(json.dumps({"sha256": generation._checksum(body), "manifest": body}))


def test_index_without_checksums_opens_and_is_compared_file_by_file(index: Path, manifest):
    whole = everything(opened(index))
    as_older(index)
    assert everything(opened(index)) == whole
    for name in ("vectors.faiss", "articles.arrow", "postings.arrow"):
        path = index / manifest.generation / "segment-0000" / name
        at = path.stat().st_size - (70 if name == "vectors.faiss" else 2000)
        decay(path, at)
        with pytest.raises(IndexDamaged) as told:
            everything(opened(index))
        assert str(told.value) == f"{path}: its content was altered. {CURE}"
        decay(path, at)


def test_check_reads_every_byte_of_an_index_without_checksums(index: Path):
    as_older(index)
    for path, size in files(index, read_manifest(index)):
        decay(path, size // 2)
        with pytest.raises(IndexDamaged) as told:
            qa.check(index)
        assert str(told.value) == f"{path}: its content was altered. Build the index again."
        decay(path, size // 2)
    assert qa.check(index).articles == 40


def test_no_flipped_bit_of_an_index_without_checksums_raises_anything_else(tmp_path: Path, index: Path):
    as_older(index)
    whole, manifest = everything(opened(index)), read_manifest(index)
    chance = random.Random(5)
    for path, size in files(index, manifest):
        # High bits of a row number point beyond all rows; the first bytes of a file say where the rest is.
        for at in (*chance.sample(range(size), min(size, 2 * FLIPS)), *range(0, min(size, 80), 8)):
            decay(path, at, 6)
            try:
                assert everything(opened(index)) == whole, f"byte {at} of {path.name}"
            except IndexDamaged as fault:
                assert fault.where == str(path)
            decay(path, at, 6)


def test_fault_that_is_no_damage_stays_what_it_is(index: Path):
    guard = Guard.open(index, read_manifest(index))
    with pytest.raises(IndexError, match="mine"), guard.reading():
        raise IndexError("mine")


def test_next_addition_gives_an_older_index_its_checksums_and_links_the_rest(tmp_path: Path, index: Path):
    as_older(index)
    before = read_manifest(index)
    folder = segment_folder(index / before.generation, 0)
    inodes = {path.name: path.stat().st_ino for path in folder.iterdir()}
    (tmp_path / "2.jsonl").write_text(
        json.dumps({"id": "new", "title": "New", "text": "A whole new ship is in the harbour."})
    )
    add(tmp_path / "2.jsonl", index)
    after = read_manifest(index)
    folder = segment_folder(index / after.generation, 0)
    linked = {path.name: path.stat().st_ino for path in folder.iterdir() if path.name != CHECKSUMS}
    assert linked == inodes
    assert set(read_checksums(folder)) == set(inodes)
    assert len(read_checksums(segment_folder(index / after.generation, 1))) == 6
    assert qa.check(index).articles == 41


def test_cells_that_come_later_add_their_checksums_and_keep_those_of_before(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("qa.index.local.writer.EXACT_UP_TO", 1000)
    build(write_edition(tmp_path / "1.jsonl", 2), index)
    old = segment_folder(index / read_manifest(index).generation, 0)
    known, kept = read_checksums(old), tmp_path / "kept.arrow"
    assert "cells.faiss" not in known
    os.link(old / CHECKSUMS, kept)
    held = kept.read_bytes()
    monkeypatch.setattr("qa.index.local.writer.EXACT_UP_TO", 0)
    (tmp_path / "2.jsonl").write_text(
        json.dumps({"id": "new", "title": "New", "text": "A whole new ship is in the harbour."})
    )
    add(tmp_path / "2.jsonl", index)
    now = read_checksums(segment_folder(index / read_manifest(index).generation, 0))
    assert set(now) == {*known, "cells.faiss"}
    assert all(np.array_equal(now[name].sums, one.sums) for name, one in known.items())
    assert kept.read_bytes() == held  # a reader of the previous generation still reads the old content
    assert len(everything(opened(index))[1]) == 41


def test_checksums_that_do_not_fit_are_reported_by_check(
    index: Path, manifest, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("qa.index.local.checksums.xxhash.xxh3_64_intdigest", lambda block: 7)
    with pytest.raises(IndexDamaged, match="does not fit its checksums"):
        qa.check(index)


def test_what_outlives_the_modules_at_the_end_of_python_is_closed_without_a_message(tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    code = (
        "import builtins, os\nfrom pathlib import Path\nfrom qa.index.local import guarded_file, leases\n"
        f"path = Path({str(tmp_path / 'a')!r})\n"
        "one = guarded_file.GuardedFile(path, None, os.open(path, os.O_RDONLY), None)\n"
        "two = leases.Lease(os.open(path, os.O_RDONLY))\n"
        # At exit Python empties modules, the youngest first, so "os" and what it holds come last.
        "builtins.kept, os.kept = os, [one, two, guarded_file, leases]\n"
        "del one, two\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_numbers_of_the_promises_are_those_of_the_code():
    said = (ROOT / "docs" / "durability.md").read_text(encoding="utf-8")
    assert guard.FIRST_QUESTION_WAITS == 10.0 and "for which the first question waits up to 10 s" in said
    assert owned.SHARE == 1 / 4 and "a quarter of the memory that is free" in said
    assert owned.MOST == 1 << 30 and "if it fits into 1 GB" in said
    assert VERIFIED_AT_OPEN == 64 << 20 and "Of an index of up to 64 MB each file is read once" in said
    assert DoorSettings().connections == 256 and "as many requests are under way as may be (256)" in said
