"""An index's address -> proof that all of it is as it was written and that its parts fit together."""

from __future__ import annotations

from pathlib import Path

from qa.index.places import Whole, place_of


def check(index: str | Path) -> Whole:
    """Read the whole index; its counts if all is well.

    :raises IndexError_: at the first thing that is wrong, with its cure.
    """
    return place_of(index).check()
