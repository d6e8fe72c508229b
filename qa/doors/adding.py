"""Articles of a request -> the index of an archive, which then answers from them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from qa.archive import Archive
from qa.doors.bodies import NewArticle
from qa.ingest.sources import Source
from qa.maintain.allotted import Allotted
from qa.maintain.build import build
from qa.reports import BuildReport
from qa.settings import IndexSettings


def add_articles(
    archive: Archive, articles: Sequence[NewArticle], making: IndexSettings, *, tokens: int
) -> BuildReport:
    """Add articles of at most so many tokens to an archive's index, embedded by the model that it has loaded.

    What is skipped is named by its place in the request: "request:3".

    :raises InputError: if none of them is an article, or they have more tokens; nothing was embedded then.
    :raises IndexBusy: if another build is writing this index.
    :raises ArchiveError: if the index cannot be written, or was made otherwise.
    """
    lines = "".join(json.dumps(_record(article)) + "\n" for article in articles).encode()
    request = Source("request", ".jsonl", datetime.now(UTC), lambda: io.BytesIO(lines))
    retriever = archive.retriever
    embedder = Allotted(retriever.embedder, tokens)
    report = build([request], retriever.address, add=True, settings=making, embedder=embedder)
    archive.refresh()
    return report


def _record(article: NewArticle) -> dict[str, object]:
    """Return what was given, alone: an empty field would count as one that the data has."""
    return {name: value for name, value in article.model_dump().items() if value not in ("", None, [])}
