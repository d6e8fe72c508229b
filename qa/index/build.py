"""Articles in files and feeds -> a new generation of an index; what did not change is taken over."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from qa.errors import IndexDamaged, IndexMismatch, IndexMissing, InputError
from qa.index.checkpoint import embed_resumably
from qa.index.chunking import chunk, embedded_text, header
from qa.index.embedding import Embedder, SentenceEmbedder
from qa.index.generation import (
    PARTIAL,
    Manifest,
    new_generation,
    publish,
    read_manifest,
    translating_disk_faults,
    verify_at_open,
    writing,
)
from qa.index.lexical import write_lexical
from qa.index.store import Store, write_store
from qa.index.vectors import Vectors, write_vectors
from qa.ingest import read_articles
from qa.ingest.copies import near_copies
from qa.records import Article, BuildReport, Passage, Progress, Skipped
from qa.settings import IndexSettings

Listener = Callable[[Progress], None]
CUT_TOGETHER = 64  # articles whose tokens are counted in one call, on all cores


def build(
    inputs: Sequence[str | Path],
    index: str | Path,
    *,
    mapping: Mapping[str, str] | None = None,
    as_of: datetime | None = None,
    add: bool = False,
    settings: IndexSettings | None = None,
    embedder: Embedder | None = None,
    progress: Listener | None = None,
) -> BuildReport:
    """Build or update an index from files, folders, feeds or ``-``; it then holds just these articles.

    Articles that the last generation holds unchanged are not embedded again. With ``add`` the
    articles of the last generation stay, except those whose id comes in anew. The old generation
    answers until the new one is complete, and stays if anything goes wrong.

    :param mapping: our field name -> the data's column or key, where it is not recognised.
    :param as_of: the moment to which relative ages ("3 days ago") relate; default each file's own.
    :raises InputError: if an input is missing, or nothing in the inputs is an article.
    :raises IndexBusy: if another build is writing this index.
    :raises IndexError_: if the disk is full or the folder cannot be written.
    :raises ModelError: if the embedder cannot be loaded.
    """
    started = time.monotonic()
    listener = progress if progress is not None else _silent
    chosen = settings if settings is not None else IndexSettings()
    index = Path(index)
    gathered = _gather(inputs, mapping, as_of, listener)
    if not gathered.articles:
        raise _nothing(gathered.skipped)
    if embedder is None:
        embedder = SentenceEmbedder.load(chosen.embedder)
    with writing(index):
        old = _OldGeneration.open(index, embedder, chosen, must_be_whole=add)
        articles = _with_old(gathered.articles, old) if add else gathered.articles
        with translating_disk_faults(index):
            return _write(index, articles, gathered, old, embedder, chosen, listener, started)


@dataclass(frozen=True, slots=True)
class _Gathered:
    articles: list[Article]
    skipped: list[Skipped]
    duplicates: int


@dataclass(frozen=True, slots=True)
class _OldGeneration:
    """The generation before, if its vectors can be taken over."""

    store: Store
    vectors: Vectors
    reusable: bool  # made by the same embedder and cut in the same way

    @classmethod
    def open(
        cls, index: Path, embedder: Embedder, settings: IndexSettings, *, must_be_whole: bool
    ) -> _OldGeneration | None:
        try:
            manifest = read_manifest(index)
            verify_at_open(index, manifest)
            folder = index / manifest.generation
            return cls(Store.open(folder), Vectors.open(folder), _same_make(manifest, embedder, settings))
        except IndexMissing:
            return None
        except (IndexDamaged, IndexMismatch):
            if must_be_whole:  # or the articles that are to be kept would be lost unseen
                raise
            return None  # building anew is the cure

    def digest(self, article_id: str) -> str | None:
        row = self.store.row(article_id)
        return None if row is None else self.store.digest(row)


def _same_make(manifest: Manifest, embedder: Embedder, settings: IndexSettings) -> bool:
    return (
        manifest.embedder_sha256 == embedder.weights_sha256
        and manifest.passage_tokens == settings.passage_tokens
        and manifest.overlap_tokens == settings.overlap_tokens
    )


def _silent(progress: Progress) -> None:
    pass


def _gather(
    inputs: Sequence[str | Path],
    mapping: Mapping[str, str] | None,
    as_of: datetime | None,
    listener: Listener,
) -> _Gathered:
    by_id: dict[str, Article] = {}
    skipped: list[Skipped] = []
    duplicates = 0
    for item in read_articles(inputs, mapping=mapping, as_of=as_of):
        if isinstance(item, Skipped):
            skipped.append(item)
            continue
        known = by_id.setdefault(item.id, item)
        if known is not item:
            same = (known.title, known.text) == (item.title, item.text)
            duplicates += same
            if not same:
                skipped.append(Skipped(item.title, f"its id {item.id!r} belongs to another article"))
        listener(Progress("reading", len(by_id), 0, "articles"))
    return _Gathered(list(by_id.values()), skipped, duplicates)


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
        cure="See python -m qa build --help for the formats.",
    )


def _with_old(fresh: list[Article], old: _OldGeneration | None) -> list[Article]:
    if old is None:
        return fresh
    ids = {article.id for article in fresh}
    kept = (old.store.article(row) for row in range(len(old.store)))
    return [article for article in kept if article.id not in ids] + fresh


def _digest(article: Article) -> str:
    """Changes whenever what is embedded of the article changes."""
    content = f"{header(article)}\0{article.text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _write(
    index: Path,
    articles: list[Article],
    gathered: _Gathered,
    old: _OldGeneration | None,
    embedder: Embedder,
    settings: IndexSettings,
    listener: Listener,
    started: float,
) -> BuildReport:
    digests = [_digest(article) for article in articles]
    unchanged = [old is not None and old.digest(a.id) == d for a, d in zip(articles, digests, strict=True)]
    listener(Progress("linking copies", 0, len(articles), "articles"))
    copy_of = near_copies([article.text for article in articles])
    taken_over = [u and old.reusable for u in unchanged]
    spans = _cut(articles, taken_over, old, embedder, settings, listener)
    vectors, embedded = _vectors(index, articles, spans, taken_over, old, embedder, listener)

    folder = new_generation(index)
    passages = len(vectors)
    listener(Progress("writing", 0, passages, "passages"))
    write_store(folder, articles, digests=digests, copy_of=copy_of, spans=spans)
    write_vectors(vectors, folder)
    texts = (embedded_text(Passage(a, *s)) for a, cut in zip(articles, spans, strict=True) for s in cut)
    write_lexical(texts, folder)
    manifest = Manifest(
        generation=folder.name,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        embedder=embedder.name,
        embedder_sha256=embedder.weights_sha256,
        dimension=vectors.shape[1],
        passage_tokens=settings.passage_tokens,
        overlap_tokens=settings.overlap_tokens,
        articles=len(articles),
        passages=passages,
        skipped=tuple((s.where, s.why) for s in gathered.skipped),
        files={},
    )
    publish(index, folder, manifest)
    listener(Progress("writing", passages, passages, "passages"))
    ids = {article.id for article in articles}
    gone = 0 if old is None else sum(old.store.article(r).id not in ids for r in range(len(old.store)))
    groups = np.bincount(copy_of, minlength=len(articles))
    return BuildReport(
        articles=len(articles),
        passages=passages,
        embedded=embedded,
        added=unchanged.count(False),
        removed=gone,
        duplicates=gathered.duplicates,
        copies=int(np.count_nonzero(groups[copy_of] > 1)),
        skipped=tuple(gathered.skipped),
        seconds=time.monotonic() - started,
    )


def _cut(
    articles: list[Article],
    taken_over: list[bool],
    old: _OldGeneration | None,
    embedder: Embedder,
    settings: IndexSettings,
    listener: Listener,
) -> list[list[tuple[int, int]]]:
    """The passage spans of every article."""
    budget, overlap = settings.passage_tokens, settings.overlap_tokens
    spans = []
    for first in range(0, len(articles), CUT_TOGETHER):
        together = range(first, min(first + CUT_TOGETHER, len(articles)))
        fresh = [i for i in together if not taken_over[i]]
        offsets = dict(zip(fresh, embedder.token_offsets([articles[i].text for i in fresh]), strict=True))
        for i in together:
            if taken_over[i]:
                numbers = old.store.passages_of(old.store.row(articles[i].id))
                spans.append([old.store.span(number) for number in numbers])
            else:
                spans.append(chunk(articles[i].text, offsets[i], budget=budget, overlap=overlap))
        listener(Progress("cutting", together.stop, len(articles), "articles"))
    return spans


def _vectors(
    index: Path,
    articles: list[Article],
    spans: list[list[tuple[int, int]]],
    taken_over: list[bool],
    old: _OldGeneration | None,
    embedder: Embedder,
    listener: Listener,
) -> tuple[np.ndarray, int]:
    """Vectors ``(passages, dim)`` in the order of the passages, and how many were embedded now."""
    texts: list[str] = []
    fresh: list[int] = []  # passage numbers in the new generation
    reused: list[tuple[int, int]] = []  # passage numbers in the new and in the old generation
    number = 0
    for article, cut, reuse in zip(articles, spans, taken_over, strict=True):
        before = old.store.passages_of(old.store.row(article.id)) if reuse else range(0)
        for position, span in enumerate(cut):
            if reuse:
                reused.append((number, before[position]))
            else:
                fresh.append(number)
                texts.append(embedded_text(Passage(article, *span)))
            number += 1

    finished = 0

    def count(n: int) -> None:
        nonlocal finished
        finished += n
        listener(Progress("embedding", finished, len(texts), "passages"))

    parts = []
    if texts:
        parts.append((fresh, embed_resumably(texts, embedder, index / PARTIAL, done=count)))
    if reused:
        now, then = np.array(reused).T
        parts.append((now, old.vectors.take(then)))
    vectors = np.empty((number, parts[0][1].shape[1]), dtype=np.float32)
    for numbers, values in parts:
        vectors[numbers] = values
    return vectors, len(texts)
