"""News QA as it ships: articles and questions -> what the parent compares.

Runs with the project's own environment.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import qa
from benchmarks.peers import stages
from benchmarks.peers.exchange import (
    ARTICLES,
    FIRST_PASSAGES,
    TEXTS,
    Asked,
    Built,
    Given,
    Task,
    peak_megabytes,
    words_in,
)
from qa.index.local.generation import read_manifest
from qa.index.local.store import Store
from qa.models.embedder import SentenceEmbedder
from qa.passages import embedded_text
from qa.records import NoDay
from qa.settings import AskSettings, IndexSettings

NAME = "News QA"
WITH_DAY = "News QA, told the day of the question"
EARLY = "News QA, stopping at a sure answer"
SURE = 0.7  # confidence at which reading stops; no F1 is lost (`python -m benchmarks.early_exit`)


def build(task: Task) -> dict[str, Built]:
    """Build the index in a folder; its time includes cleaning and near-duplicates, which peers do not do."""
    index = _index(task)
    shutil.rmtree(index, ignore_errors=True)
    embedder = SentenceEmbedder.load(IndexSettings().embedder)
    embedder.embed_passages(["A first call that does not count."])
    began = time.perf_counter()
    report = qa.build([task.folder / ARTICLES], index, embedder=embedder)
    seconds = time.perf_counter() - began
    megabytes = peak_megabytes()
    store = Store.open(index / read_manifest(index).generation)
    passages = [store.passage(number) for number in range(store.passages)]
    texts = json.dumps([embedded_text(passage) for passage in passages])
    (task.folder / TEXTS).write_text(texts, encoding="utf-8")  # benchmarks.peers.floors reads them
    words = words_in([passage.text for passage in passages])
    return {NAME: Built(report.articles, len(passages), words, seconds, megabytes)}


class Ours:
    """The pipeline with every default but the number of passages read."""

    def __init__(self, news: qa.Archive) -> None:
        self._news = news

    @classmethod
    def open(cls, task: Task, read: int) -> Ours:
        return cls(qa.open(_index(task), settings=AskSettings(passages_read=read)))

    @classmethod
    def stopping(cls, task: Task, read: int) -> Ours:
        settings = AskSettings(passages_read=read, early_exit=SURE)
        return cls(qa.open(_index(task), settings=settings))

    def ask(self, asked: Asked) -> Given:
        return self._given(asked.question, as_of=qa.NO_DAY)

    def passages(self, asked: Asked) -> list[str]:
        return [
            hit.passage.text for hit in self._news.search(asked.question, FIRST_PASSAGES, as_of=qa.NO_DAY)
        ]

    def ask_all(self, asked: Sequence[Asked]) -> bool:
        self._news.ask_many([question.question for question in asked], as_of=qa.NO_DAY)
        return True

    def variants(self, asked: Sequence[Asked]) -> dict[str, list[Given]]:
        if not any(question.day for question in asked):
            return {}
        return {
            WITH_DAY: [self._given(question.question, as_of=question.day or qa.NO_DAY) for question in asked]
        }

    def _given(self, question: str, *, as_of: str | NoDay) -> Given:
        reply = self._news.ask(question, as_of=as_of)
        if reply.answers:
            return Given(reply.answers[0].text, reply.answers[0].text)
        return Given(None, None if reply.best_rejected is None else reply.best_rejected.text)


def _index(task: Task) -> Path:
    return task.folder / "news-qa"


if __name__ == "__main__":
    stages.main(build, {NAME: Ours.open, EARLY: Ours.stopping})
