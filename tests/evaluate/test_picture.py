"""The picture: refused before the long work where it cannot be drawn, and drawn where it can."""

import importlib.util

import numpy as np
import pytest

from qa.errors import InputError
from qa.evaluate.calibration_measures import reliability_bins, risk_coverage
from qa.evaluate.picture import check_drawable, draw, likely_range
from qa.evaluate.report import Trust


def refused(path):
    with pytest.raises(InputError) as told:
        check_drawable(path)
    return told.value


def test_missing_matplotlib_is_reported_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert str(refused(tmp_path / "a.png")) == (
        "a picture needs matplotlib, which is not installed. Run: pip install -r requirements-benchmarks.txt"
    )


def test_place_that_cannot_hold_a_picture_is_reported(tmp_path):
    assert refused(tmp_path / "a.jpg").what == "a picture's name ends in .png"
    assert refused(tmp_path / "no" / "a.png").what == "there is no such folder"


@pytest.fixture
def trust():
    confidences, right = np.linspace(0, 1, 50), np.arange(50) % 3 == 0
    bins = tuple(reliability_bins(confidences, right))
    return Trust(0.25, bins, risk_coverage(confidences, right), coverage=0.1)


def test_picture_is_written_as_png(tmp_path, trust):
    pytest.importorskip("matplotlib")
    draw(trust, title="sample", path=tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_name_with_dollars_is_no_formula(tmp_path, trust):
    pytest.importorskip("matplotlib")
    draw(trust, title=r"$\frac{$ on x", path=tmp_path / "a.png")
    assert (tmp_path / "a.png").is_file()


def test_picture_that_cannot_be_written_is_reported(tmp_path, trust):
    pytest.importorskip("matplotlib")
    (tmp_path / "a.png").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        draw(trust, title="sample", path=tmp_path / "a.png")


def test_likely_range_is_wilsons():
    # 8 of 10 and 0 of 10, with the intervals of textbooks.
    assert likely_range(0.8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)
    assert likely_range(0.0, 10) == pytest.approx((0.0, 0.278), abs=1e-3)
    assert likely_range(1.0, 10)[1] == 1.0
