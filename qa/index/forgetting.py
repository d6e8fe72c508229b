"""A Selection and what an index holds -> which articles go, and the report; the same for every engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.errors import InputError
from qa.index.browse import Contents
from qa.index.engine import Selection
from qa.ingest.versions import plain_id
from qa.records import Filter
from qa.reports import ForgetReport, Forgotten


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The articles that a selection means in one state of an index."""

    contents: Contents
    selection: Selection
    alive: np.ndarray  # boolean, by row
    selected: np.ndarray  # boolean, by row; some of the alive ones

    @classmethod
    def of(cls, contents: Contents, selection: Selection, *, where: str | Path) -> Chosen:
        """Find which articles a selection means.

        :raises InputError: if no article would be left.
        """
        alive = contents.passing(Filter())
        selected = contents.passing(selection.condition)
        if selection.ids:
            named = contents.rows_of(selection.ids)
            selected = selected & (named | _earlier_versions(contents, named, selection.ids))
        if selected.sum() == alive.sum():
            raise InputError(
                f"all {int(alive.sum()):,} articles would be forgotten, and an index cannot be empty",
                where=where,
                cure="Choose fewer, or delete the index.",
            )
        return cls(contents, selection, alive, selected)

    @property
    def going(self) -> np.ndarray:
        """The rows of what goes."""
        return np.flatnonzero(self.selected)

    @property
    def alike(self) -> np.ndarray:
        """The rows of what stays and is a near-duplicate of something that goes."""
        groups = self.contents.duplicate_groups()
        return np.flatnonzero(self.alive & ~self.selected & np.isin(groups, groups[self.selected]))

    def report(
        self,
        *,
        forgotten: tuple[Forgotten, ...],
        near_duplicates: tuple[Forgotten, ...],
        elsewhere: tuple[str, ...],
        dry_run: bool,
        started: float,
    ) -> ForgetReport:
        """Report what was or would be deleted; ``started`` by ``time.monotonic()``."""
        ids = self.selection.ids
        known = set(map(plain_id, self.contents.ids(self.going)))
        known |= set(self.contents.ids(np.flatnonzero(self.contents.rows_of(ids))))
        left = self.alive & ~self.selected
        return ForgetReport(
            forgotten=forgotten,
            unknown=tuple(id_ for id_ in ids if id_ not in known),
            articles=int(left.sum()),
            passages=int(self.contents.passage_counts()[left].sum()),
            dry_run=dry_run,
            seconds=time.monotonic() - started,
            near_duplicates=near_duplicates,
            elsewhere=elsewhere,
        )


def _earlier_versions(contents: Contents, named: np.ndarray, ids: Sequence[str]) -> np.ndarray:
    """Return earlier versions of the named articles, boolean by row; also of those that are gone."""
    groups = contents.duplicate_groups()
    rows = np.arange(len(named))
    there = set(contents.ids(rows[named]))
    near = np.isin(groups, groups[named])
    earlier = [
        plain in ids and (bool(near[row]) or plain not in there)
        for row, plain in enumerate(map(plain_id, contents.ids(rows)))
    ]
    found: np.ndarray = np.array(earlier, dtype=bool) & ~named
    return found
