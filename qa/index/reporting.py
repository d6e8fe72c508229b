"""What an index held and what it holds now -> the report of a build; the same for every engine."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from qa.index.engine import BuildJob
from qa.ingest.versions import plain_id
from qa.reports import BuildReport, Skipped


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an index holds after a build."""

    ids: Collection[str]
    passages: int
    groups: Iterable[Hashable]  # of near-duplicates: that of each article


def report_of(
    job: BuildJob,
    now: Holdings,
    *,
    before: Mapping[str, Hashable],
    came_in: Iterable[tuple[str, Hashable]],
    embedded: int,
    skipped: Iterable[Skipped],
) -> BuildReport:
    """Report a build.

    ``before`` has the digest of every article that the index held, by id; ``came_in`` has id and digest
    of what this build was to write. An article counts as added if its digest is new to its id.
    """
    sizes = Counter(now.groups)
    ids = set(now.ids)
    return BuildReport(
        articles=len(ids),
        passages=now.passages,
        embedded=embedded,
        # An earlier version that is kept under another name is nothing new.
        added=sum(digest not in (before.get(id_), before.get(plain_id(id_))) for id_, digest in came_in),
        removed=sum(id_ not in ids and job.is_mine(id_) for id_ in before),
        duplicates=job.gathered.duplicates,
        near_duplicates=sum(size for size in sizes.values() if size > 1),
        skipped=tuple(skipped),
        seconds=time.monotonic() - job.started,
        notes=job.gathered.notes,
    )
