"""Haystack: articles and questions -> what the parent compares, with an in-memory and with a FAISS store.

Set up as its documentation does:

- cutting: 150 words with 50 shared, as in the tutorial "Preprocessing Different File Types", which uses
  the same embedder; title and date are embedded with each piece (``meta_fields_to_embed``, page
  "SentenceTransformersDocumentEmbedder");
- finding: BM25 and dense from the in-memory store, joined by reciprocal ranks (pages "DocumentJoiner",
  "InMemoryBM25Retriever"); the FAISS store has a dense retriever only (page "FAISSEmbeddingRetriever");
- reading: ``TransformersExtractiveReader``, its defaults (384 tokens, stride 128, ``no_answer=True``), two
  answers as in the tutorial "Build an Extractive QA Pipeline". "No answer" counts if it comes first.

The reader hands the model no token types, which a BERT reader was trained with. The variant gives them.
Runs with an environment of ``benchmarks/peers/requirements.txt``.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader
from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
from haystack_integrations.document_stores.faiss import FAISSDocumentStore

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

MEMORY, FAISS = "Haystack, in memory", "Haystack, FAISS"
WITH_TYPES = "Haystack, in memory, its reader given token types"
ANSWERS = 2
DIMENSION = 384


def build(task: Task) -> dict[str, Built]:
    """Build both stores from one embedding of the pieces, whose time counts for each."""
    shutil.rmtree(_folder(task), ignore_errors=True)
    _folder(task).mkdir()
    articles = task.articles()
    documents = [
        Document(content=article.text, meta={"title": article.title, "date": article.date})
        for article in articles
    ]
    embedder = SentenceTransformersDocumentEmbedder(
        model=task.embedder, meta_fields_to_embed=["title", "date"], progress_bar=False
    )
    embedder.warm_up()
    embedder.run([Document(content="A first call that does not count.")])
    began = time.perf_counter()
    pieces = Pipeline()
    pieces.add_component("splitter", DocumentSplitter(split_by="word", split_length=150, split_overlap=50))
    pieces.add_component("embedder", embedder)
    pieces.connect("splitter.documents", "embedder.documents")
    embedded = pieces.run({"splitter": {"documents": documents}})["embedder"]["documents"]
    seconds = time.perf_counter() - began
    in_memory = _seconds_in_memory(embedded, task)
    memory_megabytes = peak_megabytes()
    in_faiss = _seconds_in_faiss(embedded, task)
    contents = [document.content for document in embedded]
    facts = (len(articles), len(contents), words_in(contents))
    return {
        MEMORY: Built(*facts, seconds + in_memory, memory_megabytes),
        FAISS: Built(*facts, seconds + in_faiss, peak_megabytes()),
    }


class Haystack:
    """A query pipeline whose retriever may be one or two."""

    def __init__(self, pipeline: Pipeline, reader: TransformersExtractiveReader, found_by: str) -> None:
        self._pipeline = pipeline
        self._reader = reader
        self._found_by = found_by  # the component whose documents are read

    @classmethod
    def in_memory(cls, task: Task, read: int) -> Haystack:
        """Return BM25 and dense, joined."""
        store = InMemoryDocumentStore.load_from_disk(str(_folder(task) / "memory.json"))
        pipeline, reader = _reading(task)
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=read))
        pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=read))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=read))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense", "joiner")
        pipeline.connect("bm25", "joiner")
        pipeline.connect("joiner.documents", "reader.documents")
        return cls(pipeline, reader, "joiner")

    @classmethod
    def in_faiss(cls, task: Task, read: int) -> Haystack:
        """Make the pipeline with dense search alone."""
        store = FAISSDocumentStore(index_path=str(_folder(task) / "faiss"), embedding_dim=DIMENSION)
        pipeline, reader = _reading(task)
        pipeline.add_component("dense", FAISSEmbeddingRetriever(document_store=store, top_k=read))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense.documents", "reader.documents")
        return cls(pipeline, reader, "dense")

    def ask(self, asked: Asked) -> Given:
        answers = self._run(asked)["reader"]["answers"]
        given = answers[0].data if answers else None
        return Given(given, next((answer.data for answer in answers if answer.data is not None), None))

    def passages(self, asked: Asked) -> list[str]:
        return [found.content for found in self._run(asked)[self._found_by]["documents"][:FIRST_PASSAGES]]

    def ask_all(self, asked: Sequence[Asked]) -> bool:
        return False  # a pipeline takes one question

    def variants(self, asked: Sequence[Asked]) -> dict[str, list[Given]]:
        if self._found_by != "joiner":
            return {}
        separator = self._reader.tokenizer.sep_token_id
        self._reader.model.register_forward_pre_hook(_TokenTypes(separator), with_kwargs=True)
        return {WITH_TYPES: [self.ask(question) for question in asked]}

    def _run(self, asked: Asked) -> dict:
        inputs = {"embedder": {"text": asked.question}, "reader": {"query": asked.question}}
        if self._found_by == "joiner":
            inputs["bm25"] = {"query": asked.question}
        return self._pipeline.run(inputs, include_outputs_from={self._found_by})


class _TokenTypes:
    """Adds token types to a call of the model: 1 after the first separator."""

    def __init__(self, separator: int) -> None:
        self._separator = separator

    def __call__(self, model: torch.nn.Module, arguments: tuple, named: dict) -> tuple[tuple, dict]:
        is_separator = named["input_ids"] == self._separator
        before = is_separator.cumsum(dim=1) - is_separator.long()
        return arguments, {**named, "token_type_ids": (before == 1).long()}


def _reading(task: Task) -> tuple[Pipeline, TransformersExtractiveReader]:
    """Make a pipeline with what both ways share, not yet connected."""
    reader = TransformersExtractiveReader(model=task.reader, top_k=ANSWERS)
    pipeline = Pipeline()
    pipeline.add_component(
        "embedder", SentenceTransformersTextEmbedder(model=task.embedder, progress_bar=False)
    )
    pipeline.add_component("reader", reader)
    return pipeline, reader


def _seconds_in_memory(embedded: list[Document], task: Task) -> float:
    began = time.perf_counter()
    store = InMemoryDocumentStore()
    store.write_documents(embedded)
    store.save_to_disk(str(_folder(task) / "memory.json"))
    return time.perf_counter() - began


def _seconds_in_faiss(embedded: list[Document], task: Task) -> float:
    began = time.perf_counter()
    store = FAISSDocumentStore(embedding_dim=DIMENSION)
    store.write_documents(embedded)
    store.save(str(_folder(task) / "faiss"))
    return time.perf_counter() - began


def _folder(task: Task) -> Path:
    return task.folder / "haystack"


if __name__ == "__main__":
    stages.main(build, {MEMORY: Haystack.in_memory, FAISS: Haystack.in_faiss})
