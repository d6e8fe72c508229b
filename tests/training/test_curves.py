"""The log of a run -> the points of its picture."""

from __future__ import annotations

import json
from pathlib import Path

from training.curves import main, scores_of

LINES = [
    {"precision": "float32, eager attention", "done": 0},
    {"step": 50, "loss": 1.5},
    {"step": 70, "dev news": {"forced_f1": 0.6, "best_f1": 0.7}},
    {"step": 100, "loss": 1.2},
    {"end": True, "dev news": {"forced_f1": 0.7, "best_f1": 0.8}},
]


def test_each_set_has_its_points_and_the_last_stands_at_the_last_step():
    assert scores_of(LINES) == {
        "news": [(70, {"forced_f1": 0.6, "best_f1": 0.7}), (100, {"forced_f1": 0.7, "best_f1": 0.8})]
    }


def test_picture_is_drawn_from_a_log(tmp_path: Path):
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    main([tmp_path], tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
