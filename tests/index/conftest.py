"""Indexes in Milvus Lite, and what is in them row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from milvus_lite.server_manager import server_manager_instance

import qa
from qa.index.milvus.address import MilvusAddress
from qa.index.milvus.client import Milvus
from qa.index.milvus.shelf import Shelf, current_state
from qa.index.shards import Shard
from qa.settings import AskSettings, IndexSettings, MilvusSettings


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Path]:
    """The path of a Milvus Lite file that is not there yet."""
    file = tmp_path / "news.db"
    yield file
    server_manager_instance.release_server(str(file))


@pytest.fixture
def build_lite(tmp_path: Path, lite: Path, embedder) -> Callable[..., qa.BuildReport]:
    """Writes articles to a file and builds the index in Milvus Lite of them, by the stand-in embedder."""

    def build(
        articles: Sequence[dict[str, object]],
        *,
        passage_tokens: int = 20,
        add: bool = False,
        shard: Shard | None = None,
        embedder=embedder,
        progress=None,
    ) -> qa.BuildReport:
        settings = IndexSettings(embedder="words", passage_tokens=passage_tokens, overlap_tokens=0)
        path = tmp_path / "for-milvus.jsonl"
        path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
        return qa.build(
            [path], lite, settings=settings, embedder=embedder, add=add, shard=shard, progress=progress
        )

    return build


@pytest.fixture
def open_lite(lite: Path, embedder) -> Callable[..., qa.Retriever]:
    """Opens that index with the stand-in embedder."""

    def open_(settings: AskSettings | None = None) -> qa.Retriever:
        return qa.Retriever.open(lite, settings=settings, embedder=embedder)

    return open_


@pytest.fixture
def milvus(lite: Path) -> Milvus:
    """The file, opened beside the index to look at its rows and to alter them."""
    return Milvus.connect(MilvusAddress.parse(str(lite)), MilvusSettings(), patience=1)


@pytest.fixture
def rows(milvus: Milvus) -> Callable[[], list[dict[str, object]]]:
    """Every row of the present state: of its articles, then of its passages."""

    def read() -> list[dict[str, object]]:
        articles, passages = Shelf.open(milvus, current_state(milvus)).every_row()
        return [*articles, *passages]

    return read
