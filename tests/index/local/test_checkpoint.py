"""Shards of vectors on disk: found again only where they would come out the same."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from qa.index.local import checkpoint
from qa.index.local.checkpoint import embed_resumably

TEXTS = ["one", "two", "three", "four", "five"]


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "SHARD", 2)


def embed(texts: list[str], embedder, folder: Path) -> tuple[np.ndarray, list[int]]:
    told: list[int] = []
    return embed_resumably(texts, embedder, folder, done=told.append), told


def test_vectors_come_in_the_order_of_the_texts(tmp_path: Path, embedder):
    vectors, told = embed(TEXTS, embedder, tmp_path)
    assert np.array_equal(vectors, np.stack([embedder.embed_question(text) for text in TEXTS]))
    assert vectors.dtype == np.float32
    assert told == [2, 2, 1]


def test_finished_shards_are_not_embedded_again(tmp_path: Path, embedder):
    first, _ = embed(TEXTS, embedder, tmp_path)
    embedder.embedded.clear()
    again, told = embed(TEXTS, embedder, tmp_path)
    assert embedder.embedded == []
    assert told == [2, 2, 1]
    assert np.array_equal(first, again)


def test_only_the_shards_that_changed_are_embedded(tmp_path: Path, embedder):
    embed(TEXTS, embedder, tmp_path)
    embedder.embedded.clear()
    vectors, _ = embed(["one", "two", "3", "four", "five"], embedder, tmp_path)
    assert embedder.embedded == ["3", "four"]
    assert np.array_equal(vectors[2], embedder.embed_question("3"))


def test_shard_of_another_embedder_is_not_taken(tmp_path: Path, embedder, other_embedder):
    embed(TEXTS, embedder, tmp_path)
    embed(TEXTS, other_embedder, tmp_path)
    assert other_embedder.embedded == TEXTS


def test_texts_that_only_join_to_the_same_are_not_mistaken(tmp_path: Path, embedder):
    embed(["ab", "c"], embedder, tmp_path)
    embedder.embedded.clear()
    embed(["a", "bc"], embedder, tmp_path)
    assert embedder.embedded == ["a", "bc"]


def test_every_shard_cut_off_anywhere_is_embedded_again(tmp_path: Path, embedder):
    expected, _ = embed(["one", "two"], embedder, tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        vectors, _ = embed(["one", "two"], embedder, tmp_path)
        assert np.array_equal(vectors, expected)
        assert path.read_bytes() == whole


def test_no_flipped_bit_of_a_shard_stops_the_build(tmp_path: Path, embedder):
    expected, _ = embed(["one", "two"], embedder, tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x20]) + whole[position + 1 :])
        vectors, _ = embed(["one", "two"], embedder, tmp_path)
        assert vectors.shape == expected.shape
        # A change may pass if it changes the length of a vector by less than a thousandth.
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, 16)), np.full((2, 16), np.nan), np.ones((2, 16)), np.eye(3, 16)]
)
def test_shard_that_holds_no_unit_vectors_is_embedded_again(tmp_path: Path, embedder, wrong: np.ndarray):
    embed(["one", "two"], embedder, tmp_path)
    (path,) = tmp_path.iterdir()
    np.save(path, wrong.astype(np.float32))
    embedder.embedded.clear()
    embed(["one", "two"], embedder, tmp_path)
    assert embedder.embedded == ["one", "two"]


def test_shard_that_holds_objects_is_never_unpickled(tmp_path: Path, embedder):
    folder, sprung = tmp_path / "partial", tmp_path / "sprung"
    embed(["one", "two"], embedder, folder)
    (path,) = folder.iterdir()
    np.save(path, np.array([Trap(sprung), None], dtype=object), allow_pickle=True)
    embed(["one", "two"], embedder, folder)
    assert not sprung.exists()


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)
