"""Nobody writes a file of an open index while it is read: the writer waits, and the reader hears of it."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.injection import ROOT, answers, build, opened, write_edition
from qa.errors import IndexDamaged
from qa.index.local import file_leases
from qa.index.local.file_leases import BeingWritten, ReadersGate
from qa.index.local.generation import read_manifest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="leases on files are a thing of Linux")
PATIENCE = 30.0  # seconds after which a thread that waits is taken for stuck


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a").write_bytes(b"x" * 8192)
    return tmp_path / "a"


@pytest.fixture
def descriptor(file: Path) -> Iterator[int]:
    descriptor = os.open(file, os.O_RDONLY)
    yield descriptor
    gc.collect()  # a gate that an error's traceback still knows would look at whatever has this number next
    os.close(descriptor)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build(write_edition(tmp_path / "1.jsonl", 1), tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def texts(index: Path) -> Path:
    return index / read_manifest(index).generation / "segment-0000" / "articles.arrow"


def test_files_truncated_in_the_middle_of_a_question_do_not_end_the_process(tmp_path: Path):
    """In a process of its own: a signal would end this one."""
    program = """
import os, sys, threading, time
from pathlib import Path
from benchmarks.injection import answers, build, opened, write_edition
from qa.errors import IndexDamaged
from qa.index.local import engine
from qa.index.local.generation import read_manifest

folder = Path(sys.argv[1])
search = engine.Vectors.search
for name in ("vectors.faiss", "articles.arrow", "postings.arrow", "passages.arrow"):
    build(write_edition(folder / "1.jsonl", 1, 120), folder / "index")
    retriever = opened(folder / "index")
    whole = answers(retriever)
    path = folder / "index" / read_manifest(folder / "index").generation / "segment-0000" / name
    writers = []

    def in_the_middle(*arguments):
        if not writers:
            writers.append(threading.Thread(target=os.truncate, args=(path, 16)))
            writers[0].start()
            writers[0].join(0.3)  # without a lease it is done by then
        return search(*arguments)

    engine.Vectors.search = in_the_middle
    try:
        assert answers(retriever) == whole, name
    except IndexDamaged:
        pass  # the second half of the question came too late
    writers[0].join(30)
    assert path.stat().st_size == 16
    try:
        answers(retriever)
    except IndexDamaged as fault:
        assert f"{path}: has 16 bytes instead of" in str(fault), fault
    else:
        raise SystemExit(f"nothing was said of {name}")
print("alive")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


def test_bytes_that_another_program_changed_in_an_open_index_are_told_with_the_next_question(
    index: Path, texts: Path
):
    retriever = opened(index)
    assert len(answers(retriever)) == 40
    content = texts.read_bytes()
    with texts.open("r+b") as stream:
        stream.seek(content.index(b"Article 3 of"))
        stream.write(b"Article 4")
    with pytest.raises(IndexDamaged, match="its content was altered"):
        answers(retriever)
    texts.write_bytes(content)
    with pytest.raises(IndexDamaged, match="its content was altered"):
        retriever.listing(0, 5)  # closed for good
    assert len(answers(opened(index))) == 40


def test_file_that_is_only_touched_goes_on_to_be_read(index: Path, texts: Path):
    retriever = opened(index)
    whole = answers(retriever)
    for _ in range(3):
        with texts.open("ab"):
            pass
        assert answers(retriever) == whole


def test_as_long_as_another_program_has_a_file_open_for_writing_nothing_is_read(
    index: Path, texts: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(file_leases, "PATIENCE", 0.1)
    retriever = opened(index)
    whole = answers(retriever)
    with texts.open("r+b"):
        for ask in (
            lambda: answers(retriever),
            lambda: retriever.listing(0, 5),
            lambda: retriever.article("3"),
            lambda: retriever.near_duplicates("3"),
            lambda: retriever.neighbours("3"),
            lambda: retriever.calendar("source"),
            retriever.overview,
        ):
            with pytest.raises(IndexDamaged) as told:
                ask()
            expected = "another program has it open for writing. Let that program end, then ask again."
            assert str(told.value) == f"{texts}: {expected}"
    assert answers(retriever) == whole


def test_index_is_read_without_leases_where_there_are_none(index: Path, texts: Path, monkeypatch):
    monkeypatch.setattr(file_leases, "_take", lambda descriptor, thread: False)
    retriever = opened(index)
    whole = answers(retriever)
    with texts.open("r+b"):
        assert answers(retriever) == whole
    os.truncate(texts, 16)
    with pytest.raises(IndexDamaged, match="has 16 bytes instead of"):
        answers(retriever)


def test_generation_that_nobody_reads_any_more_is_let_go_at_once(index: Path, tmp_path: Path):
    retriever = opened(index)
    old = index / read_manifest(index).generation

    def holding() -> list[str]:
        links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        return [
            str(link.readlink()) for link in links if link.is_symlink() and old in link.readlink().parents
        ]

    retriever.names()  # are kept for the next question that leans on the one before
    assert len(holding()) > 5
    build(write_edition(tmp_path / "2.jsonl", 2), index)
    assert retriever.refresh()
    assert holding() == []


def test_writer_waits_until_all_readers_are_out_and_none_comes_in_before_it(file: Path, descriptor: int):
    regained: list[int] = []
    gate = ReadersGate(regained.append)
    gate.lease([descriptor])
    inside, may_leave, order = threading.Event(), threading.Event(), []

    def read(name: str) -> None:
        with gate.passing():
            order.append(name)
            inside.set()
            may_leave.wait(PATIENCE)

    def write() -> None:
        os.truncate(file, 16)
        order.append("written")

    first = threading.Thread(target=read, args=("first",))
    first.start()
    inside.wait(PATIENCE)
    writer = threading.Thread(target=write)
    writer.start()
    until_wanted(gate, descriptor)
    second = threading.Thread(target=read, args=("second",))
    second.start()
    second.join(0.1)
    assert (order, file.stat().st_size) == (["first"], 8192)
    may_leave.set()
    for thread in (first, writer, second):
        thread.join(PATIENCE)
    assert order[0] == "first" and set(order[1:]) == {"written", "second"}
    assert (file.stat().st_size, regained) == (16, [descriptor])


def test_writer_gets_its_turn_among_readers_without_pause(file: Path, descriptor: int):
    gate = ReadersGate(lambda _: None)
    gate.lease([descriptor])
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            with gate.passing():
                sum(range(1000))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for size in range(20, 0, -1):
        os.truncate(file, size)
        assert file.stat().st_size == size
    over.set()
    for reader in readers:
        reader.join(PATIENCE)


def test_what_was_regained_and_is_found_altered_keeps_everybody_out_and_no_writer_waiting(
    file: Path, descriptor: int
):
    def regained(_: int) -> None:
        raise ValueError("altered")

    gate = ReadersGate(regained)
    gate.lease([descriptor])
    for size in (16, 8):
        os.truncate(file, size)
        for _ in range(2):
            with pytest.raises(ValueError, match="altered"), gate.passing():
                raise AssertionError("nobody gets here")


def test_gate_over_a_file_that_is_open_for_writing_says_which(
    file: Path, descriptor: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(file_leases, "PATIENCE", 0.05)
    gate = ReadersGate(lambda _: None)
    gate.lease([descriptor])
    with file.open("ab"), pytest.raises(BeingWritten) as told, gate.passing():
        raise AssertionError("nobody gets here")
    assert told.value.descriptor == descriptor
    with gate.passing():
        pass


def test_signal_that_comes_when_nobody_reads_any_more_does_no_harm(file: Path, descriptor: int):
    gate = ReadersGate(lambda _: None)
    gate.lease([descriptor])
    (listener,) = (thread for thread in threading.enumerate() if thread.name == "file leases")
    file_leases.fcntl.fcntl(descriptor, file_leases.fcntl.F_SETLEASE, file_leases.fcntl.F_UNLCK)
    del gate
    assert listener.ident is not None
    signal.pthread_kill(listener.ident, signal.SIGURG)
    other = ReadersGate(lambda _: None)
    other.lease([descriptor])
    os.truncate(file, 16)
    with other.passing():
        assert file.stat().st_size == 16
    assert listener.is_alive()


def test_child_that_was_forked_hears_of_writers_itself(index: Path, texts: Path):
    """Threads do not come along; the nursery of the faults benchmark forks, too."""
    opened(index)  # its thread is the parent's
    program = f"""
import os, sys, threading
from pathlib import Path
from benchmarks.injection import answers, opened
retriever = opened(Path({str(index)!r}))
child = os.fork()
if child == 0:
    mine = opened(Path({str(index)!r}))
    with open({str(texts)!r}, "ab"):
        pass
    os._exit(0 if len(answers(mine)) == 40 else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=40, check=False)
    assert done.returncode == 0


def until_wanted(gate: ReadersGate, descriptor: int) -> None:
    for _ in range(int(PATIENCE / 0.05)):
        with gate._changed:
            if descriptor in gate._wanted:
                return
            gate._changed.wait(0.05)
    raise AssertionError("nobody heard of the writer")
