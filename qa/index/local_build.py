"""Articles -> a new generation of an index folder; what did not change is taken over."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from qa.index.checkpoint import embed_resumably
from qa.index.chunking import chunk, embedded_text
from qa.index.embedding import Embedder
from qa.index.gather import Gathered
from qa.index.generation import (
    PARTIAL,
    Manifest,
    new_generation,
    publish,
    translating_disk_faults,
    writing,
)
from qa.index.lexical import write_lexical
from qa.index.listening import Listener
from qa.index.places import Job
from qa.index.previous import Previous
from qa.index.sameness import content, digest
from qa.index.store import write_store
from qa.index.vectors import write_vectors
from qa.ingest.copies import near_copies
from qa.records import Article, BuildReport, Passage, Progress
from qa.settings import IndexSettings

CUT_TOGETHER = 64  # articles whose tokens are counted in one call, on all cores


def build_folder(index: Path, job: Job) -> BuildReport:
    """Write a new generation beside the last one, then swap them.

    :raises IndexBusy: if another build is writing this index.
    :raises IndexError_: if the disk is full or the folder cannot be written; when adding, also if
        the index that is to be kept is damaged.
    """
    with writing(index):
        before = Previous.open(index, job.embedder, job.settings, must_be_whole=job.add)
        fresh = job.gathered.articles
        articles = _joined(before, fresh) if job.add else fresh
        with translating_disk_faults(index):
            build = _Build(index, job.embedder, job.settings, job.listener, before)
            return build.run(articles, job.gathered, job.started)


def _joined(before: Previous | None, fresh: list[Article]) -> list[Article]:
    if before is None:
        return fresh
    ids = {article.id for article in fresh}
    contents = {content(article) for article in fresh}
    kept = (a for a in before.articles() if a.id not in ids and content(a) not in contents)
    return [*kept, *fresh]


@dataclass(frozen=True, slots=True)
class _Build:
    """One build under way: where it writes, with what, and what it can take over."""

    index: Path
    embedder: Embedder
    settings: IndexSettings
    listener: Listener
    before: Previous | None

    def run(self, articles: list[Article], gathered: Gathered, started: float) -> BuildReport:
        digests = [digest(article) for article in articles]
        reused = [None] * len(articles) if self.before is None else self.before.same_rows(digests)
        copy_of = near_copies([article.text for article in articles], progress=self.listener)
        spans = self._cut(articles, reused)
        vectors, embedded = self._vectors(articles, spans, reused)
        self._write(articles, gathered, digests, copy_of, spans, vectors)
        held = {} if self.before is None else self.before.contents()
        ids = {article.id for article in articles}
        group_sizes = np.bincount(copy_of, minlength=len(articles))
        return BuildReport(
            articles=len(articles),
            passages=len(vectors),
            embedded=embedded,
            added=sum(held.get(a.id) != now for a, now in zip(articles, digests, strict=True)),
            removed=sum(id_ not in ids for id_ in held),
            duplicates=gathered.duplicates,
            copies=int(np.count_nonzero(group_sizes[copy_of] > 1)),
            skipped=tuple(gathered.skipped),
            seconds=time.monotonic() - started,
        )

    def _cut(self, articles: list[Article], reused: list[int | None]) -> list[list[tuple[int, int]]]:
        """The passage spans of every article; ``reused`` are rows of the generation before."""
        budget, overlap = self.settings.passage_tokens, self.settings.overlap_tokens
        spans: list[list[tuple[int, int]]] = []
        for first in range(0, len(articles), CUT_TOGETHER):
            together = range(first, min(first + CUT_TOGETHER, len(articles)))
            fresh = [i for i in together if reused[i] is None]
            counted = self.embedder.token_offsets([articles[i].text for i in fresh])
            offsets = dict(zip(fresh, counted, strict=True))
            for i in together:
                if i in offsets:
                    spans.append(chunk(articles[i].text, offsets[i], budget=budget, overlap=overlap))
                else:
                    spans.append(self.before.spans(reused[i]))
            self._tell("cutting", together.stop, len(articles), "articles")
        return spans

    def _vectors(
        self, articles: list[Article], spans: list[list[tuple[int, int]]], reused: list[int | None]
    ) -> tuple[np.ndarray, int]:
        """Vectors ``(passages, dim)`` in the order of the passages, and how many were embedded now."""
        old_rows = [row for row in reused if row is not None]
        of_reused = np.repeat([row is not None for row in reused], [len(cut) for cut in spans])
        texts = [
            embedded_text(Passage(article, *span))
            for article, cut, row in zip(articles, spans, reused, strict=True)
            if row is None
            for span in cut
        ]
        finished = 0

        def count(n: int) -> None:
            nonlocal finished
            finished += n
            self._tell("embedding", finished, len(texts), "passages")

        parts = []
        if texts:
            fresh = embed_resumably(texts, self.embedder, self.index / PARTIAL, done=count)
            parts.append((~of_reused, fresh))
        if old_rows:
            parts.append((of_reused, self.before.embeddings(old_rows)))
        vectors = np.empty((len(of_reused), parts[0][1].shape[1]), dtype=np.float32)
        for places, values in parts:
            vectors[places] = values
        return vectors, len(texts)

    def _write(
        self,
        articles: list[Article],
        gathered: Gathered,
        digests: list[str],
        copy_of: list[int],
        spans: list[list[tuple[int, int]]],
        vectors: np.ndarray,
    ) -> None:
        self._tell("writing", 0, len(vectors), "passages")
        folder = new_generation(self.index)
        write_store(folder, articles, digests=digests, copy_of=copy_of, spans=spans)
        write_vectors(vectors, folder)
        texts = (
            embedded_text(Passage(a, *span)) for a, cut in zip(articles, spans, strict=True) for span in cut
        )
        write_lexical(texts, folder)
        manifest = Manifest(
            generation=folder.name,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            embedder=self.embedder.name,
            embedder_sha256=self.embedder.weights_sha256,
            dimension=vectors.shape[1],
            passage_tokens=self.settings.passage_tokens,
            overlap_tokens=self.settings.overlap_tokens,
            articles=len(articles),
            passages=len(vectors),
            skipped=tuple((s.where, s.why) for s in gathered.skipped),
            files={},
        )
        publish(self.index, folder, manifest)
        self._tell("writing", len(vectors), len(vectors), "passages")

    def _tell(self, stage: str, done: int, total: int, unit: str) -> None:
        self.listener(Progress(stage, done, total, unit))
