"""Articles in files and feeds -> an index that holds them, wherever it is kept."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from qa import checks
from qa.errors import InputError
from qa.index.backends import backend_of
from qa.index.engine import BuildJob, Gathered, Listener, ignore_progress
from qa.index.shards import Shard
from qa.ingest.articles import read_articles
from qa.ingest.ledger import Ledger
from qa.ingest.sources import Source
from qa.ingest.versions import named
from qa.maintain.edited import KnownFiles, articles_of, recognised
from qa.models.embedder import Embedder, SentenceEmbedder
from qa.passages import content_id
from qa.records import Article
from qa.reports import BuildReport, Progress, Skipped
from qa.settings import IndexSettings
from qa.shipped import COMMAND


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

    Unchanged articles are not embedded again. With ``add`` the articles that the index holds stay; if an id
    comes in with another text, the old text stays as its earlier version. The old state answers until the new
    one is complete, and stays if anything goes wrong. Followed questions are not asked again; call
    ``qa.open(index).ask_followed()`` afterwards.

    :param mapping: our field name -> the data's column or key, where it is not recognised.
    :param as_of: the moment from which ages ("3 days ago") count; default each file's own.
    :param shard: write this part of the articles only; other machines write the others.
    :param allow_private: also fetch feeds on this machine and in its network.
    :raises InputError: if an input is missing, or nothing in the inputs is an article.
    :raises IndexBusy: if another build is writing this index.
    :raises ArchiveError: if the index cannot be written; with ``add``, also if it is damaged.
    :raises ModelError: if the embedder cannot be loaded.
    """
    started = time.monotonic()
    inputs = list(checks.several("inputs", inputs))
    for one in inputs:
        if not isinstance(one, Source):
            checks.place("inputs", one)
    if mapping is not None:
        checks.part("mapping", mapping, "a mapping of fields to columns or None", "items", "keys")
    checks.optional("as_of", as_of, datetime, "a datetime")
    checks.flag("add", add)
    checks.optional("shard", shard, Shard, "a Shard")
    checks.flag("allow_private", allow_private)
    checks.optional("settings", settings, IndexSettings, "an IndexSettings")
    if embedder is not None:
        checks.part("embedder", embedder, "an embedder or None", "embed_passages", "token_offsets", "name")
    checks.function("progress", progress)
    backend = backend_of(index)
    backend.prepare(shard)
    chosen = settings if settings is not None else IndexSettings()
    listener = progress if progress is not None else ignore_progress
    known, ledger = KnownFiles.read(index) if add else KnownFiles(), Ledger()
    gathered = gather(inputs, mapping, as_of, listener, allow_private=allow_private, ledger=ledger)
    places, articles = ledger.files(), gathered.articles
    if known.files:
        gathered = replace(gathered, articles=recognised(articles, places, known, articles_of(index)))
    names = {old.id: new.id for old, new in zip(articles, gathered.articles, strict=True)}
    if embedder is None:
        # Half a minute when the model is converted for the first time; nobody should wonder.
        listener(Progress("loading the embedder", 0, 1, "model"))
        embedder = SentenceEmbedder.load(chosen.embedder)
        listener(Progress("loading the embedder", 1, 1, "model"))
    report = backend.build(BuildJob(gathered, add, shard, chosen, embedder, listener, started))
    if (now := known.after(names, places)) != known or not add:
        now.write(index)
    return report


def gather(
    inputs: Sequence[str | Path | Source],
    mapping: Mapping[str, str] | None,
    as_of: datetime | None,
    listener: Listener,
    *,
    allow_private: bool = False,
    ledger: Ledger | None = None,
) -> Gathered:
    """Read all inputs.

    :raises InputError: if an input is missing, or nothing in the inputs is an article.
    """
    by_id: dict[str, Article] = {}
    contents: set[str] = set()
    skipped: list[Skipped] = []
    duplicates = 0
    found = ledger if ledger is not None else Ledger()
    for item in read_articles(
        inputs, mapping=mapping, as_of=as_of, allow_private=allow_private, ledger=found
    ):
        if isinstance(item, Skipped):
            skipped.append(item)
            continue
        content = content_id(item.title, item.text, item.source)
        if content in contents:
            duplicates += 1  # also where the data gives the repeat an id of its own
            continue
        contents.add(content)
        by_id[item.id] = item  # read_articles lets no two contents share an id
        listener(Progress("reading", len(by_id), 0, "articles"))
    if not by_id:
        raise _nothing(skipped)
    return Gathered(named(list(by_id.values())), skipped, duplicates, found.notes())


def _nothing(skipped: Sequence[Skipped]) -> InputError:
    if not skipped:
        return InputError(
            "there is no article in the input", cure="Name files, folders or feeds with articles."
        )
    first = skipped[0]
    more = f" ({len(skipped) - 1} more inputs were skipped)" if len(skipped) > 1 else ""
    return InputError(
        f"there is no article in the input: {first.why}{more}",
        where=first.where,
        cure=f"See {COMMAND} build --help for the formats.",
    )
