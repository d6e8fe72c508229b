"""A disk that is full, closed or failing is one line with its cure, whoever writes there."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa.disk import naming_disk_faults, translating, write_synced, write_whole
from qa.errors import InputError, ModelError
from tests.conftest import ROOT

ELSEWHERE, FREE = "Name another folder.", "Free some space and try again."


@pytest.mark.parametrize(
    ("fault", "why", "cure"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device", FREE),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "Disk quota exceeded", FREE),
        (OSError("4608 requested and 2016 written"), "No space left on device", FREE),
        (OSError(errno.EROFS, "Read-only file system"), "Read-only file system", ELSEWHERE),
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied", ELSEWHERE),
        (OSError(errno.EIO, "Input/output error"), "Input/output error", "Check the disk and try again."),
    ],
)
def test_every_fault_of_a_disk_has_the_cure_that_fits_it(fault: OSError, why: str, cure: str):
    with (
        pytest.raises(InputError) as told,
        translating("cannot be kept", "here", error=InputError, elsewhere=ELSEWHERE),
    ):
        raise fault
    assert str(told.value) == f"here: cannot be kept ({why}). {cure}"


@pytest.mark.parametrize(
    ("fault", "free", "code"),
    [
        (Exception("No space left on device (os error 28)"), 1 << 30, errno.ENOSPC),
        (RuntimeError("Can't open bin file"), 0, errno.ENOSPC),
        (RuntimeError("no such operator"), 1 << 30, None),
        (ModelError("no model"), 0, None),
        (OSError(errno.EIO, "Input/output error"), 0, errno.EIO),
    ],
)
def test_what_libraries_say_of_a_full_disk_is_understood_and_nothing_else_is_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, free: int, code: int | None
):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1 << 30, 0, free))
    with pytest.raises(Exception) as told, naming_disk_faults(tmp_path):
        raise fault
    assert (told.value is fault) is (code is None or fault is told.value)
    assert getattr(told.value, "errno", None) == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk here that is always full")
def test_output_onto_a_full_disk_is_one_line_with_its_cure():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "qa", "--version"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "qa: standard output: cannot be read or written (No space left on device). "
        "Free some space and try again.\n",
    )


def test_file_that_cannot_be_written_is_one_line_on_the_command_line(type_in, monkeypatch, tmp_path: Path):
    def fail(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(tmp_path / "a"))

    monkeypatch.setattr("qa.index.backends.check", fail)
    assert type_in("check", "--index", tmp_path) == (
        2,
        "",
        f"qa: {tmp_path}/a: cannot be read or written (Read-only file system). "
        "See to it that it can be written.\n",
    )


def test_file_is_replaced_whole_or_stays_as_it_was_and_nothing_lies_beside_it(tmp_path: Path, monkeypatch):
    path = tmp_path / "kept.json"
    write_whole(path, "first")
    write_whole(path, "half a \ud83d")
    assert path.read_text() == "half a \\ud83d"

    def full(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "second")
    assert path.read_text() == "half a \\ud83d"
    assert list(tmp_path.iterdir()) == [path]


def test_file_is_on_the_disk_before_it_takes_its_place_and_its_name_right_after(tmp_path: Path, monkeypatch):
    path, steps, replace = tmp_path / "kept.json", [], Path.replace

    def noted(self: Path, target: Path) -> Path:
        steps.append(("replace", target.name))
        return replace(self, target)

    monkeypatch.setattr("qa.disk.sync", lambda synced: steps.append(("sync", synced.name)))
    monkeypatch.setattr(Path, "replace", noted)
    write_synced(path, "first")
    assert steps == [("sync", "kept.json.new"), ("replace", "kept.json"), ("sync", tmp_path.name)]
    assert path.read_text() == "first"
