"""Our retriever and reader in pipelines of the real Haystack."""

from __future__ import annotations

import math

import pytest
from haystack import Document, Pipeline
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

import qa
from qa.errors import InputError
from qa.integrations.haystack import NewsQAReader, NewsQARetriever
from tests.conftest import NEWS

QUESTION = "Which canal did the Ever Given block?"
DEAD = "How many people died in the earthquake?"


@pytest.fixture
def retriever(small: qa.Archive) -> NewsQARetriever:
    made = NewsQARetriever(small.retriever.address, top_k=2)
    vars(made)["retriever"] = small.retriever  # this retriever has another embedder than the bundled one
    return made


@pytest.fixture
def reader(small: qa.Archive) -> NewsQAReader:
    made = NewsQAReader(small.retriever.address)
    vars(made)["archive"] = small
    return made


def test_a_pipeline_of_both_answers_as_the_archive_does(sample_index, sample_news):
    pipeline = Pipeline()
    pipeline.add_component("retriever", NewsQARetriever(str(sample_index)))
    pipeline.add_component("reader", NewsQAReader(str(sample_index)))
    pipeline.connect("retriever.documents", "reader.documents")
    ours = ["qa.integrations.haystack"]
    pipeline = Pipeline.loads(pipeline.dumps(), allowed_modules=ours)  # as it comes back from a file
    got = pipeline.run({"retriever": {"query": QUESTION}, "reader": {"query": QUESTION}})["reader"]["answers"]
    expected = sample_news.ask(QUESTION, as_of=None).answers
    assert [(a.data, a.score) for a in got] == [(a.text, a.confidence) for a in expected]
    assert got[0].data == "Suez Canal" and got[0].meta["calibrated"] is True
    for answer in got:
        if answer.document_offset is not None:
            span = answer.document_offset
            assert answer.document.content[span.start : span.end] == answer.data
        else:
            assert answer.meta["where"] == "title"


def test_unknown_source_is_logged_with_the_nearest(retriever, caplog):
    assert retriever.run(DEAD, source=["Reutars"])["documents"] == []
    assert caplog.messages == ["This archive has no source “Reutars”. Did you mean Reuters?"]


def test_documents_are_the_passages_with_their_place_and_source(retriever, small):
    (first, _) = retriever.run(DEAD)["documents"]
    hit = small.retriever.search(DEAD, 2)[0]
    assert first.content == hit.passage.text and first.score == hit.score
    assert {name: first.meta[name] for name in ("title", "source", "published", "article", "tags")} == {
        "title": "Earthquake strikes Turkey",
        "source": "Reuters",
        "published": "2023-02-06T00:00:00+00:00",
        "article": "quake",
        "tags": ["Turkey"],
    }
    text = small.article("quake").text
    assert text[first.meta["start"] : first.meta["end"]] == first.content
    assert first.id == f"quake:{first.meta['start']}:{first.meta['end']}"


def test_filters_are_those_of_a_search(retriever):
    documents = retriever.run(DEAD, since="2021", until="2021-12-31", source=["REUTERS"])["documents"]
    assert {document.meta["article"] for document in documents} == {"ship"}
    with pytest.raises(InputError, match="the question is empty"):
        retriever.run(" ")


def test_documents_of_another_retriever_are_read_with_scores_that_are_no_probabilities(reader):
    store = InMemoryDocumentStore()
    store.write_documents(
        [Document(id=str(n["id"]), content=str(n["text"]), meta={"title": n["title"]}) for n in NEWS]
    )
    pipeline = Pipeline()
    pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=2))
    pipeline.add_component("reader", reader)
    pipeline.connect("bm25.documents", "reader.documents")
    asked = "How many people died, officials said?"
    (answer, *_) = pipeline.run({"bm25": {"query": asked}, "reader": {"query": asked}})["reader"]["answers"]
    assert (answer.data, answer.document.id, answer.meta["calibrated"]) == ("3,400", "quake", False)
    span = answer.document_offset
    assert answer.document.content[span.start : span.end] == "3,400"
    margin = 4 / 6 - 0.5  # share of "people died officials said" in the question's words, minus one half
    assert answer.score == pytest.approx(1 / (1 + math.exp(-margin)))


def test_one_foreign_or_altered_document_makes_all_scores_uncalibrated(sample_news):
    retriever, reader = NewsQARetriever("x"), NewsQAReader("x")
    vars(retriever)["retriever"], vars(reader)["archive"] = sample_news.retriever, sample_news
    own = retriever.run(QUESTION)["documents"]

    def calibrated(documents: list[Document]) -> set[bool]:
        return {answer.meta["calibrated"] for answer in reader.run(QUESTION, documents)["answers"]}

    assert calibrated(own) == {True}
    stranger = Document(content="The Ever Given blocked the Suez Canal in 2021.")
    assert calibrated([*own, stranger]) == {False}
    for name, value in {"index": "elsewhere", "article": "gone", "start": 1, "score": None}.items():
        altered = Document(id="a", content=own[0].content, meta=own[0].meta | {name: value})
        assert calibrated([altered, *own[1:]]) == {False}, name


def test_what_holds_no_text_answers_nothing(reader):
    assert reader.run(DEAD, []) == {"answers": []}
    assert reader.run(DEAD, [Document(content=None), Document(content="")]) == {"answers": []}


def test_texts_too_long_to_be_read_are_refused_before_they_are(reader):
    with pytest.raises(
        InputError, match=r"^the texts have 1,000,002 characters, at most 1,000,000 are read\. Split"
    ):
        reader.run("Who?", [Document(content="x" * 500_001)] * 2)


def test_without_haystack_one_line_says_how_it_is_installed(run_python):
    program = (
        "import sys; sys.modules['haystack'] = None\n"
        "try:\n    import qa.integrations.haystack\nexcept ImportError as fault:\n    print(fault)"
    )
    assert run_python(program) == (
        "qa.integrations.haystack needs Haystack: pip install -r requirements-haystack.txt"
    )
