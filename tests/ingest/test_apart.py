"""Untrusted forms are read in another process: whatever it does, this one gets a line."""

import io
import os
import signal
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from qa.ingest import apart
from qa.ingest.articles import read_articles
from qa.records import Article
from qa.reports import Skipped

TEXT = "The lamp fell into the sea on Monday and nobody was hurt."


def table(path: Path, rows: int = 3, **columns) -> Path:
    made = {"title": [f"T{n}" for n in range(rows)], "text": [f"{TEXT} {n}" for n in range(rows)]} | columns
    parquet.write_table(pa.table(made), path)
    return path


def worker() -> apart._Worker:
    (one,) = apart._idle
    return one


@pytest.fixture(autouse=True)
def fresh():
    apart.end_all()
    yield
    apart.end_all()


def test_process_is_kept_for_the_next_input(tmp_path):
    for name in ("a", "b"):
        assert [one.title for one in read_articles([table(tmp_path / name)])] == ["T0", "T1", "T2"]
        seen = worker()._process.pid
    list(read_articles([tmp_path / "a"]))
    assert worker()._process.pid == seen


def test_process_that_said_of_an_input_that_it_cannot_be_read_is_kept(tmp_path):
    list(read_articles([table(tmp_path / "a")]))
    seen = worker()._process.pid
    (tmp_path / "b").write_bytes(b"PAR1 and nothing of the kind PAR1")
    (fault,) = read_articles([tmp_path / "b"])
    assert isinstance(fault, Skipped)
    assert worker()._process.pid == seen


def test_values_keep_their_kind_on_the_way(tmp_path):
    moments = [datetime(2023, 5, 1, 10, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC), None]
    days = [date(2023, 5, 1), date(2024, 2, 29), date(1987, 4, 2)]
    made = table(tmp_path / "a", published=pa.array(moments, pa.timestamp("us", "UTC")), day=days,
                 tags=[["sea", "lamp"], [], None], photo=[b"\x00\xff", b"", b"x"])  # fmt: skip
    items = [raw.fields for raw in apart.read_apart(*opened(made))]
    assert [item["published"] for item in items] == moments
    assert [item["tags"] for item in items] == [["sea", "lamp"], [], None]


def opened(path: Path):
    from qa.ingest.asked import Asked
    from qa.ingest.streams import Stream

    return Stream.opened(path.open("rb")), Asked(str(path), datetime.now(UTC), has_file_name=True)


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_death_of_the_process_is_a_line_and_the_next_input_is_read(tmp_path, signal_):
    files = [table(tmp_path / name, rows=2000) for name in ("a", "b")]
    found = []
    for item in read_articles(files):
        found.append(item)
        if len(found) == 5:
            (pid,) = children()
            os.kill(pid, signal_)
    told = [item for item in found if isinstance(item, Skipped)]
    assert [item.where for item in told] == [str(files[0])]
    assert told[0].why.startswith(
        "The file ended the process that read it, as damaged files do behind record "
    )
    assert sum(isinstance(item, Article) for item in found) >= 2000


def children() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    pids = [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
    return [pid for pid in pids if b"apart_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_input_that_takes_too_long_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "MOST_APART_SECONDS", 0.001)
    (fault,) = read_articles([table(tmp_path / "a")])
    assert fault.why == "The file took more than 0.001 seconds; the rest of it was left out."
    monkeypatch.setattr(apart, "MOST_APART_SECONDS", 60)
    assert len(list(read_articles([tmp_path / "a"]))) == 3


def test_input_that_takes_too_much_memory_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "MOST_APART_BYTES", 2**30)
    text = "lamp " * 2**21
    parquet.write_table(pa.table({"text": [text] * 200}), tmp_path / "a", use_dictionary=True)
    found = list(read_articles([tmp_path / "a"]))
    assert isinstance(found[-1], Skipped)
    assert len(list(read_articles([table(tmp_path / "b")]))) == 3


def test_who_stops_in_the_middle_leaves_no_process(tmp_path):
    items = read_articles([table(tmp_path / "a", rows=5000)])
    next(items)
    items.close()
    assert apart._idle == [] and children() == []


@pytest.mark.timeout(300)
def test_every_damaged_byte_of_a_parquet_file_costs_at_most_that_file(tmp_path):
    data = table(tmp_path / "a", rows=2).read_bytes()
    files = []
    for at in range(0, len(data), 17):
        broken = bytearray(data)
        broken[at] ^= 0x40
        file = tmp_path / f"b{at:05}"
        file.write_bytes(broken)
        files.append(file)
    good = table(tmp_path / "z")
    found = list(read_articles([*files, good]))
    assert [item.title for item in found[-3:]] == ["T0", "T1", "T2"]


def test_standard_input_is_read_apart_too(tmp_path, monkeypatch):
    data = table(tmp_path / "a").read_bytes()
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": io.BytesIO(data)}))
    assert [one.title for one in read_articles(["-"])] == ["T0", "T1", "T2"]
