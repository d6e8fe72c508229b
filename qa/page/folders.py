"""Names that people type -> folders of archives and articles; none leads out of where it may."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from qa.errors import InputError
from qa.index.backends import indexes_in

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?")
# Windows keeps these for devices, in every folder.
_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
_CURE = "Use up to 40 letters, digits, - and _."


def index_named(name: str, root: Path) -> Path:
    """Return ``root/name``."""
    name = name.strip()
    if not _NAME.fullmatch(name) or _DEVICES.fullmatch(name):
        raise InputError(f"{name[:60]!r} cannot be the name of an archive", cure=_CURE)
    index = root / name
    if index.resolve().parent != root.resolve():
        raise InputError(f"{name!r} leads out of the folder of the archives", cure="Use another name.")
    return index


def new_index(name: str, root: Path) -> Path:
    """Return the folder of an archive that is still to be built."""
    if not name.strip():
        raise InputError("the new archive has no name", cure=_CURE)
    index = index_named(name, root)
    if index.exists():
        raise InputError(
            f"there is an archive {index.name!r} already", cure="Choose it above, or another name."
        )
    return index


def archives(root: Path) -> list[str]:
    """Return the names of the archives in a folder, by the alphabet."""
    return [name for name in indexes_in(root) if _NAME.fullmatch(name)] if root.is_dir() else []


def folder_within(named: str, allowed: tuple[Path, ...]) -> Path:
    """Return a folder or file of this machine that the page may read."""
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # no path, or the home of nobody
        path = Path(named.strip()).expanduser().resolve()
        if any(path.is_relative_to(folder.expanduser().resolve()) for folder in allowed):
            return path
    known = ", ".join(str(folder.expanduser().resolve()) for folder in allowed)
    raise InputError(
        "this folder is not among those that the page may read",
        where=named.strip(),
        cure=f"Check how it is written: the page reads {known}, and what is in there. "
        "To let it read another folder, start it with QA_FOLDERS naming that one; or upload the files.",
    )
