"""Evidence becomes a probability, by two linear models worked out by hand."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.read.calibration import FILE, FURTHEST, Calibration, file_name, leads
from qa.read.evidence import FEATURES, SETTING, Evidence

FLAT = {field.name: 0.0 for field in fields(Calibration)}


def calibration(**weights: float) -> Calibration:
    return Calibration(**(FLAT | weights))


def given(*margins: float, texts: tuple[str, ...] | None = None) -> Evidence:
    """Candidates with a margin and nothing else."""
    features = np.zeros((len(margins), len(FEATURES)))
    features[:, 0] = margins
    return Evidence(features, texts if texts is not None else tuple(map(str, range(len(margins)))))


def test_evenly_balanced_evidence_is_one_half():
    assert calibration().confidences(given(3.0, -2.0)) == pytest.approx(np.array([0.5, 0.5]))


@pytest.mark.parametrize("name", ["margin", *SETTING])
def test_every_feature_counts_with_its_own_weight(name: str):
    features = np.zeros((1, len(FEATURES)))
    features[0, FEATURES.index(name)] = 3.0
    (confidence,) = calibration(bias=-1.0, **{name: 2.0}).confidences(Evidence(features, ("kim",)))
    assert confidence == pytest.approx(1 / (1 + math.exp(-(3.0 * 2.0 - 1.0))))


def test_each_candidate_is_as_sure_as_its_own_depth_lets_it():
    features = np.zeros((2, len(FEATURES)))
    features[:, FEATURES.index("margin")] = 2.0, 1.0
    features[:, FEATURES.index("depth")] = 0.0, 1.5
    fitted = calibration(margin=1.0, depth=-2.0)
    confidences = fitted.confidences(Evidence(features, ("kim", "xi")))
    assert confidences.tolist() == pytest.approx([1 / (1 + math.exp(-2)), 1 / (1 + math.exp(2))])


def test_a_lower_rank_is_never_surer():
    features = np.zeros((3, len(FEATURES)))
    features[:, FEATURES.index("margin")] = 3.0, 1.0, 2.0
    features[:, FEATURES.index("agreement")] = 0.0, 1.0, 0.0
    first, third, second = 1, 2, 0  # by 1 + 4 * 1, 2 and 3
    found = calibration(ranking_agreement=4.0, margin=1.0).confidences(Evidence(features, ("a", "b", "c")))
    assert found == pytest.approx(np.full(3, 1 / (1 + math.exp(-1.0))))
    assert found[first] > found[second] > found[third]


def test_a_deep_passage_ranks_behind_where_depth_costs():
    features = np.zeros((2, len(FEATURES)))
    features[:, FEATURES.index("margin")] = 3.0, 2.0
    features[:, FEATURES.index("depth")] = 1.5, 0.0
    deep, shallow = calibration(margin=1.0, ranking_depth=1.0).confidences(Evidence(features, ("a", "b")))
    assert shallow > deep  # 2 against 3 - 1.5
    deep, shallow = calibration(margin=1.0, ranking_depth=0.5).confidences(Evidence(features, ("a", "b")))
    assert deep > shallow  # 3 - 0.75 against 2


def test_calibration_of_before_depth_ranked_is_read_as_it_was_fitted(tmp_path: Path):
    values = asdict(calibration(ranking_agreement=4.0, margin=0.5))
    del values["ranking_depth"]
    (tmp_path / FILE).write_text(json.dumps(values))
    assert Calibration.load(tmp_path) == calibration(ranking_agreement=4.0, margin=0.5)


def test_no_candidates_have_no_confidences():
    assert calibration().confidences(given()).tolist() == []


def test_lead_is_over_the_best_candidate_of_another_answer():
    scores = np.array([5.0, 4.0, 3.0, 1.0])
    # "kim" stands twice; its rival is "xi" with 3. The others, which are behind, have no lead.
    assert leads(scores, ("kim", "kim", "xi", "moon")).tolist() == [2.0, 1.0, 0.0, 0.0]


def test_lead_without_a_rival_is_the_furthest():
    assert leads(np.array([5.0, 4.0]), ("kim", "kim")).tolist() == [FURTHEST, FURTHEST]


def test_runner_up_near_by_lowers_the_confidence():
    fitted = calibration(margin=1.0, lead=0.5)
    alone, close = fitted.confidences(given(2.0, -4.0))[0], fitted.confidences(given(2.0, 1.9))[0]
    assert alone == pytest.approx(1 / (1 + math.exp(-(2.0 + 0.5 * 6.0))))
    assert close == pytest.approx(1 / (1 + math.exp(-(2.0 + 0.5 * 0.1))))


@pytest.mark.parametrize(("margin", "least", "most"), [(1e6, 0.999, 1.0), (-1e6, 0.0, 0.001)])
def test_extreme_margins_neither_overflow_nor_leave_0_to_1(margin: float, least: float, most: float):
    (confidence,) = calibration(margin=1.0).confidences(given(margin))
    assert least <= confidence <= most


def test_calibration_comes_back_as_it_was_saved(tmp_path: Path):
    fitted = calibration(bias=-1.25, margin=0.5, threshold=0.35)
    fitted.save(tmp_path / FILE)
    assert Calibration.load(tmp_path) == fitted


def test_reader_that_was_never_calibrated_has_none(tmp_path: Path):
    assert Calibration.load(tmp_path) is None


@pytest.mark.parametrize("content", ["", "[]", "null", "{}", '{"bias": 1}', "broken"])
def test_broken_file_is_reported_with_the_cure(tmp_path: Path, content: str):
    (tmp_path / FILE).write_text(content)
    with pytest.raises(ModelError) as told:
        Calibration.load(tmp_path)
    assert told.value.where == str(tmp_path / FILE)
    assert told.value.what.startswith("the calibration is broken")
    assert told.value.cure.startswith("Restore it: git checkout models/reader; one of your own fit anew")


def test_calibration_with_weights_that_are_not_asked_for_is_of_another_version(tmp_path: Path):
    (tmp_path / FILE).write_text(json.dumps(asdict(calibration()) | {"similarity": 1.0}))
    with pytest.raises(ModelError, match="of another version: it has similarity"):
        Calibration.load(tmp_path)


def test_weight_that_is_not_a_number_is_refused(tmp_path: Path):
    values = asdict(calibration()) | {"margin": "much"}
    (tmp_path / FILE).write_text(json.dumps(values))
    with pytest.raises(ModelError, match="the calibration is broken"):
        Calibration.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("bias", "NaN"), ("margin", "Infinity"), ("lead", "-Infinity"), ("depth", "1e999"), ("doubt", "true"),
        ("bias", "null"), ("bias", '"1"'), ("bias", "1e300"), ("bias", "9" * 5000), ("bias", "[" * 100_000),
        ("threshold", "1.01"), ("threshold", "-0.01"), ("threshold", "false"), ("threshold", "NaN"),
    ],
)  # fmt: skip
def test_value_that_is_not_a_number_is_refused_in_one_line(tmp_path: Path, name: str, written: str):
    values = {key: str(value) for key, value in asdict(calibration()).items()} | {name: written}
    (tmp_path / FILE).write_text("{" + ", ".join(f'"{key}": {value}' for key, value in values.items()) + "}")
    with pytest.raises(ModelError, match="the calibration is broken: ") as told:
        Calibration.load(tmp_path)
    assert len(str(told.value)) < 400


def test_calibration_of_an_archive_holds_for_its_reader_alone(tmp_path: Path):
    fitted = calibration(bias=-1.25, threshold=0.35)
    fitted.save(tmp_path / file_name("a" * 64))
    assert Calibration.own(tmp_path / file_name("a" * 64)) == fitted
    assert Calibration.own(tmp_path / file_name("b" * 64)) is None
    assert [path.name for path in tmp_path.iterdir()] == [f"calibration-{'a' * 16}.json"]  # no part is left


def test_broken_calibration_of_an_archive_names_its_own_cure(tmp_path: Path):
    (tmp_path / file_name("a" * 64)).write_text("[]")
    with pytest.raises(ModelError) as raised:
        Calibration.own(tmp_path / file_name("a" * 64))
    assert raised.value.cure == "Remove the file, or fit anew: python -m qa calibrate QUESTIONS"
