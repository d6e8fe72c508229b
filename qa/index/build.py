"""Articles in files and feeds -> an index that holds them, wherever it is kept."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from qa.index.embedding import Embedder, SentenceEmbedder
from qa.index.gather import gather
from qa.index.listening import Listener, silent
from qa.index.places import Job, place_of
from qa.index.shards import Shard
from qa.ingest.sources import Source
from qa.records import BuildReport, Progress
from qa.settings import IndexSettings


def build(
    inputs: Sequence[str | Path | Source],
    index: str | Path,
    *,
    mapping: Mapping[str, str] | None = None,
    as_of: datetime | None = None,
    add: bool = False,
    shard: Shard | None = None,
    allow_private: bool = False,
    settings: IndexSettings | None = None,
    embedder: Embedder | None = None,
    progress: Listener | None = None,
) -> BuildReport:
    """Build or update an index from files, folders, feeds or ``-``; it then holds just these articles.

    Articles that the index holds unchanged are not embedded again. With ``add`` the articles that
    it holds stay, except those whose id comes in anew. The old state answers until the new one is
    complete, and stays if anything goes wrong.

    :param mapping: our field name -> the data's column or key, where it is not recognised.
    :param as_of: the moment to which relative ages ("3 days ago") relate; default each file's own.
    :param shard: write this part of the articles only; other machines write the others.
    :param allow_private: also fetch feeds on this machine and in its network.
    :raises InputError: if an input is missing, or nothing in the inputs is an article.
    :raises IndexBusy: if another build is writing this index.
    :raises IndexError_: if the index cannot be written; with ``add``, also if the index that is to
        be kept is damaged.
    :raises ModelError: if the embedder cannot be loaded.
    """
    started = time.monotonic()
    place = place_of(index)
    place.prepare(shard)
    chosen = settings if settings is not None else IndexSettings()
    listener = progress if progress is not None else silent
    gathered = gather(inputs, mapping, as_of, listener, allow_private=allow_private)
    if embedder is None:
        # Half a minute when the model is converted for the first time; nobody should wonder.
        listener(Progress("loading the embedder", 0, 1, "model"))
        embedder = SentenceEmbedder.load(chosen.embedder)
        listener(Progress("loading the embedder", 1, 1, "model"))
    return place.build(Job(gathered, add, shard, chosen, embedder, listener, started))
