"""A change to a generation -> the next generation: what stays is linked, what is new or shrunk is written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from qa.index.engine import Listener
from qa.index.local import merge_policy
from qa.index.local.checksums import CHECKSUMS
from qa.index.local.fingerprints import FileFingerprint
from qa.index.local.generation import Manifest, new_generation, publish, segment_folder, segment_folders
from qa.index.local.merge_policy import Size, needs_no_rewrite, runs_to_merge
from qa.index.local.previous import Previous
from qa.index.local.segments import Fresh, Segment, complete_checksums, write_segment
from qa.index.local.store import Store
from qa.index.local.tables import write_rows
from qa.index.local.vectors import EXACT_UP_TO, write_cells
from qa.ingest.copies import link
from qa.ingest.versions import plain_id, version_pairs
from qa.reports import Progress


@dataclass(frozen=True, slots=True)
class _Plan:
    """A piece of the generation to come: an old segment with the rows that are kept, or fresh articles."""

    size: Size
    origin: np.ndarray  # by row of the piece: its row in the generation before, -1 if it is fresh
    kept: np.ndarray  # boolean, by row of the piece
    segment: Segment | None = None
    fresh: Fresh | None = None


def write_generation(
    index: Path,
    before: Previous | None,
    kept: np.ndarray,
    fresh: Fresh | None,
    make: Manifest,
    listener: Listener,
    *,
    purge: bool = False,
) -> tuple[Manifest, Store]:
    """Write and publish what comes after ``before``: its rows that are kept (boolean), and fresh articles.

    Of ``make`` only how articles were cut and embedded and what was skipped counts; the rest is
    filled in. The caller holds the writer's place.

    :param purge: rewrite every segment that holds a deleted article, so that nothing of it is left.

    :raises OSError: if the disk is full or the folder cannot be written.
    :raises IndexDamaged: if what was there could not be read to its end; nothing is published then.
    """
    plans = [*_old(before, kept), *_fresh(fresh)]
    sizes = [plan.size for plan in plans]
    passages = sum(size.alive for size in sizes)
    folder = new_generation(index)
    known: dict[str, FileFingerprint] = {}
    alive, origin = [], []
    written = 0
    listener(Progress("writing", 0, passages, "passages"))
    for position, run in enumerate(runs_to_merge(sizes)):
        target = segment_folder(folder, position)
        pieces = [plans[at] for at in run if plans[at].size.alive]
        if needs_no_rewrite(sizes, run) and not (purge and not pieces[0].kept.all()):
            unchanged = pieces[0].segment
            assert unchanged is not None and before is not None  # only what was there needs no rewriting
            known |= _take_over(unchanged.folder, target, before.manifest)
            alive.append(pieces[0].kept)
            origin.append(pieces[0].origin)
        else:
            old = [(piece.segment, piece.kept) for piece in pieces if piece.segment is not None]
            new = [piece.fresh for piece in pieces if piece.fresh is not None]
            write_segment(target, old, new[0] if new else None)
            origin += [piece.origin[piece.kept] for piece in pieces]
            alive += [np.ones(len(piece.origin[piece.kept]), dtype=bool) for piece in pieces]
        written += sum(piece.size.alive for piece in pieces)
        listener(Progress("writing", written, passages, "passages"))
    for segment in segment_folders(folder):
        if passages > EXACT_UP_TO:
            write_cells(segment)
        if complete_checksums(segment):
            known.pop(f"{segment.name}/{CHECKSUMS}", None)
    store = _linked(folder, np.concatenate(alive), np.concatenate(origin), before, kept, listener)
    complete = replace(
        make,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        articles=len(store),
        passages=store.passages,
    )
    if before is not None:
        before.guard.look_at_losses()
    return publish(index, folder, complete, known), store


def _old(before: Previous | None, kept: np.ndarray) -> Iterator[_Plan]:
    first = 0
    for segment in before.segments if before is not None else ():
        rows = np.arange(first, first + len(segment))
        alive = int(np.count_nonzero(segment.passages_of(kept[rows])))
        yield _Plan(Size(alive, len(segment.passages) - alive), rows, kept[rows], segment=segment)
        first += len(segment)


def _fresh(fresh: Fresh | None) -> Iterator[_Plan]:
    """Yield the fresh articles in pieces of up to the largest size."""
    first = 0
    while fresh is not None and first < len(fresh.incoming):
        passages = np.cumsum([len(spans) for spans in fresh.spans[first:]])
        many = max(1, int(np.searchsorted(passages, merge_policy.LARGEST, side="right")))
        part = fresh.part(first, first + many)
        rows = np.full(many, -1, dtype=np.int64)
        yield _Plan(Size(len(part.vectors), written=False), rows, rows < 0, fresh=part)
        first += many


def _take_over(source: Path, target: Path, manifest: Manifest) -> dict[str, FileFingerprint]:
    """Link the files of a segment, which are never changed, into a new generation; their known facts."""
    target.mkdir()
    known = {}
    for name, facts in manifest.files.items():
        folder, _, file = name.rpartition("/")
        if folder == source.name:
            _link(source / file, target / file)
            known[f"{target.name}/{file}"] = facts
    return known


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Some file systems (FAT, some network shares) know no hard links.
        shutil.copy2(source, target)


def _linked(
    folder: Path,
    alive: np.ndarray,
    origin: np.ndarray,
    before: Previous | None,
    kept: np.ndarray,
    listener: Listener,
) -> Store:
    """Find the near-duplicates of the new generation, and write them down with the rows that are alive."""
    bare = Store.open(folder, without_rows=True)
    rows = np.flatnonzero(alive)
    settled = _settled(before, kept, origin[rows])
    ids, addresses = (
        bare.ids(rows),
        [url for url, lives in zip(bare.column("url"), alive, strict=True) if lives],
    )
    versions = version_pairs(ids, addresses, lambda at: bare.article(int(rows[at])), settled < 0)
    labels = link(
        bare.sketches()[rows],
        lambda at: bare.text(int(rows[at])),
        settled=settled,
        versions=versions,
        progress=listener,
    )
    duplicate_of = np.arange(len(alive))
    duplicate_of[rows] = rows[labels]
    write_rows(folder, alive=alive, duplicate_of=duplicate_of, arrived=_arrived(before, bare, origin))
    return Store.open(folder)


def _arrived(before: Previous | None, bare: Store, origin: np.ndarray) -> np.ndarray:
    """Return when each row's article first came in, by its id, however it changed since; else now."""
    arrived = np.full(len(origin), datetime.now(UTC).replace(tzinfo=None), "datetime64[us]")
    if before is None:
        return arrived
    earlier = origin.copy()
    fresh = np.flatnonzero(origin < 0)
    earlier[fresh] = before.store.places_of([plain_id(name) for name in bare.ids(fresh)])
    known = earlier >= 0
    arrived[known] = before.store.arrived()[earlier[known]]
    return arrived


def _settled(before: Previous | None, kept: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """Return where each row's group of near-duplicates begins now ``(n,)``; -1 if the group lost a member.

    Rows of fresh articles have no group yet: -1, too.
    """
    settled = np.full(len(origin), -1, dtype=np.int64)
    if before is None or not kept.any():
        return settled
    groups = before.store.duplicate_groups()
    lost = np.unique(groups[before.store.alive & ~kept])
    place = np.full(len(kept), -1, dtype=np.int64)
    old = origin >= 0
    place[origin[old]] = np.flatnonzero(old)
    # The origin of a fresh row is -1, which here reads the group of the last row; ``old`` excludes such rows.
    whole = old & ~np.isin(groups[origin], lost)
    settled[whole] = place[groups[origin[whole]]]
    return settled
