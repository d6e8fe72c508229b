"""A mapped file that is cut while it is read costs its reader zeros and a note, and never the process."""

from __future__ import annotations

import mmap
import os
import re
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest

from benchmarks.injection import ROOT
from qa.index.local import guarded_file
from qa.index.local.checksums import FileChecksums
from qa.index.local.fingerprints import FileFingerprint
from qa.index.local.guarded_file import GuardedFile, Place
from qa.index.local.tables import map_file
from tests.index.local.test_guard import CURE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere what is mapped stays at risk")


def alone(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own, which the signal would end."""
    return subprocess.run(
        [sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True
    )


def test_map_cut_under_many_readers_reads_as_zeros_to_its_end_and_is_noted(tmp_path: Path):
    program = """
import os
import sys
import threading
import weakref
from pathlib import Path
import faiss
import numpy as np
from qa.index.local import bus_errors

path = Path(sys.argv[1]) / "file"
rows = np.ones((30_000, 64), dtype=np.float32)
index = faiss.IndexFlatIP(64)
index.add(rows)
faiss.write_index(index, str(path))
mapped = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
end = int(mapped.get_xb()) + rows.nbytes
losses = []
assert bus_errors.hold(end - path.stat().st_size, path.stat().st_size, weakref.ref(mapped), losses)
os.truncate(path, 20 * 4096)
stop = False

def busy():
    while not stop:
        sum(range(1000))

others = [threading.Thread(target=busy) for _ in range(2)]
readers = [threading.Thread(target=lambda: mapped.search(rows[:30], 5)) for _ in range(4)]
for one in (*others, *readers):
    one.start()
for one in readers:
    one.join()
stop = True
seen = faiss.rev_swig_ptr(mapped.get_xb(), rows.size)
whole = int(np.flatnonzero(seen == 0)[0])
print(0 < whole * 4 <= 20 * 4096, not seen[whole:].any(), 1 <= len(losses) <= 4)
"""
    done = alone(program, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True True True\n", "")


@pytest.mark.parametrize("gone", [False, True], ids=["never held", "held, and its keeper is gone"])
def test_fault_elsewhere_still_ends_the_process_and_reaches_the_handler_before(tmp_path: Path, gone: bool):
    program = f"""
import faulthandler
import mmap
import os
import sys
import weakref
from pathlib import Path
import numpy as np
import pyarrow as pa
from qa.index.local import bus_errors

faulthandler.enable()
path = Path(sys.argv[1]) / "file"
path.write_bytes(bytes(1 << 16))
held, other = (pa.memory_map(str(path)).read_buffer() for _ in range(2))
class Keeper: pass
keeper = Keeper()
bus_errors.hold(held.address, 1 << 16, weakref.ref(held), [])
if {gone}:
    bus_errors.hold(other.address, 1 << 16, weakref.ref(keeper), [])
del keeper
os.truncate(path, 0)
print(bytes(held[:3]), flush=True)
bytes(other[:3])
"""
    done = alone(program, tmp_path)
    assert (done.returncode, done.stdout) == (-signal.SIGBUS, "b'\\x00\\x00\\x00'\n")
    assert done.stderr.startswith("Fatal Python error: Bus error")


CUT = """
import os
import shutil
import sys
import warnings
from pathlib import Path
import qa
from benchmarks.injection import answers, build, opened, write_edition
from qa.errors import IndexDamaged
from qa.index.local import bm25, generation, owned, store, vectors, writer

owned.SHARE = 0

first = Path(sys.argv[1]) / "first"
first.mkdir()
build(write_edition(first / "1.jsonl", 1, 40), first / "index")
warnings.simplefilter("ignore")  # zeros are divided by zero on their way to the error

def prepared(name):
    shutil.copytree(first / "index", first.parent / name)
    return first.parent / name

def cut(index):
    for path in index.glob("generation-*/**/*.*"):
        os.truncate(path, 0)

def tell(work):
    try:
        print("went on:", work())
    except IndexDamaged as fault:
        print(str(fault).partition(": ")[2])
"""


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert (done.returncode, done.stderr) == (0, "")
    return re.sub("[0-9]+", "N", done.stdout).splitlines()


def test_files_cut_in_the_middle_of_any_question_are_an_error_where_nothing_was_copied(tmp_path: Path):
    program = (
        CUT
        + """
places = [
    (vectors.VectorPart, "nearest", lambda r: r.search("harbour lamp")),
    (vectors.Vectors, "take", lambda r: r.neighbours("3")),
    (bm25.Bm25, "search", lambda r: r.search("harbour lamp")),
    (store.Store, "text", lambda r: r.article("7")),
    (store.Store, "row", lambda r: r.article("7")),
    (store.Store, "passing", lambda r: r.listing(0, 9)),
    (store.Store, "article", lambda r: r.listing(0, 9)),
]
for large in (True, False):
    generation.VERIFIED_AT_OPEN = 0 if large else 1 << 30
    for kind, name, ask in places:
        index = prepared(f"{large}{name}{kind.__name__}")
        retriever = opened(index)
        answers(retriever)
        real = getattr(kind, name)

        def first_cut(*arguments, index=index, real=real, **more):
            cut(index)
            return real(*arguments, **more)

        setattr(kind, name, first_cut)
        tell(lambda: ask(retriever))
        setattr(kind, name, real)
        tell(lambda: ask(retriever))
"""
    )
    assert told(alone(program, tmp_path)) == 28 * [f"has N bytes instead of N. {CURE}"]


def test_what_was_cut_while_it_was_taken_over_is_never_published(tmp_path: Path):
    program = (
        CUT
        + """
index = prepared("one")
generation.VERIFIED_AT_OPEN = 0
before = (index / "manifest.json").read_bytes()
real = writer.write_segment

def first_cut(*arguments):
    cut(index)
    real(*arguments)

writer.write_segment = first_cut
tell(lambda: qa.forget(index, ids=["7"]))
print((index / "manifest.json").read_bytes() == before)
"""
    )
    assert told(alone(program, tmp_path)) == [
        f"was cut, or its disk failed, while it was read. {CURE}",
        "True",
    ]


def test_what_says_where_all_lies_is_copied_though_there_is_no_room_for_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    page = mmap.PAGESIZE
    path = tmp_path / "file"
    content = np.random.default_rng(1).bytes(9 * page + 5)
    path.write_bytes(content)
    monkeypatch.setattr(guarded_file, "_damaged", lambda path, what: RuntimeError(what))
    # Early, by their half pages: 0 to 4, 9 to 12 and the last; so whole early pages are 0, 1, 5 and 9.
    half = page // 2
    known = FileChecksums.of(path, [(4 * half, 9 * half), (12 * half, 18 * half)], half)
    file = GuardedFile.open(path, FileFingerprint.of(path), known)
    assert (file.size_of(early=True), file.size_of(early=False)) == (3 * page + 5, 6 * page)
    buffer = map_file(path)
    place = Place(buffer.address, weakref.ref(buffer))
    file.hold(place)
    file.compare_early()
    file.own_early(place)
    os.truncate(path, 0)
    seen = bytes(buffer)
    early = [slice(0, 2 * page), slice(5 * page, 6 * page), slice(9 * page, None)]
    assert [seen[one] for one in early] == [content[one] for one in early]
    assert not any(seen[2 * page : 5 * page] + seen[6 * page : 9 * page])
    with pytest.raises(RuntimeError, match="was cut, or its disk failed, while it was read"):
        file.look_at_losses()
    path.write_bytes(content)
    with pytest.raises(RuntimeError, match="was cut"):
        file.look()  # for good, whatever size it has by now


def test_rest_is_copied_into_its_places_beside(tmp_path: Path):
    page = mmap.PAGESIZE
    path = tmp_path / "file"
    content = np.random.default_rng(2).bytes(6 * page + 5)
    path.write_bytes(content)
    known = FileChecksums.of(path, [(page, 3 * page), (4 * page, 6 * page)], page)
    file = GuardedFile.open(path, FileFingerprint.of(path), known)
    buffer = map_file(path)
    place = Place(buffer.address, weakref.ref(buffer))
    file.own_early(place)
    file.own_late(place, threading.Event())
    assert file.whole
    assert str(path) not in Path("/proc/self/maps").read_text()
    os.truncate(path, 0)
    assert bytes(buffer) == content
