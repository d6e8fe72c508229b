"""The nearest vectors, against a sort of all inner products."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qa.errors import IndexDamaged
from qa.index.local.generation import segment_folder
from qa.index.local.vectors import FILE, Vectors, write_cells, write_vectors

# Small whole numbers have exact inner products, so that ties are real ties.
WHOLE = st.integers(-2, 2)
TABLES = st.integers(1, 30).flatmap(lambda rows: arrays.arrays(np.float32, (rows, 4), elements=WHOLE))


def opened(vectors: np.ndarray, segments: int = 1, alive: np.ndarray | None = None) -> Vectors:
    with tempfile.TemporaryDirectory() as folder:
        for position, piece in enumerate(np.array_split(vectors, segments)):
            segment = segment_folder(Path(folder), position)
            segment.mkdir()
            write_vectors([piece], segment)
        return Vectors.open(Path(folder), alive)  # memory-mapped, so it outlives the folder


def brute_force(vectors: np.ndarray, question: np.ndarray, allowed: np.ndarray) -> list[tuple[int, float]]:
    """Numbers and inner products of all that are allowed, best first."""
    scored = [(n, float(np.dot(vectors[n], question))) for n in range(len(vectors)) if allowed[n]]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


@given(TABLES, arrays.arrays(np.float32, 4, elements=WHOLE), st.integers(1, 40), st.data())
def test_search_finds_the_nearest_allowed_best_first_and_equals_by_number(vectors, question, k, data):
    allowed, alive = (data.draw(arrays.arrays(bool, len(vectors))) for _ in range(2))
    index = opened(vectors, data.draw(st.integers(1, min(3, len(vectors)))), alive)
    for mask, condition in ((alive, None), (allowed, allowed)):
        numbers, cosines = index.search(question, k, condition)
        found = list(zip(numbers.tolist(), cosines.tolist(), strict=True))
        every = brute_force(vectors, question, mask)
        assert [cosine for _, cosine in found] == [cosine for _, cosine in every[:k]]
        assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
        # Among equal scores at the very end the choice is free; all else is fixed.
        assert set(found) <= set(every)
        assert {pair for pair in every if pair[1] > found[-1][1]} <= set(found) if found else not every


def test_cosines_of_unit_vectors_are_worked_out_by_hand():
    vectors = np.array([[1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    numbers, cosines = opened(vectors).search(np.array([0.6, 0.8], dtype=np.float32), 3)
    assert numbers.tolist() == [1, 0, 2]
    assert cosines.tolist() == pytest.approx([1.0, 0.6, -0.6])


def test_filter_that_allows_nothing_finds_nothing():
    numbers, cosines = opened(np.eye(3, dtype=np.float32)).search(
        np.array([1, 0, 0], dtype=np.float32), 2, np.zeros(3, dtype=bool)
    )
    assert (numbers.tolist(), cosines.tolist()) == ([], [])


def test_filter_that_allows_only_the_worst_finds_the_worst():
    vectors = np.array([[1, 0]] * 20 + [[-1, 0]], dtype=np.float32)
    allowed = np.arange(21) == 20
    numbers, cosines = opened(vectors).search(np.array([1, 0], dtype=np.float32), 5, allowed)
    assert (numbers.tolist(), cosines.tolist()) == ([20], [-1.0])


def test_vectors_come_back_as_they_were_written_in_any_order():
    vectors = np.arange(12, dtype=np.float32).reshape(4, 3)
    index = opened(vectors, segments=2)
    assert (len(index), index.dimension) == (4, 3)
    assert index.take(np.array([3, 0, 3])).tolist() == vectors[[3, 0, 3]].tolist()
    assert index.take(np.array([], dtype=np.int64)).shape == (0, 3)


@pytest.mark.parametrize("content", [b"", b"no vectors at all"])
def test_file_that_is_no_index_is_reported_with_its_cure(tmp_path: Path, content: bytes):
    (tmp_path / "segment-0000").mkdir()
    (tmp_path / "segment-0000" / FILE).write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss: .*Build the index again\."):
        Vectors.open(tmp_path)


def test_missing_file_is_reported_with_its_cure(tmp_path: Path):
    (tmp_path / "segment-0000").mkdir()
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss: .*Build the index again\."):
        Vectors.open(tmp_path)


def clustered(rows: int, seed: int = 5) -> np.ndarray:
    """Unit vectors around a few hundred centres, as those of news are."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(200, 32))
    vectors = centres[random.integers(200, size=rows)] + 0.35 * random.normal(size=(rows, 32))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def in_cells(tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, Vectors]:
    """Vectors with an inverted file, which is used whatever their number."""
    folder, vectors = tmp_path_factory.mktemp("cells"), clustered(25_000)
    segment = segment_folder(folder, 0)
    segment.mkdir()
    write_vectors([vectors[:10_000], vectors[10_000:]], segment)
    assert write_cells(segment)
    assert not write_cells(segment)  # the segment has cells already
    return vectors, Vectors.open(folder)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.01])
def test_cells_find_nearly_all_of_the_nearest_with_their_true_cosines(in_cells, monkeypatch, share: float):
    vectors, index = in_cells
    monkeypatch.setattr("qa.index.local.vectors.EXACT_UP_TO", 0)
    random = np.random.default_rng(1)
    found = 0
    for question in clustered(60, seed=6):
        allowed = None if share == 1 else random.random(len(vectors)) < share
        numbers, cosines = index.search(question, 10, allowed)
        assert allowed is None or allowed[numbers].all()
        every = vectors @ question
        assert cosines.tolist() == pytest.approx(every[numbers].tolist(), rel=1e-5)
        best = np.argsort(-(every if allowed is None else np.where(allowed, every, -2)))[:10]
        found += len(set(best.tolist()) & set(numbers.tolist()))
    assert found >= 0.98 * 600


def test_more_cells_are_looked_at_where_a_filter_takes_out_what_is_near(in_cells, monkeypatch):
    vectors, index = in_cells
    monkeypatch.setattr("qa.index.local.vectors.EXACT_UP_TO", 0)
    random = np.random.default_rng(2)
    found = 0
    for question in clustered(20, seed=7):
        every = vectors @ question
        allowed = (every < np.quantile(every, 0.8)) & (random.random(len(vectors)) < 0.2)
        assert allowed.sum() > len(vectors) / 16  # too many to be compared one by one
        numbers, _ = index.search(question, 10, allowed)
        best = np.argsort(-np.where(allowed, every, -2))[:10]
        found += len(set(best.tolist()) & set(numbers.tolist()))
    assert found >= 0.95 * 200


def test_small_segments_get_no_cells(tmp_path: Path):
    write_vectors([clustered(100)], tmp_path)
    assert not write_cells(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
