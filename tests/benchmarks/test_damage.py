"""Flipped bits are told or change nothing, and a benchmark that sees them change something says so."""

from pathlib import Path

import pytest

from benchmarks.damage import Outcome, flips
from benchmarks.injection import _flip, flip, write_edition
from qa.index.local.guard import Guard

BITS = 12


def test_flipped_bits_are_reported_or_change_nothing(tmp_path: Path):
    found = flips(tmp_path, BITS, 20, large=True)
    told, same = (int(part.split()[0]) for part in found.note.split(", "))
    assert told + same == BITS and told > BITS // 2
    assert found == Outcome("bits flipped in a large index", BITS, found.note)


def test_answers_that_change_in_silence_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("need", "watch", "look"):
        monkeypatch.setattr(Guard, name, lambda *_: None)
    monkeypatch.setattr("qa.index.local.generation.VERIFIED_AT_OPEN", 0)
    monkeypatch.setattr("qa.index.local.checksums.BLOCK", 512)
    monkeypatch.setattr("benchmarks.injection.logging.disable", lambda: None)
    edition = write_edition(tmp_path / "1.jsonl", 1, 20)
    flip(tmp_path / "index", edition, tmp_path / "log", 0, 60, large=True)
    lines = (tmp_path / "log").read_text().splitlines()
    assert lines.count("try") == 60
    assert any(line.startswith("wrong ") for line in lines)


def test_bit_is_flipped_back_and_no_time_changes(tmp_path: Path):
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    before = path.stat().st_mtime_ns
    _flip(path, 1, 4)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (b"afc", before)
    _flip(path, 1, 4)
    assert path.read_bytes() == b"abc"
