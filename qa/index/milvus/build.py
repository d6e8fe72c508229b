"""Articles -> an index in Milvus that holds them.

A whole build fills a new pair of collections, then moves the index's alias to them in one step. The old
state stays until the next whole build, so that its readers can finish. A killed build is taken up again
by the same command.

``--add`` and ``--shard`` change the present state article by article: a new version is written before the
old one is deleted. Many machines can each write a shard. Every step may run again without harm. Two whole
builds of one index at the same time spoil each other: Milvus has no lock that ends with its holder.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.errors import IndexBusy, IndexDamaged, IndexMismatch
from qa.index.cutting import TOGETHER
from qa.index.engine import BuildJob, Gathered
from qa.index.forgotten import ForgottenList
from qa.index.make import Make
from qa.index.milvus.client import Milvus
from qa.index.milvus.collection import CollectionPair, current_state, drop, forgotten_in, names_of_states
from qa.index.milvus.near_duplicates import groups_of, groups_with
from qa.index.milvus.passage_writer import PassageWriter
from qa.index.milvus.rows import CatalogueEntry, entry_of, key_of
from qa.index.reporting import Holdings, report_of
from qa.ingest.versions import with_earlier
from qa.passages import content, digest
from qa.records import Article
from qa.reports import BuildReport, Progress, Skipped

_LOG = logging.getLogger(__name__)


def build_in_milvus(milvus: Milvus, job: BuildJob) -> BuildReport:
    """Write the index.

    :raises IndexMismatch: if another embedder made the index that is to be added to.
    :raises IndexDamaged: if the index that is to be added to is damaged.
    :raises ArchiveError: if the server goes away for too long.
    """
    make = Make.of(job.embedder, job.settings)
    in_place = job.add or job.shard is not None
    present = _present(milvus, must_be_whole=in_place)
    forgotten = _forgotten(milvus, present)
    job = replace(job, gathered=forgotten.leave_out(job.gathered, where=milvus.address.written))
    if in_place:
        target = present if present is not None else _claimed(milvus, make)
        _check_same_make(target, make)
        if job.add:
            job = replace(job, gathered=_with_earlier_versions(job.gathered, target))
        return _Build(job, target, target).run()
    target = _unfinished(milvus, make, present)
    if forgotten.traces:
        target.remember_forgotten(forgotten)
    report = _Build(job, target, present).run()
    milvus.point(target.name)
    return report


def _present(milvus: Milvus, *, must_be_whole: bool) -> CollectionPair | None:
    """Return what the index's name stands for now; None if there is nothing to take over."""
    name = current_state(milvus)
    if name is None:
        return None
    try:
        return CollectionPair.open(milvus, name)
    except (IndexDamaged, IndexMismatch):
        if must_be_whole:
            raise
        return None  # building anew is the cure


def _forgotten(milvus: Milvus, present: CollectionPair | None) -> ForgottenList:
    """Return what must be left out; log it where a damaged index cannot say."""
    if present is not None:
        return present.forgotten()
    name = current_state(milvus)
    forgotten = ForgottenList() if name is None else forgotten_in(milvus, name)
    if forgotten is None:
        _LOG.warning(
            "%s: the index is damaged and built anew; what was forgotten in it is not known any more, "
            "so forget it again",
            milvus.address.written,
        )
        return ForgottenList()
    return forgotten


def _claimed(milvus: Milvus, make: Make) -> CollectionPair:
    """Make a first state, in use from the start; return another machine's if that was faster."""
    created = CollectionPair.create(milvus, make)
    if milvus.claim(created.name):
        return created
    created.drop()
    faster = current_state(milvus)
    if faster is None:
        raise IndexBusy(
            "another build holds this index", where=milvus.address.written, cure="Run the same command again."
        )
    return CollectionPair.open(milvus, faster)


def _unfinished(milvus: Milvus, make: Make, present: CollectionPair | None) -> CollectionPair:
    """Return the state that a killed build was about to write, else a new one; all older ones go."""
    found = None
    for name in names_of_states(milvus):
        if present is not None and name == present.name:
            continue
        goes_on = None
        with contextlib.suppress(IndexDamaged, IndexMismatch):  # killed while it was made
            collections = CollectionPair.open(milvus, name)
            if found is None and collections.make == make and collections.state() is None:
                goes_on = collections
        if goes_on is None:
            drop(milvus, name)
        else:
            found = goes_on
    return found if found is not None else CollectionPair.create(milvus, make)


def _with_earlier_versions(gathered: Gathered, target: CollectionPair) -> Gathered:
    """Return what comes in, with earlier versions of what it takes the place of."""
    articles = with_earlier(
        gathered.articles,
        target.changed,
        lambda: [entry.id for entry in target.catalogue()],
    )
    return replace(gathered, articles=articles)


def _check_same_make(target: CollectionPair, make: Make) -> None:
    difference = target.make.differs_from(make)
    if difference is not None:
        raise IndexMismatch(
            difference,
            where=target.milvus.address.written,
            cure="Build as it was built, or build the whole index anew, without --add and --shard.",
        )


@dataclass(frozen=True, slots=True)
class _Build:
    """One build under way: what it is to do, where it writes and what it can take over."""

    job: BuildJob
    target: CollectionPair
    present: CollectionPair | None

    def run(self) -> BuildReport:
        job = self.job
        before = [] if self.present is None else self.present.catalogue()
        in_target = {f.key: f for f in (before if self.target is self.present else self.target.catalogue())}
        mine = {key_of(article): article for article in job.gathered.articles if self.job.is_mine(article.id)}
        same_make = self.present is not None and self.present.make.differs_from(self.target.make) is None
        donors = {entry.digest: entry for entry in before} if same_make else {}
        writer = PassageWriter(job, self.target, self.present, donors)
        writer.write({key: article for key, article in mine.items() if key not in in_target})
        mine = {key: a for key, a in mine.items() if key in in_target or key in writer.passages}
        surplus = self._surplus(in_target, mine)
        if job.add and in_target and mine.keys() <= in_target.keys() and not surplus:
            return self._report(mine, before, 0, tuple(job.gathered.skipped))  # nothing new came in
        staying = {key: entry for key, entry in in_target.items() if key not in surplus}
        self._write_articles(mine, writer.passages, staying)
        self.target.remove(sorted(surplus))
        skipped = (*job.gathered.skipped, *writer.skipped)
        self.target.finish(skipped)
        return self._report(mine, before, writer.embedded, skipped)

    def _surplus(self, in_target: Mapping[str, CatalogueEntry], mine: Mapping[str, Article]) -> set[str]:
        """Return the keys of what is to go: when adding, what came in anew; else all that did not come in."""
        outdated = [
            entry for key, entry in in_target.items() if key not in mine and self.job.is_mine(entry.id)
        ]
        if self.job.add:
            ids = {article.id for article in mine.values()}
            contents = {content(article) for article in mine.values()}
            outdated = [entry for entry in outdated if entry.id in ids or entry.content in contents]
        return {entry.key for entry in outdated}

    def _write_articles(
        self, mine: Mapping[str, Article], passages: Mapping[str, int], staying: Mapping[str, CatalogueEntry]
    ) -> None:
        """Write what is new, and what now belongs to another group of near-duplicates."""
        fresh = [key for key in mine if key not in staying]
        articles = self.job.gathered.articles
        if self.job.add:
            unknown = [article for article in articles if key_of(article) not in staying]
            groups, regrouped = groups_with(self.target, staying, fresh, unknown, self.job.listener)
        else:
            groups = groups_of(articles, self.job.listener)
            regrouped = {
                key: groups[article.id]
                for key, article in mine.items()
                if key in staying and staying[key].duplicate_group != groups[article.id]
            }
        for first in range(0, len(fresh), TOGETHER):
            together = fresh[first : first + TOGETHER]
            self.target.put_articles(
                (mine[key], entry_of(mine[key], passages=passages[key], duplicate_group=groups[mine[key].id]))
                for key in together
            )
            self.job.listener(Progress("writing", first + len(together), len(fresh), "articles"))
        kept = self.target.articles(sorted(regrouped))
        self.target.put_articles(
            (kept[key], replace(staying[key], duplicate_group=group)) for key, group in regrouped.items()
        )

    def _report(
        self,
        mine: Mapping[str, Article],
        before: Sequence[CatalogueEntry],
        embedded: int,
        skipped: tuple[Skipped, ...],
    ) -> BuildReport:
        now = self.target.catalogue()
        return report_of(
            self.job,
            Holdings(
                [entry.id for entry in now],
                sum(entry.passages for entry in now),
                [entry.duplicate_group for entry in now],
            ),
            before={entry.id: entry.digest for entry in before},
            came_in=((article.id, digest(article)) for article in mine.values()),
            embedded=embedded,
            skipped=skipped,
        )
