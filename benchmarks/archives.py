"""Real articles -> as many made-up ones as are wanted, with vectors, always the same for a seed."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.report import tracked
from qa.models.embedder import SentenceEmbedder
from qa.records import Article
from qa.settings import IndexSettings

BORN = datetime(2022, 1, 1, tzinfo=UTC)
DAYS = 730  # over which publication is spread evenly
PER_ARTICLE = 8  # passages
WORDS = 60  # of a passage, at least
_REAL = 3_000  # passages that are embedded
_NOISE = 0.7  # length of the perturbation beside a unit vector; leaves a cosine near 0.8
_SENTENCES = 200_000
_BATCH = 100


def material(folder: Path, work: Path) -> tuple[list[str], np.ndarray]:
    """Return sentences of real articles and the vectors of some of their passages, both kept in ``work``."""
    sentences: list[str] = []
    real: list[str] = []
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            text = article["text"]
            cut = [s for s in re.split(r"(?<=[.!?])\s+", text) if 5 <= len(s.split()) <= 60]
            sentences += cut
            if len(real) < _REAL and len(cut) > 6:
                real.append(f"{article['title']}\n{' '.join(cut[:6])}")
            if len(sentences) >= _SENTENCES and len(real) == _REAL:
                break
    path = work / f"vectors-{_REAL}.npy"
    if not path.exists():
        embedder = SentenceEmbedder.load(IndexSettings().embedder)
        batches = [real[first : first + _BATCH] for first in range(0, len(real), _BATCH)]
        vectors = np.concatenate([embedder.embed_passages(b) for b in tracked(batches, "embedding")])
        work.mkdir(parents=True, exist_ok=True)
        np.save(path, vectors)
    return sentences[:_SENTENCES], np.load(path)


def articles_of(
    sentences: Sequence[str], passages: int, *, seed: int = 1
) -> tuple[list[Article], list[list[tuple[int, int]]]]:
    """Return articles with so many passages in all, and the characters of these, a paragraph each."""
    random = np.random.default_rng(seed)
    words = [len(sentence.split()) for sentence in sentences]
    articles, spans = [], []
    while passages > 0:
        paragraphs = []
        for _ in range(min(PER_ARTICLE, passages)):
            drawn = []
            held = 0
            while held < WORDS:
                at = int(random.integers(len(sentences)))
                drawn.append(sentences[at])
                held += words[at]
            paragraphs.append(" ".join(drawn))
        passages -= len(paragraphs)
        moment = BORN + timedelta(seconds=int(random.integers(DAYS * 86_400)))
        title = sentences[int(random.integers(len(sentences)))]
        name = f"{seed}-{len(articles)}"
        source = f"Source {len(articles) % 50}"
        articles.append(Article(name, title, "\n\n".join(paragraphs), moment, source=source))
        ends = np.cumsum([len(paragraph) + 2 for paragraph in paragraphs]).tolist()
        spans.append(
            [(end - 2 - len(paragraph), end - 2) for end, paragraph in zip(ends, paragraphs, strict=True)]
        )
    return articles, spans


def pool_of(real: np.ndarray, many: int, *, seed: int = 1) -> np.ndarray:
    """Return unit vectors ``(many, dim)`` near the real ones."""
    random = np.random.default_rng(seed)
    vectors = np.empty((many, real.shape[1]), dtype=np.float32)
    for first in range(0, many, 100_000):
        part = vectors[first : first + 100_000]
        part[:] = real[random.integers(len(real), size=len(part))]
        noise = random.standard_normal(part.shape, dtype=np.float32)
        part += _NOISE / np.sqrt(real.shape[1]) * noise
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


class Perturbed:
    """Stands in for the embedder where its speed does not matter: vectors near real ones, at random."""

    def __init__(self, real: np.ndarray, name: str, weights_sha256: str) -> None:
        self.name = name
        self.weights_sha256 = weights_sha256
        self._real = real

    def embed_passages(
        self, texts: Sequence[str], *, done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        if done is not None:
            done(len(texts))
        return pool_of(self._real, len(texts), seed=len(texts))

    def embed_question(self, question: str) -> np.ndarray:
        return pool_of(self._real, 1, seed=len(question))[0]

    def token_offsets(self, texts: Sequence[str]) -> list[np.ndarray]:
        return [
            np.array([word.span() for word in re.finditer(r"\w+", text)], dtype=np.int32).reshape(-1, 2)
            for text in texts
        ]
