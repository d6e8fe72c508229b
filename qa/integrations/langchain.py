"""News QA in chains of LangChain: a retriever over an index."""

from __future__ import annotations

from threading import Lock

import qa
from qa.integrations.hits import metadata_of, name_of, warn_of_unknown
from qa.shipped import install_command

try:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from pydantic import ConfigDict, PrivateAttr
except ImportError as fault:
    raise ImportError(f"qa.integrations.langchain needs LangChain: {install_command('langchain')}") from fault


class NewsQARetriever(BaseRetriever):
    """Finds passages as :meth:`qa.Retriever.search` does; the scores are in the metadata.

    They compare within one search only. The index is opened with the first question.
    """

    # An option that is mistyped would otherwise widen the search.
    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    index: str
    k: int = 10
    since: str | None = None
    until: str | None = None
    source: list[str] | None = None
    tag: list[str] | None = None
    _opened: qa.Retriever | None = PrivateAttr(default=None)
    _lock: Lock = PrivateAttr(default_factory=Lock)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        retriever = self._retriever()
        hits = retriever.search(
            query, self.k, since=self.since, until=self.until, source=self.source, tag=self.tag
        )
        warn_of_unknown(hits)
        address = retriever.address
        return [
            Document(id=name_of(hit), page_content=hit.passage.text, metadata=metadata_of(hit, address))
            for hit in hits
        ]

    def _retriever(self) -> qa.Retriever:
        with self._lock:
            if self._opened is None:
                self._opened = qa.Retriever.open(self.index)
            return self._opened
