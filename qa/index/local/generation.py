"""An index folder on disk: immutable generations, and a manifest that names the current one.

A generation is written beside the old one and synced; then the manifest is swapped in one step. So a
build that dies at any moment leaves the old index whole. A reader holds a lease on its generation, which
is removed only when nobody reads it any more. ``docs/index-format.md`` shows the folder, file by file.

A segment holds a stretch of articles with their passages, vectors and words, and never changes. A new
generation takes over whole segments of the one before as hard links, which cost nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock

from qa.disk import sync, write_synced
from qa.errors import ArchiveError, IndexBusy, IndexDamaged, IndexMismatch, IndexMissing
from qa.index.disk import translating_disk_faults
from qa.index.engine import MANIFEST, no_index_at
from qa.index.local.fingerprints import FileFingerprint
from qa.index.local.leases import Lease, alone_with
from qa.index.local.ownership import claim, note_generation, own_generations, refuse_foreign, remove_shards
from qa.index.make import Make, check_kept
from qa.shipped import build_from_command
from qa.small_json import BrokenJson, read_object

LOCK = "build.lock"
PARTIAL = "partial"
FORMAT = 4  # raise it when an older program could no longer read what is written
OLDEST = 2  # still read; it knows no arrivals, and like 3 not which rule cut the passages
MOST_BYTES = 64 << 20  # of a manifest, which lists what was skipped
_PREFIX = "generation-"
_FILE = re.compile(r"(?:[A-Za-z0-9_-]+/){0,3}[A-Za-z0-9_-]+(?:\.[a-z]+)?")
_SEGMENT_PREFIX = "segment-"
# Up to this size opening verifies every byte (under 0.1 s); see guard.py for larger ones.
VERIFIED_AT_OPEN = 64 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(Make):
    """How the current generation was made, and what it is."""

    generation: str  # folder name
    built: str  # ISO 8601, UTC
    articles: int
    passages: int
    skipped: tuple[tuple[str, str], ...]  # where, why
    files: dict[str, FileFingerprint]  # by name within the generation folder
    format: int = FORMAT


def read_manifest(index: Path) -> Manifest:
    """Read the manifest of an index folder.

    :raises IndexMissing: if there is no index in the folder.
    :raises IndexDamaged: if the manifest is truncated or altered.
    :raises IndexMismatch: if a newer program wrote it.
    """
    path = index / MANIFEST
    try:
        outer = read_object(path, most_bytes=MOST_BYTES)
        body = outer["manifest"]
        if not isinstance(body, dict) or outer["sha256"] != _checksum(body):
            raise _damaged(path)
        format_ = body["format"]
        if type(format_) is not int:
            raise _damaged(path)
        if not OLDEST <= format_ <= FORMAT:
            raise IndexMismatch(
                f"the index has format {format_}, this program reads format {FORMAT}",
                where=path,
                cure="Update News QA." if format_ > FORMAT else "Build the index again.",
            )
        return _manifest_of(body)
    except (FileNotFoundError, NotADirectoryError):
        raise _missing(index) from None
    except OSError as fault:
        raise IndexDamaged(
            f"cannot be read ({fault.strerror})", where=path, cure="Check the disk."
        ) from fault
    except (BrokenJson, ValueError, KeyError, TypeError) as fault:
        raise _damaged(path) from fault


def _missing(index: Path) -> IndexMissing:
    try:
        refuse_foreign(index, lock=LOCK)
    except (ArchiveError, OSError):  # building here, as the cure would say, is what a build refuses
        what = "this folder holds other files, and no index" if index.is_dir() else "this file is no index"
        return IndexMissing(what, where=index, cure=build_from_command(index))
    return no_index_at(index)


def _manifest_of(body: Mapping[str, Any]) -> Manifest:
    """Read a manifest from its plain values.

    :raises ValueError: or KeyError or TypeError, if a value is missing or of the wrong kind.
    """
    kinds = {"str": str, "int": int}
    for field in fields(Manifest):
        wanted = kinds.get(str(field.type))
        if wanted is not None and field.name in body and type(body[field.name]) is not wanted:
            raise ValueError(f"{field.name} is {body[field.name]!r}")
    if not re.fullmatch(r"generation-[0-9A-Za-z-]+", body["generation"]):
        raise ValueError(f"no generation is called {body['generation']!r}")
    if datetime.fromisoformat(body["built"]).tzinfo is None:
        raise ValueError("its moment has no zone")
    if not isinstance(body["files"], dict):
        raise ValueError("its files are no object")
    files = {}
    for name, facts in body["files"].items():
        files[name] = FileFingerprint(**facts)
        if not _FILE.fullmatch(name) or type(files[name].bytes) is not int:
            raise ValueError(f"no file is called {name!r}")
    skipped = tuple((str(where), str(why)) for where, why in body["skipped"])
    check_kept(body)
    return Manifest(**{**body, "files": files, "skipped": skipped})


def hold_current(index: Path) -> tuple[Manifest, Lease]:
    """Return the current generation, and a lease that keeps it from being removed.

    :raises ArchiveError: if there is no whole index.
    """
    manifest = read_manifest(index)
    while True:
        try:
            return manifest, Lease.take(index / manifest.generation)
        except IndexDamaged:
            # A build may have swapped the manifest and removed this generation meanwhile.
            current = read_manifest(index)
            if current.generation == manifest.generation:
                raise
            manifest = current


@contextlib.contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the one writer's place of an index folder, which is made if need be.

    Leftovers of killed builds are removed first, all but their partial vectors.

    :raises IndexBusy: if another build holds it.
    :raises ArchiveError: if the folder cannot be written, or holds what is not ours.
    """
    with translating_disk_faults(index):
        claim(index, lock=LOCK)
        lock = filelock.FileLock(index / LOCK)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise IndexBusy(
                "another build is writing this index", where=index, cure="Wait until it ends, then try again."
            ) from None
    try:
        with translating_disk_faults(index):
            _remove_leftovers(index)
        yield
    finally:
        lock.release()


def new_generation(index: Path) -> Path:
    """Make an empty folder for the generation to be written."""
    folder = index / f"{_PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    note_generation(index, folder.name)  # a build that dies after this line is cleared away by the next
    folder.mkdir()
    return folder


def segment_folders(generation: Path) -> list[Path]:
    """Return the folders of a generation's segments, in the order in which rows and passages count."""
    return sorted(generation.glob(f"{_SEGMENT_PREFIX}*"))


def segment_folder(generation: Path, position: int) -> Path:
    """Return where the segment of this position belongs."""
    return generation / f"{_SEGMENT_PREFIX}{position:04d}"


def publish(index: Path, folder: Path, manifest: Manifest, known: Mapping[str, FileFingerprint]) -> Manifest:
    """Sync a finished generation, name it in the manifest and remove the one before.

    ``manifest.files`` and ``manifest.generation`` are filled in here. ``known`` are the facts of files
    that were taken over: hashed anew, a file damaged meanwhile would count as whole.
    """
    files = {}
    for path in (*sorted(folder.rglob("*")), folder):
        sync(path)
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            files[name] = known[name] if name in known else FileFingerprint.of(path)
    # What is taken over from an older format is written in this one.
    complete = replace(manifest, generation=folder.name, files=files, format=FORMAT)
    body = asdict(complete)
    write_synced(index / MANIFEST, json.dumps({"sha256": _checksum(body), "manifest": body}, indent=1))
    _remove_leftovers(index, partial=True)
    return complete


def _remove_leftovers(index: Path, *, partial: bool = False) -> None:
    """Delete our generations that are not the current one and nobody reads; the others go another time."""
    try:
        body = read_object(index / MANIFEST, most_bytes=MOST_BYTES)["manifest"]
        current = body["generation"] if isinstance(body, dict) else None
    except FileNotFoundError:
        current = None  # the first build was killed: nothing here was ever named
    except (OSError, BrokenJson, KeyError):
        # Nothing says which generation to keep, so keep all; publishing a new one clears them.
        return
    for folder in old_generations(index, current):
        with alone_with(folder) as unused:
            if unused:
                shutil.rmtree(folder, ignore_errors=True)
    if partial:
        remove_shards(index / PARTIAL)


def old_generations(index: Path, current: object) -> list[Path]:
    """Return the folders of our generations that are there beside the current one."""
    folders = [index / name for name in own_generations(index) if name != current]
    return [folder for folder in folders if folder.is_dir() and not folder.is_symlink()]


def _checksum(body: object) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _damaged(path: Path) -> IndexDamaged:
    return IndexDamaged("the manifest is damaged", where=path, cure="Build the index again.")
