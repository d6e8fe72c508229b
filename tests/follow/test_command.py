"""``--run``: a change goes to a program of the user's as JSON, never through a shell, and never for ever."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.follow.codec import change_to_dict
from qa.follow.command import Command
from qa.follow.records import Change
from tests.follow.test_store import answer

CHANGE = Change(1, "How many $(touch x); died?", None, answer("227"), datetime(2023, 11, 12, tzinfo=UTC))


def python(program: str, *arguments: str) -> Command:
    return Command((sys.executable, "-c", program, *arguments))


def test_the_change_is_on_standard_input_as_json(tmp_path: Path):
    out = tmp_path / "out"
    program = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    assert python(program, str(out)).run(CHANGE) == ""
    assert json.loads(out.read_bytes()) == change_to_dict(CHANGE)


def test_no_shell_reads_the_command(tmp_path: Path):
    out = tmp_path / "out"
    text = f"{sys.executable} -c 'import json,sys; json.dump(sys.argv[1:], open(sys.argv[1], \"w\"))' {out} "
    assert Command.parse(text + "'a b' $HOME; touch /x | * > y").run(CHANGE) == ""
    assert json.loads(out.read_text())[1:] == ["a b", "$HOME;", "touch", "/x", "|", "*", ">", "y"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "--run names no command"),
        ("'open", "cannot be read (No closing quotation). Close the quote."),
        ("no-such-program-here -x", "there is no program 'no-such-program-here' to run"),
    ],
)
def test_an_impossible_command_is_refused_before_anything_is_done(text: str, told: str):
    with pytest.raises(InputError) as refused:
        Command.parse(text)
    assert told in str(refused.value)


def test_a_program_that_fails_or_vanishes_is_one_line():
    assert python("raise SystemExit(3)").run(CHANGE) == f"{sys.executable} ended with 3"
    assert Command(("/no/such",)).run(CHANGE) == "/no/such cannot be run (No such file or directory)"


def test_a_program_that_reads_nothing_ends_as_well():
    assert python("pass").run(CHANGE) == ""


def test_what_a_program_prints_is_passed_on_up_to_a_bound(capfd):
    assert python("import sys; print('good'); print('bad', file=sys.stderr)").run(CHANGE) == ""
    assert sorted(capfd.readouterr().err.split()) == ["bad", "good"]
    flood = python("import sys; [sys.stdout.write('x' * 1_000_000) for _ in range(20)]")
    assert flood.run(CHANGE) == f"{sys.executable} printed more than 64 kB"
    out, err = capfd.readouterr()
    assert (out, len(err)) == ("", 65_536)


def test_what_a_program_leaves_running_is_not_waited_for(tmp_path: Path):
    pid = tmp_path / "pid"
    program = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time; "
        "time.sleep(30)']); open(sys.argv[1], 'w').write(str(child.pid))"
    )
    assert python(program, str(pid)).run(CHANGE) == ""
    os.kill(int(pid.read_text()), 9)  # it was still running, though it holds the pipe of the output


def test_a_program_that_hangs_is_ended_with_what_it_has_started(tmp_path: Path):
    pid = tmp_path / "pid"
    program = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; "
        "time.sleep(60)']); open(sys.argv[1], 'w').write(str(child.pid)); time.sleep(60)"
    )
    fault = python(program, str(pid)).run(CHANGE, seconds=5)
    assert fault == f"{sys.executable} took longer than 5 seconds and was ended"
    child = int(pid.read_text())
    for _ in range(100):
        try:
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":  # ended, but its new parent has not collected it yet
            return
        time.sleep(0.05)
    os.kill(child, 9)
    pytest.fail("what it had started lived on")
