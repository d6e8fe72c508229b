"""A margin becomes a probability, by a logistic model worked out by hand."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.read.calibration import FILE, Calibration
from qa.records import Article, Hit, Passage

HIT = Hit(Passage(Article("1", "", "Text."), 0, 5), score=0.5, similarity=0.25, bm25=3.0)
FLAT = {field.name: 0.0 for field in fields(Calibration)}


def calibration(**weights: float) -> Calibration:
    return Calibration(**(FLAT | weights))


def test_no_evidence_either_way_is_one_half():
    assert calibration().confidence(3.0, HIT) == 0.5


@pytest.mark.parametrize(
    ("weights", "logit"),
    [({"bias": 1.5}, 1.5), ({"margin": 0.5}, 1.0), ({"bias": -1.0, "margin": 0.5}, 0.0)],
)
def test_confidence_is_the_logistic_of_the_weighted_evidence(weights: dict[str, float], logit: float):
    expected = 1 / (1 + math.exp(-logit))
    assert calibration(**weights).confidence(2.0, HIT) == pytest.approx(expected)


def test_confidence_grows_with_the_margin():
    fitted = calibration(bias=-0.3, margin=0.4)
    confidences = [fitted.confidence(margin, HIT) for margin in (-9.0, -1.0, 0.0, 1.0, 9.0)]
    assert confidences == sorted(confidences)
    assert len(set(confidences)) == 5


@pytest.mark.parametrize(("margin", "least", "most"), [(1e6, 0.999, 1.0), (-1e6, 0.0, 0.001)])
def test_extreme_margins_neither_overflow_nor_leave_0_to_1(margin: float, least: float, most: float):
    assert least <= calibration(margin=1.0).confidence(margin, HIT) <= most


def test_calibration_comes_back_as_it_was_saved(tmp_path: Path):
    fitted = calibration(bias=-1.25, margin=0.5, threshold=0.35)
    fitted.save(tmp_path)
    assert Calibration.load(tmp_path) == fitted


def test_reader_that_was_never_calibrated_has_none(tmp_path: Path):
    assert Calibration.load(tmp_path) is None


@pytest.mark.parametrize("content", ["", "[]", "null", "{}", '{"bias": 1}', "broken"])
def test_broken_file_is_told_with_the_cure(tmp_path: Path, content: str):
    (tmp_path / FILE).write_text(content)
    with pytest.raises(ModelError) as told:
        Calibration.load(tmp_path)
    assert told.value.where == str(tmp_path / FILE)
    assert told.value.what.startswith("the calibration is broken")
    assert told.value.cure == "Restore it: git checkout models/reader"


def test_weight_that_is_no_number_is_told(tmp_path: Path):
    values = asdict(calibration()) | {"margin": "much"}
    (tmp_path / FILE).write_text(json.dumps(values))
    with pytest.raises(ModelError, match="the calibration is broken"):
        Calibration.load(tmp_path)
