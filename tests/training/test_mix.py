"""Groups of several folders in one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.groups import Group, Sighted
from training.mix import main
from training.prepare import load_groups, save


def group(token: int) -> Group:
    ids = np.array([token] * 4, dtype=np.int32)
    return (Sighted(ids, np.zeros(4, np.int8), np.full(4, 3, np.int8), (2,), (3,)),)


def test_a_folder_named_twice_is_in_it_twice_and_the_first_one_measures(tmp_path: Path):
    for name, token in (("a", 1), ("b", 2)):
        (tmp_path / name).mkdir()
        save([group(token)], tmp_path / name / "train.npz")
        save([group(10 * token)], tmp_path / name / "dev.npz")
    main([tmp_path / "a", tmp_path / "b", tmp_path / "b"], tmp_path / "mixed")
    seen = [g[0].ids[0] for g in load_groups(tmp_path / "mixed" / "train.npz")]
    assert seen == [1, 2, 2]
    (held,) = load_groups(tmp_path / "mixed" / "dev.npz")
    assert held[0].ids.tolist() == [10, 10, 10, 10]
