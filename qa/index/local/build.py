"""Articles -> a new generation of an index folder; what did not change is taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from qa.index.cutting import Span, cut_in_batches
from qa.index.disk import translating_disk_faults
from qa.index.engine import BuildJob
from qa.index.forgotten import read_forgotten
from qa.index.local.checkpoint import embed_resumably
from qa.index.local.generation import PARTIAL, Manifest, writing
from qa.index.local.guard import NO_GUARD
from qa.index.local.incoming import Incoming, change_of
from qa.index.local.previous import Previous
from qa.index.local.segments import Fresh
from qa.index.local.store import Store
from qa.index.local.writer import write_generation
from qa.index.make import Make
from qa.index.reporting import Holdings, report_of
from qa.ingest.versions import with_earlier
from qa.passages import embedded_text
from qa.records import Article, Passage
from qa.reports import BuildReport, Progress


def build_in_folder(index: Path, job: BuildJob) -> BuildReport:
    """Write a new generation beside the last one, then swap them; what was forgotten stays out.

    :raises IndexBusy: if another build is writing this index.
    :raises ArchiveError: if the disk is full or the folder cannot be written; when adding, also if
        the index that is to be kept is damaged.
    """
    make = Make.of(job.embedder, job.settings)
    with writing(index):
        gathered = read_forgotten(index).leave_out(job.gathered, where=index)
        job = replace(job, gathered=gathered)
        before = Previous.open_if_whole(index, must_be_whole=job.add)
        guard = NO_GUARD if before is None else before.guard
        with translating_disk_faults(index), guard.taking_over():
            return _Build(index, job, make, before).run()


@dataclass(frozen=True, slots=True)
class _Build:
    """One build under way: where it writes, what it is to do, and what it can take over."""

    index: Path
    job: BuildJob
    make: Make
    before: Previous | None

    def run(self) -> BuildReport:
        job, before = self.job, self.before
        change = change_of(
            None if before is None else before.store,
            self._articles(),
            add=job.add,
            same_make=before is not None and before.manifest.differs_from(self.make) is None,
        )
        digests_before = {} if before is None else before.contents()
        if job.add and before is not None and not change.incoming:
            return self._report(
                before.store, digests_before, change.incoming, 0
            )  # a poll that brought nothing new
        fresh, embedded = None, 0
        if change.incoming:
            spans = self._cut(change.incoming)
            vectors, embedded = self._vectors(change.incoming, spans)
            fresh = Fresh(change.incoming, spans, vectors)
        _, now = write_generation(self.index, before, change.kept, fresh, self._manifest(), job.listener)
        return self._report(now, digests_before, change.incoming, embedded)

    def _articles(self) -> list[Article]:
        """Return what comes in; when adding, with earlier versions of what it takes the place of."""
        articles = self.job.gathered.articles
        if self.before is None or not self.job.add:
            return articles
        store = self.before.store
        return with_earlier(articles, store.changed, lambda: store.ids(np.array(store.rows())))

    @property
    def _taken_from(self) -> Previous:
        """What is there, for whoever has found something in it."""
        if self.before is None:
            raise ValueError("there is no generation before this one")
        return self.before

    def _report(
        self, now: Store, digests_before: Mapping[str, bytes], incoming: Sequence[Incoming], embedded: int
    ) -> BuildReport:
        rows = now.rows()
        return report_of(
            self.job,
            Holdings(now.ids(np.array(rows)), now.passages, now.duplicate_groups()[rows].tolist()),
            before=digests_before,
            came_in=((one.article.id, one.digest) for one in incoming),
            embedded=embedded,
            skipped=self.job.gathered.skipped,
        )

    def _cut(self, incoming: Sequence[Incoming]) -> list[list[tuple[int, int]]]:
        """Return the passage spans of every article; those of a twin are taken over."""
        to_cut = [one.article.text for one in incoming if one.twin is None]
        fresh: list[list[Span]] = []
        for batch in cut_in_batches(to_cut, self.job.embedder, self.job.settings):
            fresh += batch
            self._report_progress("cutting", len(fresh), len(to_cut), "articles")
        next_fresh = iter(fresh)
        return [
            next(next_fresh) if one.twin is None or self.before is None else self.before.spans(one.twin)
            for one in incoming
        ]

    def _vectors(
        self, incoming: Sequence[Incoming], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[np.ndarray, int]:
        """Return vectors ``(passages, dim)`` in the order of the passages, and how many were embedded now."""
        twins = [one.twin for one in incoming if one.twin is not None]
        of_twins = np.repeat([one.twin is not None for one in incoming], [len(cut) for cut in spans])
        texts = [
            embedded_text(Passage(one.article, *span))
            for one, cut in zip(incoming, spans, strict=True)
            if one.twin is None
            for span in cut
        ]
        finished = 0

        def count(n: int) -> None:
            nonlocal finished
            finished += n
            self._report_progress("embedding", finished, len(texts), "passages")

        parts = []
        if texts:
            fresh = embed_resumably(texts, self.job.embedder, self.index / PARTIAL, done=count)
            parts.append((~of_twins, fresh))
        if twins:
            parts.append((of_twins, self._taken_from.embeddings(twins)))
        vectors = np.empty((len(of_twins), parts[0][1].shape[1]), dtype=np.float32)
        for places, values in parts:
            vectors[places] = values
        return vectors, len(texts)

    def _manifest(self) -> Manifest:
        """Return what the generation is made of; the writer fills in the rest."""
        return Manifest(
            generation="",
            built="",
            **asdict(self.make),
            articles=0,
            passages=0,
            skipped=tuple((s.where, s.why) for s in self.job.gathered.skipped),
            files={},
        )

    def _report_progress(self, stage: str, done: int, total: int, unit: str) -> None:
        self.job.listener(Progress(stage, done, total, unit))
