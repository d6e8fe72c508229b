"""A selection of articles -> an index in Milvus without them; they go one by one, in place."""

from __future__ import annotations

import time

import numpy as np

from qa.errors import InputError
from qa.index.engine import Selection
from qa.index.milvus.catalogue import Catalogue
from qa.index.milvus.collection import Shelf
from qa.index.milvus.metadata import State
from qa.records import ForgetReport, Forgotten

_READ_TOGETHER = 500  # articles, for their titles


def forget_on_shelf(shelf: Shelf, state: State, selection: Selection, *, dry_run: bool) -> ForgetReport:
    """Delete the selected articles; run again after a kill, it deletes what is left of them.

    :raises InputError: if no article would be left.
    """
    started = time.monotonic()
    catalogue = Catalogue(shelf.catalogue())
    selected = catalogue.passing(selection.condition)
    if selection.ids:
        selected &= np.array([facts.id in selection.ids for facts in catalogue.facts], dtype=bool)
    going = [catalogue.facts[row] for row in np.flatnonzero(selected)]
    left = [catalogue.facts[row] for row in np.flatnonzero(~selected)]
    if not left:
        raise InputError(
            f"all {len(catalogue):,} articles would be forgotten, and an index cannot be empty",
            where=shelf.milvus.address.written,
            cure="Choose fewer.",
        )
    keys = [facts.key for facts in going]
    forgotten: list[Forgotten] = []
    for first in range(0, len(keys), _READ_TOGETHER):
        articles = shelf.articles(keys[first : first + _READ_TOGETHER])
        forgotten += [Forgotten(a.id, a.title, a.source, a.published) for a in articles.values()]
    if keys and not dry_run:
        shelf.remove(keys)
        shelf.finish(state.skipped)
    known = {facts.id for facts in catalogue.facts}
    return ForgetReport(
        forgotten=tuple(forgotten),
        unknown=tuple(id_ for id_ in selection.ids if id_ not in known),
        articles=len(left),
        passages=sum(facts.passages for facts in left),
        dry_run=dry_run,
        seconds=time.monotonic() - started,
    )
