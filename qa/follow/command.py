"""A change -> a command of the user's own, which gets it as JSON on standard input; never through a shell.

Such a command is named on the command line each time and kept nowhere: an index that somebody else made, the
page or a request can name none.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
from dataclasses import dataclass

from qa.errors import InputError
from qa.follow.codec import change_to_dict
from qa.follow.records import Change

SECONDS = 30.0  # for one change


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments."""

    arguments: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Command:
        """Part a command as a shell would, without one: no variable, pipe or pattern means anything.

        :raises InputError: if it is empty, a quote is open, or there is no such program.
        """
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

        What it prints goes to standard error. After ``seconds`` it is ended with all that it has started.
        """
        given = json.dumps(change_to_dict(change), ensure_ascii=False).encode("utf-8", "backslashreplace")
        try:
            process = subprocess.Popen(
                self.arguments, stdin=subprocess.PIPE, stdout=2, start_new_session=True, close_fds=True
            )
        except OSError as fault:
            return f"{self.arguments[0]} cannot be run ({fault.strerror})"
        try:
            process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            return f"{self.arguments[0]} took longer than {seconds:g} seconds and was ended"
        finally:
            if process.poll() is None:
                _end(process)
        if process.returncode == 0:
            return ""
        return f"{self.arguments[0]} ended with {process.returncode}"


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own
    except (OSError, AttributeError):  # gone meanwhile, or a system without groups
        process.kill()
    process.wait()
