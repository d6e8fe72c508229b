"""A system's stage -> its process: how it is started, and when it said its first answer."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.stages import ANSWERED
from benchmarks.report import ROOT

CORES = 2
# While time is measured, no library may download anything or report its use.
QUIET = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True, slots=True)
class Program:
    """A module that an interpreter runs."""

    python: Path
    module: str

    def run(self, *arguments: str, log: Path) -> float:
        """Return the seconds from the start to the first answer, or to the end if it gives none.

        :raises RuntimeError: if it fails; what it said stands in the log.
        """
        command = [str(self.python), "-m", self.module, *arguments]
        began = time.perf_counter()
        answered = None
        with log.open("a", encoding="utf-8") as said:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **QUIET},
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
            with process:
                for line in process.stdout:
                    if line.startswith(ANSWERED) and answered is None:
                        answered = time.perf_counter() - began
                    said.write(line)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}; see {log}")
        return time.perf_counter() - began if answered is None else answered


def keep_to_two_cores() -> Sequence[int]:
    """Bind this process, and so all that it starts, to the first two cores that it may use."""
    if not hasattr(os, "sched_setaffinity"):
        return []
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    os.sched_setaffinity(0, cores)
    return cores
