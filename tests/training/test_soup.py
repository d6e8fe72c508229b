"""The mean of readers' weights, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from training.soup import main, mean


def test_every_weight_is_the_mean_of_all_readers(tmp_path: Path):
    one = {"a": torch.tensor([1.0, 2.0]).half(), "b": torch.tensor([[0.5]]).half()}
    two = {"a": torch.tensor([3.0, -2.0]).half(), "b": torch.tensor([[1.5]]).half()}
    for name, weights in (("one", one), ("two", two)):
        save_file(weights, tmp_path / name)
    main([tmp_path / "one", tmp_path / "two"], tmp_path / "soup")
    soup = load_file(tmp_path / "soup")
    assert soup["a"].tolist() == [2.0, 0.0]
    assert soup["b"].tolist() == [[1.0]]
    assert soup["a"].dtype == torch.float16


def test_readers_of_different_shape_are_refused():
    with pytest.raises(ValueError, match=r"tensors \['b'\] are not in all readers"):
        mean([{"a": torch.zeros(1)}, {"a": torch.zeros(1), "b": torch.zeros(1)}])
