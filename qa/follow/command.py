"""A change -> a command of the user's own, which gets it as JSON on standard input; never through a shell.

Such a command is named on the command line each time and kept nowhere: an index that somebody else made, the
page or a request can name none.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass

from qa.errors import InputError
from qa.follow.codec import change_to_dict
from qa.follow.records import Change

SECONDS = 30.0  # for one change
MOST_PRINTED = 1 << 16  # bytes of what a command prints for one change
_LAST_WORDS = 2.0  # seconds for what was printed at the end


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments."""

    arguments: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Command:
        """Split a command as a shell does, but without variables, pipes and patterns."""
        try:
            arguments = tuple(shlex.split(text))
        except ValueError as fault:
            raise InputError(f"--run {text!r} cannot be read ({fault})", cure="Close the quote.") from None
        if not arguments:
            raise InputError("--run names no command", cure="Name a program: --run /usr/local/bin/notify")
        if shutil.which(arguments[0]) is None:
            raise InputError(
                f"there is no program {arguments[0]!r} to run",
                cure="Name one by its path, and make it executable: chmod +x PATH",
            )
        return cls(arguments)

    def run(self, change: Change, *, seconds: float = SECONDS) -> str:
        """Run it for a change; "" if it ended well, else why not, in one line.

        The first 64 kB that it prints go to standard error. After ``seconds`` it is ended with all that it
        has started.
        """
        given = json.dumps(change_to_dict(change), ensure_ascii=False).encode("utf-8", "backslashreplace")
        printed, prints = os.pipe()
        try:
            process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.PIPE,
                stdout=prints,
                stderr=prints,
                start_new_session=True,
                close_fds=True,
            )
        except OSError as fault:
            os.close(printed)
            return f"{self.arguments[0]} cannot be run ({fault.strerror})"
        finally:
            os.close(prints)
        dropped = threading.Event()
        passing = threading.Thread(target=_pass_on, args=(printed, dropped), name="run", daemon=True)
        passing.start()
        try:
            process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            return f"{self.arguments[0]} took longer than {seconds:g} seconds and was ended"
        finally:
            if process.poll() is None:
                _end(process)
            passing.join(_LAST_WORDS)  # not for ever: what it has started may keep the pipe
        if process.returncode != 0:
            return f"{self.arguments[0]} ended with {process.returncode}"
        return f"{self.arguments[0]} printed more than {MOST_PRINTED >> 10} kB" if dropped.is_set() else ""


def _pass_on(printed: int, dropped: threading.Event) -> None:
    """Pass on to standard error what is printed, up to a bound; the rest is read and dropped."""
    left = MOST_PRINTED
    with open(printed, "rb", buffering=0) as stream:
        while piece := stream.read(1 << 16):
            if len(piece) > left:
                dropped.set()
            with contextlib.suppress(OSError):  # a closed standard error stops no command
                os.write(2, piece[:left])
            left -= min(left, len(piece))


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own
    except (OSError, AttributeError):  # gone meanwhile, or a system without groups
        process.kill()
    process.wait()
