"""An index's address -> the backend that keeps it; and proof that an index is whole."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

from qa import checks
from qa.errors import InputError
from qa.index.engine import MANIFEST, Backend, CheckedIndex, is_storable
from qa.index.milvus.address import MilvusAddress


def backend_of(index: str | Path) -> Backend:
    """Return the place that this address names.

    :raises InputError: if it is a malformed address of Milvus, or no path that all libraries can open.
    """
    _refuse_unspeakable(str(checks.place("index", index)))
    if MilvusAddress.is_meant(str(index)):
        from qa.index.milvus.backend import MilvusBackend

        return MilvusBackend(MilvusAddress.parse(str(index)))
    from qa.index.local.backend import LocalBackend

    return LocalBackend(Path(index))


def _refuse_unspeakable(index: str) -> None:
    if "\0" in index or not is_storable(index):
        raise InputError(
            "the path of the index has a null or bytes that are no UTF-8 text",
            where=index,
            cure="Name it otherwise: --index PATH",
        )


def indexes_in(home: Path) -> list[str]:
    """Return the names of the index folders in a folder, by the alphabet."""
    return sorted(manifest.parent.name for manifest in home.glob(f"*/{MANIFEST}"))


def side_file(index: str | Path, name: str) -> Path:
    """Return where a user's own file about an index is: with it or, for one on a server, on this machine."""
    places = backend_of(index).side_files(name)
    if places:
        return places[0]
    known = hashlib.sha256(str(index).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return platformdirs.user_data_path("news-qa") / f"index-{known}" / name


def check(index: str | Path) -> CheckedIndex:
    """Read the whole index; its counts if all is well.

    :raises ArchiveError: at the first thing that is wrong, with its cure.
    """
    return backend_of(index).check()
