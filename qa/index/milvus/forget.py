"""A selection of articles -> an index in Milvus without them; they go one by one, in place."""

from __future__ import annotations

import time

import numpy as np

from qa.errors import InputError
from qa.index.engine import Selection
from qa.index.milvus.catalogue import Catalogue
from qa.index.milvus.collection import CollectionPair
from qa.index.milvus.metadata import State
from qa.records import ForgetReport, Forgotten

_READ_TOGETHER = 500  # articles, for their titles


def forget_in_milvus(
    collections: CollectionPair, state: State, selection: Selection, *, dry_run: bool
) -> ForgetReport:
    """Delete the selected articles; run again after a kill, it deletes what is left of them.

    :raises InputError: if no article would be left.
    """
    started = time.monotonic()
    catalogue = Catalogue(collections.catalogue())
    selected = catalogue.passing(selection.condition)
    if selection.ids:
        selected &= np.array([entry.id in selection.ids for entry in catalogue.entries], dtype=bool)
    going = [catalogue.entries[row] for row in np.flatnonzero(selected)]
    left = [catalogue.entries[row] for row in np.flatnonzero(~selected)]
    if not left:
        raise InputError(
            f"all {len(catalogue):,} articles would be forgotten, and an index cannot be empty",
            where=collections.milvus.address.written,
            cure="Choose fewer.",
        )
    keys = [entry.key for entry in going]
    forgotten: list[Forgotten] = []
    for first in range(0, len(keys), _READ_TOGETHER):
        articles = collections.articles(keys[first : first + _READ_TOGETHER])
        forgotten += [Forgotten(a.id, a.title, a.source, a.published) for a in articles.values()]
    if keys and not dry_run:
        collections.remove(keys)
        collections.finish(state.skipped)
    known = {entry.id for entry in catalogue.entries}
    return ForgetReport(
        forgotten=tuple(forgotten),
        unknown=tuple(id_ for id_ in selection.ids if id_ not in known),
        articles=len(left),
        passages=sum(entry.passages for entry in left),
        dry_run=dry_run,
        seconds=time.monotonic() - started,
    )
