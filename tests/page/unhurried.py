"""The page with a reader that takes its time, so that a browser surely sees what comes before the answer."""

import runpy
import time
from collections.abc import Sequence
from pathlib import Path

from qa.read.candidate import Candidate
from qa.read.reader import Asked, ExtractiveReader

SECONDS = 1.5  # a browser that is busy draws several changes at once if they come close together


def read_many(self: ExtractiveReader, asked: Sequence[Asked]) -> list[list[Candidate]]:
    time.sleep(SECONDS)
    return at_once(self, asked)


# Streamlit runs this file again for every click, but the class stays the same in the process.
at_once = getattr(ExtractiveReader.read_many, "at_once", ExtractiveReader.read_many)
read_many.at_once = at_once  # type: ignore[attr-defined]
ExtractiveReader.read_many = read_many  # type: ignore[method-assign]
runpy.run_path(str(Path(__file__).parents[2] / "app.py"), run_name="__main__")
