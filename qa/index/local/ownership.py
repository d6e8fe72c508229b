"""Index folder -> whether it is ours to write in, and which of the names in it a build may remove.

A marker is written before anything else, so that a build that dies at once can be taken up again. It
names each generation before that is made. A folder without a marker is only written in if it is empty
or holds an index of an older program; whatever else lies in a folder is never touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path

from qa.disk import write_synced
from qa.errors import ArchiveError
from qa.index.engine import MANIFEST
from qa.small_json import BrokenJson, read_object

MARKER = "news-qa.json"
GENERATION = re.compile(r"generation-[0-9]{8}T[0-9]{6}-[0-9a-f]{6}")
_MOST_MANIFEST_BYTES = 64 << 20
_IN_A_GENERATION = re.compile(r"rows\.arrow|segment-[0-9]{4}")
_SHARD = re.compile(r"[0-9a-f]{32}\.(?:npy|tmp)")
# What systems put into a folder that nobody has used yet.
_NOTHING = frozenset({"lost+found", ".DS_Store", "Thumbs.db", "desktop.ini"})


def refuse_foreign(index: Path, *, lock: str) -> None:
    """Look whether a build may write here; nothing is written. ``lock``: the name of the lock file.

    :raises ArchiveError: if the folder holds what is not ours.
    :raises OSError: if it cannot be read.
    """
    if not index.exists() or (index / MARKER).exists():
        return
    if not index.is_dir():
        raise ArchiveError(
            "this is a file, and an index is a folder", where=index, cure="Choose a new folder: --index PATH"
        )
    names = sorted({path.name for path in index.iterdir()} - _NOTHING - {lock})
    if names and not _is_older_index(index):
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
        raise ArchiveError(
            f"the folder holds other things ({shown}), and no index that could be built anew",
            where=index,
            cure="Choose an empty or a new folder: --index PATH",
        )


def claim(index: Path, *, lock: str) -> None:
    """Make the folder, if need be, and mark it as ours.

    :raises ArchiveError: if it holds what is not ours.
    :raises OSError: if it cannot be written.
    """
    refuse_foreign(index, lock=lock)
    index.mkdir(parents=True, exist_ok=True)
    if (index / MARKER).exists():
        return
    inherited = [folder.name for folder in index.iterdir() if _is_generation(folder)]
    with contextlib.suppress(FileExistsError), (index / MARKER).open("x", encoding="utf-8") as stream:
        stream.write(_content(inherited))
        stream.flush()
        os.fsync(stream.fileno())


def own_generations(index: Path) -> list[str]:
    """Return the generations that the marker names; they need not be there any more."""
    try:
        named = read_object(index / MARKER).get("generations")
    except (OSError, BrokenJson):
        return []  # then what lies here is left where it is
    names = named if isinstance(named, list) else []
    return [name for name in names if isinstance(name, str) and GENERATION.fullmatch(name)]


def note_generation(index: Path, name: str) -> None:
    """Write down that a generation will be made, and forget those that are gone.

    :raises OSError: if it cannot be written.
    """
    kept = [known for known in own_generations(index) if (index / known).is_dir()]
    write_synced(index / MARKER, _content([*kept, name]))


def remove_shards(folder: Path) -> None:
    """Remove the vectors of a build under way, and the folder if nothing else lies in it."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in folder.iterdir():
        if _SHARD.fullmatch(path.name):
            path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # somebody else's things are in it
        folder.rmdir()


def _content(generations: list[str]) -> str:
    what = "This folder is an index of News QA. Builds write here, and remove the generations named below."
    return json.dumps({"what": what, "generations": generations}, indent=1) + "\n"


def _is_older_index(index: Path) -> bool:
    """Return whether a program from before the marker has built here: by its manifest, or by a generation."""
    if any(_is_generation(folder) for folder in index.iterdir()):
        return True
    try:
        outer = read_object(index / MANIFEST, most_bytes=_MOST_MANIFEST_BYTES)
    except (OSError, BrokenJson):
        return False
    body = outer.get("manifest")
    return "sha256" in outer and isinstance(body, dict) and "embedder_sha256" in body


def _is_generation(folder: Path) -> bool:
    """Return whether the name is one of ours, and nothing in it is not."""
    if not GENERATION.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
        return False
    return all(_IN_A_GENERATION.fullmatch(path.name) for path in folder.iterdir())
