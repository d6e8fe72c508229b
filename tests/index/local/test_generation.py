"""The index folder: swapped in one step, and every damage told with its cure."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
from pathlib import Path

import pytest

import qa
import qa.disk
from qa.errors import ArchiveError, IndexDamaged, IndexMismatch, IndexMissing
from qa.index.engine import CheckedIndex
from qa.index.local import generation
from qa.index.local.generation import FORMAT, MANIFEST, Manifest, read_manifest
from qa.index.local.ownership import note_generation

QUESTION = "Who visited North Korea?"


@pytest.fixture
def index(tmp_path: Path, news, build_small) -> Path:
    build_small(news)
    return tmp_path / "index"


@pytest.fixture
def manifest(index: Path) -> Manifest:
    return read_manifest(index)


def generations(index: Path) -> list[str]:
    return sorted(path.name for path in index.glob("generation-*"))


def answers(retriever: qa.Retriever) -> list[tuple[str, float]]:
    return [(hit.passage.text, hit.score) for hit in retriever.search(QUESTION)]


def test_manifest_counts_what_the_generation_holds(index: Path, manifest: Manifest):
    assert (manifest.articles, manifest.passages, manifest.dimension) == (4, 4, 16)
    assert (manifest.embedder, manifest.embedder_sha256) == ("words", "0" * 64)
    assert generations(index) == [manifest.generation]
    on_disk = {p.relative_to(index / manifest.generation).as_posix() for p in index.glob("generation-*/**/*")}
    assert set(manifest.files) == on_disk - {"segment-0000"}
    assert qa.check(index) == CheckedIndex(manifest.generation, 4, 4)


def test_new_build_swaps_the_manifest_and_removes_the_old_generation(
    index: Path, manifest: Manifest, news, build_small
):
    build_small(news[:2])
    newer = read_manifest(index)
    assert newer.generation != manifest.generation
    assert newer.articles == 2
    assert generations(index) == [newer.generation]
    assert not (index / "manifest.json.new").exists()
    assert not (index / "partial").exists()


def test_everything_is_on_the_disk_before_the_manifest_names_it(
    tmp_path: Path, index: Path, news, build_small, monkeypatch: pytest.MonkeyPatch
):
    synced: list[Path] = []
    named_by = (index / MANIFEST).read_bytes()

    def sync(path: Path) -> None:
        if (index / MANIFEST).read_bytes() == named_by:
            synced.append(path)

    monkeypatch.setattr(generation, "sync", sync)
    monkeypatch.setattr(qa.disk, "sync", sync)  # that of the manifest
    build_small(news[:3])
    folder = index / read_manifest(index).generation
    assert {folder, index / "manifest.json.new", *folder.rglob("*")} <= set(synced)


def test_open_retriever_keeps_its_generation_while_a_new_one_is_built(
    index: Path, news, build_small, open_small
):
    retriever = open_small()
    before = answers(retriever)
    build_small(news[1:2])
    assert answers(retriever) == before
    assert retriever.overview().articles == 4


def test_every_file_cut_off_by_a_byte_is_reported_when_the_index_is_opened(
    index: Path, manifest: Manifest, open_small
):
    for name, facts in manifest.files.items():
        path = index / manifest.generation / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.raises(IndexDamaged) as told:
            open_small()
        size = facts.bytes
        assert str(told.value) == f"{path}: has {size - 1} bytes instead of {size}. Build the index again."
        with pytest.raises(IndexDamaged):
            qa.check(index)
        path.write_bytes(whole)
    assert qa.check(index) == CheckedIndex(manifest.generation, 4, 4)


def flip_a_byte(path: Path, position: int) -> bytes:
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[position] ^= 1
    path.write_bytes(flipped)
    return whole


@pytest.mark.parametrize("where", [0, 0.5, 1])
def test_flipped_bit_in_any_file_is_reported_when_a_small_index_is_opened(
    index: Path, manifest: Manifest, open_small, where: float
):
    for name, facts in manifest.files.items():
        path = index / manifest.generation / name
        whole = flip_a_byte(path, int(where * (facts.bytes - 1)))
        with pytest.raises(IndexDamaged) as told:
            open_small()
        assert str(told.value) == f"{path}: its content was altered. Build the index again."
        path.write_bytes(whole)


def test_touched_file_of_a_large_index_is_read_when_it_is_opened(
    index: Path, manifest: Manifest, open_small, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(generation, "VERIFIED_AT_OPEN", 0)
    for name, facts in manifest.files.items():
        path = index / manifest.generation / name
        whole = flip_a_byte(path, facts.bytes // 2)
        for touch in (open_small, lambda: qa.check(index)):
            with pytest.raises(IndexDamaged, match="its content was altered"):
                touch()
        os.utime(path, ns=(facts.modified, facts.modified))
        with pytest.raises(IndexDamaged, match="its content was altered"):
            qa.check(index)
        path.write_bytes(whole)
        open_small()  # the time of the file changed, its content did not


def test_missing_file_is_reported_with_its_name(index: Path, manifest: Manifest, open_small):
    for name in manifest.files:
        path = index / manifest.generation / name
        whole = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexDamaged) as told:
            open_small()
        assert str(told.value).startswith(f"{path}: cannot be read")
        assert told.value.cure == "Build the index again."
        path.write_bytes(whole)


def test_missing_generation_is_reported(index: Path, manifest: Manifest, open_small):
    shutil.rmtree(index / manifest.generation)
    with pytest.raises(IndexDamaged, match=r"cannot be read .*Build the index again\."):
        open_small()


def test_every_truncated_manifest_is_reported(index: Path, open_small):
    path = index / MANIFEST
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(IndexDamaged) as told:
            open_small()
        assert str(told.value) == f"{path}: the manifest is damaged. Build the index again."


def test_every_flipped_bit_of_the_manifest_is_reported_or_changes_nothing(index: Path, manifest: Manifest):
    path = index / MANIFEST
    for position in range(0, path.stat().st_size, 3):
        whole = flip_a_byte(path, position)
        with contextlib.suppress(IndexDamaged, IndexMismatch):
            assert read_manifest(index) == manifest  # such as an added blank between two values
        path.write_bytes(whole)


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"7", b'{"manifest": null}', b'{"manifest": {}}', b"\xff"]
)
def test_manifest_that_is_something_else_is_damaged(index: Path, content: bytes):
    (index / MANIFEST).write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"the manifest is damaged\. Build the index again\."):
        read_manifest(index)


@pytest.mark.parametrize(
    ("step", "cure"), [(1, "Update News QA."), (-3, "Build the index again.")], ids=["newer", "older"]
)
def test_index_of_another_format_is_reported_with_the_cure(index: Path, open_small, step: int, cure: str):
    body = json.loads((index / MANIFEST).read_bytes())["manifest"] | {"format": FORMAT + step, "unknown": 1}
    (index / MANIFEST).write_text(json.dumps({"sha256": generation._checksum(body), "manifest": body}))
    with pytest.raises(IndexMismatch) as told:
        open_small()
    assert told.value.what == f"the index has format {FORMAT + step}, this program reads format {FORMAT}"
    assert told.value.cure == cure


@pytest.mark.parametrize("place", ["nowhere", "empty"])
def test_missing_index_is_reported_with_the_command_that_builds_one(tmp_path: Path, embedder, place: str):
    index = tmp_path / place
    if place == "empty":
        index.mkdir()
    with pytest.raises(IndexMissing) as told:
        qa.Retriever.open(index, embedder=embedder)
    named = shlex.quote(str(index))  # quoted for the shell
    assert str(told.value) == (
        f"{index}: there is no index here. Build it: python -m qa build YOUR_ARTICLES --index {named}, "
        f"or try the sample: python -m qa build --sample --index {named}"
    )


def test_articles_named_as_an_index_are_refused_with_the_way_to_build_one_elsewhere(
    tmp_path: Path, monkeypatch, embedder
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "indexes" / "taken").mkdir(parents=True)
    for name in ("mine", "taken"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text("The dam broke.")
    told = {}
    for name in ("mine", "taken", "mine/one.txt"):
        with pytest.raises(IndexMissing) as refused:
            qa.Retriever.open(name, embedder=embedder)
        told[name] = str(refused.value)
    other = "this folder holds other files, and no index"
    build = "An index has a folder of its own. Build one: python -m qa build"
    assert told == {
        "mine": f"mine: {other}. {build} mine --index indexes/mine",
        "taken": f"taken: {other}. {build} taken --index indexes/taken-index",
        "mine/one.txt": f"mine/one.txt: this file is no index. {build} mine/one.txt --index indexes/one",
    }
    with pytest.raises(ArchiveError, match="this is a file, and an index is a folder. Choose a new folder"):
        qa.build(["mine"], "mine/one.txt", embedder=embedder)
    assert (tmp_path / "mine" / "one.txt").read_text() == "The dam broke."


def test_leftovers_of_killed_builds_are_removed_by_the_next(index: Path, news, build_small, open_small):
    note_generation(index, "generation-20200101T000000-abcdef")
    (index / "generation-20200101T000000-abcdef" / "bm25").mkdir(parents=True)
    (index / "generation-20200101T000000-abcdef" / "articles.arrow").write_bytes(b"half")
    assert answers(open_small())
    build_small(news)
    assert generations(index) == [read_manifest(index).generation]


FORGED = [
    ("generation", "../elsewhere"), ("generation", 7), ("generation", None), ("built", "yesterday"),
    ("built", "2026-01-01T00:00:00"), ("format", True), ("format", "3"), ("dimension", 1.5),
    ("articles", "4"),
    ("embedder", ["x"]), ("files", []), ("files", {"../../x": {"bytes": 1, "sha256": ""}}), ("skipped", 7),
    ("files", {"rows.arrow": {"bytes": "1", "sha256": ""}}), ("files", {"rows.arrow": 1}), ("skipped", [[1]]),
    ("nobody_knows", 1), ("passages", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), FORGED)
def test_forged_manifest_is_damaged_and_a_rebuild_cures_it(
    index: Path, news, build_small, open_small, name: str, value: object
):
    body = json.loads((index / MANIFEST).read_bytes())["manifest"] | {name: value}
    (index / MANIFEST).write_text(json.dumps({"sha256": generation._checksum(body), "manifest": body}))
    with pytest.raises(IndexDamaged, match="the manifest is damaged"):
        open_small()
    assert build_small(news).articles == 4
    assert answers(open_small())


@pytest.mark.parametrize("name", ["passage_tokens", "overlap_tokens", "dimension", "files"])
def test_manifest_without_what_every_version_keeps_is_damaged(index: Path, manifest: Manifest, name: str):
    body = json.loads((index / MANIFEST).read_bytes())["manifest"]
    del body[name]
    (index / MANIFEST).write_text(json.dumps({"sha256": generation._checksum(body), "manifest": body}))
    with pytest.raises(IndexDamaged, match="manifest"):
        read_manifest(index)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"[" * 100_000, b'{"manifest":' * 100_000, b'{"sha256": NaN, "manifest": {}}', b"\xff",
        b'{"sha256": "", "manifest": {"format": ' + b"9" * 5000 + b"}}", b'{"manifest": [1e999]}',
    ],
)  # fmt: skip
def test_manifest_of_any_bytes_is_damaged_and_a_rebuild_cures_it(
    index: Path, news, build_small, open_small, content: bytes
):
    (index / MANIFEST).write_bytes(content)
    with pytest.raises(IndexDamaged, match="the manifest is damaged"):
        open_small()
    assert build_small(news).articles == 4
    assert answers(open_small())


@pytest.mark.parametrize("damage", ["manifest", "file"])
def test_building_again_cures_a_damaged_index(
    index: Path, manifest, news, build_small, open_small, damage: str
):
    path = (
        index / MANIFEST
        if damage == "manifest"
        else index / manifest.generation / "segment-0000" / "vectors.faiss"
    )
    expected = answers(open_small())
    path.write_bytes(b"{")
    report = build_small(news)
    assert (report.articles, report.embedded) == (4, 4)
    assert answers(open_small()) == expected
    assert generations(index) == [qa.check(index).generation]


def test_parts_that_count_differently_are_reported_by_check(index: Path, manifest: Manifest, monkeypatch):
    monkeypatch.setattr("qa.index.local.vectors.Vectors.__len__", lambda self: 3)
    with pytest.raises(IndexDamaged) as told:
        qa.check(index)
    assert told.value.what == (
        "its parts count different numbers of passages: the passages 4, the vectors 3, BM25 4"
    )


def test_manifest_that_counts_other_passages_is_reported_by_check(index: Path):
    body = json.loads((index / MANIFEST).read_bytes())["manifest"] | {"passages": 5}
    (index / MANIFEST).write_text(json.dumps({"sha256": generation._checksum(body), "manifest": body}))
    with pytest.raises(IndexDamaged) as told:
        qa.check(index)
    assert told.value.what == (
        "its parts count different numbers of passages: the manifest 5, the passages 4"
    )


def test_index_of_the_format_before_is_opened_and_written_in_this_one(
    index: Path, news, build_small, open_small, embedder
):
    expected = open_small().search("ship")
    body = json.loads((index / MANIFEST).read_bytes())["manifest"] | {"format": FORMAT - 1}
    del body["chunker"]
    (index / MANIFEST).write_text(json.dumps({"sha256": generation._checksum(body), "manifest": body}))
    assert open_small().search("ship") == expected
    assert read_manifest(index).chunker == 1
    embedder.embedded.clear()
    qa.forget(index, ids=["visit"])
    assert (read_manifest(index).format, read_manifest(index).chunker) == (FORMAT, 1)
    assert embedder.embedded == []
