"""Disk full, killed, two at once: the old index answers on, and the next build works."""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import qa
from qa.errors import ArchiveError, IndexBusy
from qa.index.local import checkpoint
from qa.index.local.generation import MANIFEST, read_manifest
from qa.settings import IndexSettings

ROOT = Path(__file__).resolve().parents[3]
QUESTION = "Who visited North Korea?"


class FullDisk:
    """In place of ``open``: a file whose name ends so cannot be written, since the disk is full."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.hits = 0
        self._open = io.open

    def __call__(self, file, mode="r", *arguments, **options):
        if "w" not in mode or not str(file).endswith(self.name):
            return self._open(file, mode, *arguments, **options)
        self.hits += 1
        stream = io.BufferedWriter(_FullFile(os.fspath(file), "w"))
        return stream if "b" in mode else io.TextIOWrapper(stream, encoding="utf-8")


class _FullFile(io.FileIO):
    def write(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")


def answers(retriever: qa.Retriever) -> list[tuple[str, float]]:
    return [(hit.passage.text, hit.score) for hit in retriever.search(QUESTION)]


STAGES = [
    ".tmp",  # a shard of vectors
    "articles.arrow",
    "passages.arrow",
    "vectors.faiss",
    "words.arrow",
    "postings.arrow",
    "lengths.arrow",
    "rows.arrow",
    "manifest.json.new",
]


@pytest.mark.parametrize("stage", STAGES)
def test_full_disk_at_any_file_keeps_the_old_index(
    tmp_path: Path, news, build_small, open_small, monkeypatch: pytest.MonkeyPatch, stage: str
):
    build_small(news[:2])
    before, retriever = (tmp_path / "index" / MANIFEST).read_bytes(), open_small()
    expected = answers(retriever)
    disk = FullDisk(stage)
    with monkeypatch.context() as patched:
        patched.setattr(io, "open", disk)
        patched.setattr(builtins, "open", disk)
        with pytest.raises(ArchiveError) as told:
            build_small(news)
    assert disk.hits == 1
    assert told.value.what == (
        "the index cannot be written (No space left on device); what was there is untouched"
    )
    assert told.value.cure == "Free some space and build again."
    assert (tmp_path / "index" / MANIFEST).read_bytes() == before
    assert answers(retriever) == answers(open_small()) == expected
    qa.check(tmp_path / "index")
    del retriever  # so that nobody reads the old generation and it can be removed
    assert build_small(news).articles == 4
    assert only_generation(tmp_path / "index") == qa.check(tmp_path / "index").generation


@pytest.mark.parametrize("call", ["fsync", "mkdir", "replace"])
def test_full_disk_at_any_call_keeps_the_old_index(
    tmp_path: Path, news, build_small, open_small, monkeypatch: pytest.MonkeyPatch, call: str
):
    build_small(news[:2])
    expected = answers(open_small())

    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        with pytest.raises(ArchiveError, match=r"No space left on device.*Free some space and build again\."):
            build_small(news)
    assert answers(open_small()) == expected
    assert build_small(news).articles == 4
    assert only_generation(tmp_path / "index") == qa.check(tmp_path / "index").generation


def only_generation(index: Path) -> str:
    (folder,) = index.glob("generation-*")
    return folder.name


def test_full_disk_at_the_first_build_leaves_no_index(
    tmp_path: Path, news, build_small, open_small, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(io, "open", FullDisk("vectors.faiss"))
        with pytest.raises(ArchiveError, match="No space left on device"):
            build_small(news)
    assert not (tmp_path / "index" / MANIFEST).exists()
    assert build_small(news).articles == 4
    assert only_generation(tmp_path / "index") == qa.check(tmp_path / "index").generation


def test_build_that_fails_over_a_damaged_manifest_has_removed_nothing(
    tmp_path: Path, news, build_small, open_small, monkeypatch: pytest.MonkeyPatch
):
    build_small(news[:2])
    expected, path = answers(open_small()), tmp_path / "index" / MANIFEST
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with monkeypatch.context() as patched:
        patched.setattr(io, "open", FullDisk("rows.arrow"))
        with pytest.raises(ArchiveError, match="No space left on device"):
            build_small(news)
    path.write_bytes(whole)  # from a backup
    assert answers(open_small()) == expected
    assert qa.check(tmp_path / "index").articles == 2


def test_folder_that_cannot_be_made_is_reported_with_its_cure(tmp_path: Path, news, embedder, build_small):
    build_small(news)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveError, match=r"file.*the index cannot be written"):
        qa.build([tmp_path / "articles.jsonl"], tmp_path / "file" / "index", embedder=embedder)


HOLDER = """
import sys
from pathlib import Path
from qa.index.local.generation import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""

# Embeds two shards, says so, and then waits to be killed.
DYING = """
import sys, threading
sys.path.insert(0, sys.argv[3])
from pathlib import Path
import qa
from tests.conftest import WordEmbedder
from qa.index.local import checkpoint

class Stuck(WordEmbedder):
    def embed_passages(self, texts, *, done=None):
        if len(self.embedded) == 4:
            print("two shards", flush=True)
            threading.Event().wait()
        return super().embed_passages(texts, done=done)

checkpoint.SHARD = 2
small = qa.IndexSettings(embedder="words", passage_tokens=20, overlap_tokens=0)
qa.build([sys.argv[1]], sys.argv[2], settings=small, embedder=Stuck())
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_second_build_at_the_same_time_is_refused_and_searching_goes_on(
    tmp_path: Path, news, build_small, open_small
):
    build_small(news[:2])
    expected = answers(open_small())
    other = start(HOLDER, tmp_path / "index")
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy) as told:
            build_small(news)
        assert str(told.value) == (
            f"{tmp_path / 'index'}: another build is writing this index. Wait until it ends, then try again."
        )
        assert answers(open_small()) == expected
    finally:
        other.communicate("")
    assert build_small(news).articles == 4


def test_lock_of_a_killed_build_holds_nobody_up(tmp_path: Path, news, build_small):
    other = start(HOLDER, tmp_path / "index")
    assert other.stdout.readline() == "held\n"
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert build_small(news).articles == 4


def test_killed_build_keeps_the_old_index_and_the_next_takes_up_its_shards(
    tmp_path: Path, news, build_small, open_small, embedder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checkpoint, "SHARD", 2)
    build_small(news[:1])
    expected = answers(open_small())
    more = [
        {"id": str(n), "title": f"Title {n}", "text": f"Report number {n} tells of a quiet day."}
        for n in range(7)
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in more))
    dying = start(DYING, path, tmp_path / "index", ROOT)
    assert dying.stdout.readline() == "two shards\n"
    dying.send_signal(signal.SIGKILL)
    dying.communicate()

    assert answers(open_small()) == expected
    embedder.embedded.clear()
    told: list[qa.Progress] = []
    settings = IndexSettings(embedder="words", passage_tokens=20, overlap_tokens=0)
    report = qa.build([path], tmp_path / "index", settings=settings, embedder=embedder, progress=told.append)
    assert [text.split("\n")[0] for text in embedder.embedded] == ["Title 4", "Title 5", "Title 6"]
    assert (report.articles, report.passages, report.removed) == (7, 7, 1)
    assert [p.done for p in told if p.stage == "embedding"] == [2, 4, 6, 7]
    assert not (tmp_path / "index" / "partial").exists()
    assert {hit.passage.article.id for hit in open_small().search("report", 20)} == {str(n) for n in range(7)}


def test_build_interrupted_by_the_keyboard_lets_go_of_the_index(tmp_path: Path, news, build_small, embedder):
    build_small(news)

    def interrupt(progress: qa.Progress) -> None:
        if progress.stage == "writing":
            raise KeyboardInterrupt

    before = (tmp_path / "index" / MANIFEST).read_bytes()
    with pytest.raises(KeyboardInterrupt):
        qa.build([tmp_path / "articles.jsonl"], tmp_path / "index", embedder=embedder, progress=interrupt)
    assert (tmp_path / "index" / MANIFEST).read_bytes() == before
    assert build_small(news[:2]).articles == 2
    assert only_generation(tmp_path / "index") == read_manifest(tmp_path / "index").generation


def test_write_that_numpy_says_was_cut_short_is_a_full_disk(
    tmp_path: Path, news, build_small, monkeypatch: pytest.MonkeyPatch
):
    def cut_short(*arguments: object, **options: object) -> None:
        raise OSError("4608 requested and 2016 written")

    monkeypatch.setattr("qa.index.local.checkpoint.np.save", cut_short)
    with pytest.raises(ArchiveError) as told:
        build_small(news)
    assert told.value.what == (
        "the index cannot be written (No space left on device); what was there is untouched"
    )
    assert told.value.cure == "Free some space and build again."
