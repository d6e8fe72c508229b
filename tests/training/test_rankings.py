"""What ranks first is worth what its words share with the gold answer."""

from __future__ import annotations

import numpy as np

from qa.calibrate.fit import Asked
from qa.read.calibration import Ranking
from qa.read.evidence import Evidence
from training.rankings import Ranked, first


def ranked(*candidates: tuple[float, float, float, float]) -> Ranked:
    """One question with candidates of a margin, an agreement, a depth, and an F1."""
    given = np.array(candidates)
    features = np.column_stack([given[:, :3], np.zeros(len(given))])
    texts = tuple(map(str, range(len(given))))
    return Ranked(Asked(Evidence(features, texts), given[:, 3] > 0.5), given[:, 3])


def test_the_mean_is_of_what_each_ranking_puts_first():
    deep_or_right = ranked((3.0, 0.0, 2.0, 0.0), (2.0, 0.0, 0.0, 1.0))
    told_by_many = ranked((1.0, 0.0, 0.0, 0.25), (0.0, 0.5, 0.0, 0.75))
    asked = [deep_or_right, told_by_many]
    assert first(asked, Ranking(0, 0)) == (0.0 + 0.25) / 2
    assert first(asked, Ranking(0, 1)) == (1.0 + 0.25) / 2
    assert first(asked, Ranking(4, 1)) == (1.0 + 0.75) / 2
