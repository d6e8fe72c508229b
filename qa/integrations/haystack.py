"""News QA in pipelines of Haystack 3: a retriever over an index, and a reader of documents.

The reader's scores are probabilities only for documents of our own retriever over the same index, for on its
hits they were fitted. ``meta["calibrated"]`` of an answer says whether that is so; where it is not, the score
is the logistic of the reader's margin, good for an order and nothing else.
"""

# No `from __future__ import annotations`: Haystack reads the types to see which components fit together.
from functools import cached_property
from typing import Any

import qa
from qa.integrations.hits import metadata_of, name_of, warn_of_unknown
from qa.integrations.reading import Extracted, Found, extracted
from qa.shipped import install_command

try:
    from haystack import Document, component
    from haystack.dataclasses import ExtractedAnswer
except ImportError as fault:
    raise ImportError(f"qa.integrations.haystack needs Haystack: {install_command('haystack')}") from fault


@component
class NewsQARetriever:
    """Finds passages as :meth:`qa.Retriever.search` does; scores compare within one search only."""

    def __init__(self, index: str, top_k: int = 10) -> None:
        self.index = index
        self.top_k = top_k

    @cached_property
    def retriever(self) -> qa.Retriever:
        return qa.Retriever.open(self.index)

    @component.output_types(documents=list[Document])
    def run(
        self,
        query: str,
        since: str | None = None,
        until: str | None = None,
        source: list[str] | None = None,
        tag: list[str] | None = None,
    ) -> dict[str, Any]:
        hits = self.retriever.search(query, self.top_k, since=since, until=until, source=source, tag=tag)
        warn_of_unknown(hits)
        address = self.retriever.address
        documents = [
            Document(id=name_of(h), content=h.passage.text, meta=metadata_of(h, address), score=h.score)
            for h in hits
        ]
        return {"documents": documents}


@component
class NewsQAReader:
    """Answers with exact quotes of documents, the surest first; an empty list where nothing is sure."""

    def __init__(self, index: str) -> None:
        self.index = index  # whose calibration holds for its own documents

    @cached_property
    def archive(self) -> qa.Archive:
        return qa.Archive.open(self.index)

    @component.output_types(answers=list[ExtractedAnswer])
    def run(self, query: str, documents: list[Document]) -> dict[str, Any]:
        read = [document for document in documents if document.content]
        texts = [Found(document.id, document.content or "", document.meta) for document in read]
        return {"answers": [_answer(query, found, read) for found in extracted(self.archive, query, texts)]}


def _answer(query: str, found: Extracted, documents: list[Document]) -> ExtractedAnswer:
    document, answer = documents[found.text], found.answer
    span = None
    if found.start is not None and found.end is not None:
        span = ExtractedAnswer.Span(found.start, found.end)
    meta = {"calibrated": found.is_calibrated, "where": answer.where, "sources": answer.sources}
    return ExtractedAnswer(query, found.score, answer.text, document, document.content, span, span, meta)
