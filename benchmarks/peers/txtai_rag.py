"""txtai: articles and questions -> what the parent compares.

Set up as its documentation does:

- cutting: paragraphs, by its own ``Segmentation`` (page "Segmentation"), the title being the first.
  Sentences, its other way, want data that NLTK downloads;
- finding: ``Embeddings`` with ``hybrid`` and ``content`` (page "Embeddings", "Hybrid search");
- reading: ``RAG`` with an extractive model (page "RAG"), ten passages instead of its three; it joins them
  into one context and reads the first 512 tokens. It refuses by itself what scores under 0.05.

Runs with an environment of ``benchmarks/peers/requirements.txt``.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import BatchEncoding
from txtai import RAG, Embeddings
from txtai.pipeline import Questions, Segmentation

from benchmarks.peers import stages
from benchmarks.peers.exchange import (
    FIRST_PASSAGES,
    Asked,
    Built,
    Given,
    Task,
    peak_megabytes,
    words_in,
)

NAME = "txtai"


def build(task: Task) -> dict[str, Built]:
    """Save vectors, BM25 and texts to a folder."""
    shutil.rmtree(_index(task), ignore_errors=True)
    articles = task.articles()
    embeddings = Embeddings(path=task.embedder, hybrid=True, content=True, gpu=False)
    embeddings.batchtransform(["A first call that does not count."])
    segment = Segmentation(paragraphs=True)
    began = time.perf_counter()
    texts = [text for article in articles for text in segment(f"{article.title}\n\n{article.text}")]
    embeddings.index(texts)
    embeddings.save(str(_index(task)))
    seconds = time.perf_counter() - began
    return {NAME: Built(len(articles), len(texts), words_in(texts), seconds, peak_megabytes())}


class Txtai:
    """The RAG pipeline with an extractive reader."""

    def __init__(self, embeddings: Embeddings, rag: RAG) -> None:
        self._embeddings = embeddings
        self._rag = rag

    @classmethod
    def open(cls, task: Task, read: int) -> Txtai:
        embeddings = Embeddings()
        embeddings.load(str(_index(task)))
        rag = RAG(embeddings, RefusingQuestions(task.reader, gpu=False), context=read, output="flatten")
        return cls(embeddings, rag)

    def ask(self, asked: Asked) -> Given:
        (answer,) = self._rag([asked.question])
        return Given(answer, answer)

    def passages(self, asked: Asked) -> list[str]:
        return [found["text"] for found in self._embeddings.search(asked.question, FIRST_PASSAGES)]

    def ask_all(self, asked: Sequence[Asked]) -> bool:
        self._rag([question.question for question in asked])
        return True

    def variants(self, asked: Sequence[Asked]) -> dict[str, list[Given]]:
        return {}


class RefusingQuestions(Questions):
    """Its reader, for a model that can point at "no answer": without this it fails there with a TypeError."""

    def answer(
        self, context: str, tokens: BatchEncoding, start: torch.Tensor, end: torch.Tensor
    ) -> str | None:
        if tokens.token_to_word(int(start)) is None or tokens.token_to_word(int(end)) is None:
            return None
        # If the end comes before the start, the text between them is empty.
        return super().answer(context, tokens, start, end) or None


def _index(task: Task) -> Path:
    return task.folder / "txtai"


if __name__ == "__main__":
    stages.main(build, {NAME: Txtai.open})
