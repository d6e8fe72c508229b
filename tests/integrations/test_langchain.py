"""Our retriever in chains of the real LangChain."""

from __future__ import annotations

import asyncio

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

import qa
from qa.errors import InputError
from qa.integrations.langchain import NewsQARetriever

DEAD = "How many people died in the earthquake?"


@pytest.fixture
def retriever(small: qa.Archive, monkeypatch: pytest.MonkeyPatch) -> NewsQARetriever:
    opened = []

    def open_once(index: str) -> qa.Retriever:
        assert index == small.retriever.address and not opened
        opened.append(index)
        return small.retriever

    monkeypatch.setattr(qa.Retriever, "open", open_once)
    return NewsQARetriever(index=small.retriever.address, k=2)


def test_unknown_source_is_logged_with_the_nearest(small, caplog):
    narrow = NewsQARetriever(index="x", source=["Reutars"])
    narrow._opened = small.retriever
    assert narrow.invoke(DEAD) == []
    assert caplog.messages == ["This archive has no source “Reutars”. Did you mean Reuters?"]


def test_documents_are_the_passages_with_their_place_and_source(retriever, small):
    found = retriever.invoke(DEAD)
    hits = small.retriever.search(DEAD, 2)
    assert [document.page_content for document in found] == [hit.passage.text for hit in hits]
    first = found[0]
    assert (first.metadata["title"], first.metadata["source"]) == ("Earthquake strikes Turkey", "Reuters")
    assert first.metadata["score"] == hits[0].score
    text = small.article(first.metadata["article"]).text
    assert text[first.metadata["start"] : first.metadata["end"]] == first.page_content
    assert first.id == f"quake:{first.metadata['start']}:{first.metadata['end']}"


def test_it_is_a_part_of_a_chain(retriever):
    def titles(documents: list[Document]) -> list[str]:
        return [document.metadata["title"] for document in documents]

    chain = retriever | RunnableLambda(titles)
    assert chain.invoke(DEAD)[0] == "Earthquake strikes Turkey"
    assert [found[0] for found in chain.batch([DEAD, "Which canal did the ship block?"])] == [
        "Earthquake strikes Turkey",
        "Ship freed in Suez",
    ]  # two threads share one opening
    assert asyncio.run(chain.ainvoke(DEAD))[0] == "Earthquake strikes Turkey"


def test_filters_are_those_of_a_search(small):
    narrow = NewsQARetriever(index="x", since="2021", until="2021-12-31", source=["REUTERS"], tag=["Egypt"])
    narrow._opened = small.retriever
    assert {document.metadata["article"] for document in narrow.invoke(DEAD)} == {"ship"}
    with pytest.raises(InputError, match="the question is empty"):
        narrow.invoke(" ")


def test_option_that_is_mistyped_is_refused(small):
    with pytest.raises(ValueError, match="soruce"):
        NewsQARetriever(index="news", soruce=["Meridian Wire"])


def test_without_langchain_one_line_says_how_it_is_installed(run_python):
    program = (
        "import sys; sys.modules['langchain_core'] = None\n"
        "try:\n    import qa.integrations.langchain\nexcept ImportError as fault:\n    print(fault)"
    )
    assert run_python(program) == (
        "qa.integrations.langchain needs LangChain: pip install -r requirements-langchain.txt"
    )
