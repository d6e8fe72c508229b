"""Uploads are kept as long as their page lives, and swept when it was killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.page import staging
from qa.page.staging import ABANDONED, LOCK, Staging, keeping_uploads, sweep
from qa.page.uploads import PREFIX
from tests.conftest import ROOT

PROGRAM = """
import os, signal, sys
from qa.page.staging import Staging
staging = Staging.open()
(staging.path / "0").mkdir()
(staging.path / "0" / "secret.txt").write_text("of somebody")
print(staging.path, flush=True)
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_uploads_of_a_killed_page_go_at_the_next_start_and_those_of_a_living_one_stay(temporary: Path):
    page = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    folder = Path(page.stdout.readline().strip())
    assert sweep() == []
    assert (folder / "0" / "secret.txt").is_file()
    page.communicate("\n")
    assert page.returncode == -signal.SIGKILL
    assert sweep() == [folder]
    assert list(temporary.iterdir()) == []


def test_uploads_go_when_their_tab_forgets_them_whichever_thread_was_last(temporary: Path):
    kept = [Staging.open()]
    (kept[0].path / "0").mkdir()
    assert [path.name[: len(PREFIX)] for path in temporary.iterdir()] == [PREFIX]
    thread = threading.Thread(target=kept.clear)
    thread.start()
    thread.join()
    assert list(temporary.iterdir()) == []


def test_only_what_is_ours_is_swept(temporary: Path):
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    (temporary / f"{PREFIX}file").write_text("no folder")
    fresh, old = temporary / f"{PREFIX}fresh", temporary / f"{PREFIX}old"
    for folder in (fresh, old):  # as a version without locks left them
        folder.mkdir()
    then = time.time() - ABANDONED - 60
    os.utime(old, (then, then))
    (temporary / "others").mkdir()
    assert sweep() == [old]
    left = {path.name.removeprefix(PREFIX) for path in temporary.iterdir()}
    assert left == {"elsewhere", "link", "file", "fresh", "others"}


def test_folder_of_another_user_is_left_alone(temporary: Path, monkeypatch: pytest.MonkeyPatch):
    folder = temporary / f"{PREFIX}left"
    folder.mkdir()
    (folder / LOCK).touch()
    monkeypatch.setattr(staging.os, "getuid", lambda: folder.stat().st_uid + 1)
    assert sweep() == []
    monkeypatch.undo()


def test_full_disk_is_reported_with_its_cure(temporary: Path):
    with pytest.raises(InputError) as told, keeping_uploads():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert str(told.value) == (
        f"{temporary}: the uploads cannot be kept (No space left on device). Free some space and try again, "
        "or start the page with TMPDIR naming another folder."
    )
