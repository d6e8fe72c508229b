"""An index's address -> the backend that keeps it; and proof that an index is whole."""

from __future__ import annotations

from pathlib import Path

from qa.index.engine import Place, Whole
from qa.index.milvus.address import MilvusAddress


def place_of(index: str | Path) -> Place:
    """The place that this address names.

    :raises InputError: if it is a malformed address of Milvus.
    """
    if MilvusAddress.is_meant(str(index)):
        from qa.index.milvus.backend import MilvusPlace

        return MilvusPlace(MilvusAddress.parse(str(index)))
    from qa.index.local.backend import LocalPlace

    return LocalPlace(Path(index))


def check(index: str | Path) -> Whole:
    """Read the whole index; its counts if all is well.

    :raises IndexError_: at the first thing that is wrong, with its cure.
    """
    return place_of(index).check()
