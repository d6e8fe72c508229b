"""A build writes only into a folder of its own, and removes nothing that it has not made."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

import qa
from qa.errors import ArchiveError
from qa.index.local.generation import MANIFEST, PARTIAL, read_manifest
from qa.index.local.ownership import MARKER, own_generations


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write_foreign(folder: Path) -> None:
    for name in ("generation-photos/summer.jpg", "partial/draft.txt", "manifest.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('{"name": "of another program"}')


def test_build_into_a_folder_of_other_things_is_refused_before_anything_is_read(tmp_path: Path, embedder):
    index = tmp_path / "index"
    write_foreign(index)
    before = contents(index)
    with pytest.raises(ArchiveError) as told:
        qa.build([tmp_path / "nowhere.jsonl"], index, embedder=embedder)
    assert str(told.value) == (
        f"{index}: the folder holds other things (generation-photos, manifest.json, partial), and no index "
        "that could be built anew. Choose an empty or a new folder: --index PATH"
    )
    assert contents(index) == before


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"manifest": {"embedder_sha256": ""}},
        {"sha256": "", "manifest": {"name": "x"}},
        {"sha256": "", "manifest": "x"},
    ],
)
def test_manifest_of_another_program_is_no_older_index(tmp_path: Path, news, build_small, manifest: dict):
    index = tmp_path / "index"
    index.mkdir()
    (index / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArchiveError, match="holds other things"):
        build_small(news)


@pytest.mark.parametrize("name", ["generation-photos", "generation-20200101T000000-abcdef", "partial", "x"])
def test_one_foreign_folder_is_enough_to_refuse(tmp_path: Path, news, build_small, name: str):
    (tmp_path / "index" / name).mkdir(parents=True)
    (tmp_path / "index" / name / "notes.txt").write_text("mine")
    with pytest.raises(ArchiveError, match="holds other things"):
        build_small(news)
    assert contents(tmp_path / "index") == {f"{name}/notes.txt": b"mine"}


def test_link_named_like_a_generation_makes_no_folder_ours(tmp_path: Path, news, build_small):
    (tmp_path / "photos").mkdir()
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "generation-20200101T000000-abcdef").symlink_to(tmp_path / "photos")
    with pytest.raises(ArchiveError, match="holds other things"):
        build_small(news)


def test_files_that_others_put_beside_an_index_outlive_every_rebuild(tmp_path: Path, news, build_small):
    build_small(news)
    index = tmp_path / "index"
    others = ["generation-photos/a.jpg", "generation-20200101T000000-abcdef/rows.txt", "partial/draft.txt"]
    others += ["calibration.json", "watch.json", "asking.json", "questions.jsonl"]
    for name in others:
        (index / name).parent.mkdir(exist_ok=True)
        (index / name).write_text("{}")
    build_small(news[:2])
    build_small(news)
    qa.forget(index, ids=["ship"])
    assert [name for name in others if not (index / name).is_file()] == []
    assert own_generations(index)[-1] == read_manifest(index).generation


def test_index_of_a_program_without_markers_is_taken_over(tmp_path: Path, news, build_small):
    build_small(news)
    index = tmp_path / "index"
    (index / MARKER).unlink()
    old = read_manifest(index).generation
    killed = index / "generation-20200101T000000-abcdef"
    (killed / "segment-0000").mkdir(parents=True)
    build_small(news[:2])
    assert not (index / old).exists()
    assert not killed.exists()
    assert own_generations(index)[-1] == qa.check(index).generation


@pytest.mark.parametrize("found", [(), (".DS_Store",), ("build.lock",)])
def test_empty_folder_is_built_into(tmp_path: Path, news, build_small, found: tuple[str, ...]):
    (tmp_path / "index").mkdir()
    for name in found:
        (tmp_path / "index" / name).touch()
    assert build_small(news).articles == 4


def test_first_build_that_died_at_once_can_be_taken_up(tmp_path: Path, news, build_small, monkeypatch):
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(
            "qa.index.local.generation.filelock.FileLock", lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        )
        build_small(news)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert [path.name for path in (tmp_path / "index").iterdir()] == [MARKER]
    assert build_small(news).articles == 4


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b'{"generations": 1}', b"[" * 100_000, b'{"generations": [null, 1, {}]}',
        json.dumps({"generations": ["../photos", "/tmp", "generation-photos", ".", ""]}).encode(),
    ],
)  # fmt: skip
def test_damaged_or_forged_marker_removes_nothing_foreign(tmp_path: Path, news, build_small, content: bytes):
    build_small(news)
    index = tmp_path / "index"
    for name in ("../photos/a.jpg", "generation-photos/a.jpg"):
        (index / name).parent.mkdir()
        (index / name).write_text("mine")
    (index / MARKER).write_bytes(content)
    assert build_small(news[:2]).articles == 2
    assert (tmp_path / "photos" / "a.jpg").is_file() and (index / "generation-photos" / "a.jpg").is_file()
    assert own_generations(index)[-1] == qa.check(index).generation


def test_generation_that_is_a_link_elsewhere_is_not_followed(tmp_path: Path, news, build_small):
    build_small(news)
    index = tmp_path / "index"
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("mine")
    name = "generation-20200101T000000-abcdef"
    (index / name).symlink_to(tmp_path / "photos")
    (index / MARKER).write_text(json.dumps({"generations": [name]}))
    build_small(news[:2])
    assert (tmp_path / "photos" / "a.jpg").read_text() == "mine"


def test_partial_that_is_a_link_elsewhere_is_not_emptied(tmp_path: Path, news, build_small):
    build_small(news)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / f"{'a' * 32}.npy").write_text("mine")
    (tmp_path / "index" / PARTIAL).symlink_to(tmp_path / "photos")
    build_small(news[:2])
    assert (tmp_path / "photos" / f"{'a' * 32}.npy").read_text() == "mine"
    assert (tmp_path / "index" / MANIFEST).is_file()
