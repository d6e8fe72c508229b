"""News QA: exact, dated, sourced answers from a news archive, on your own machine.

    import qa
    qa.build(["articles/"], "indexes/news")
    reply = qa.open("indexes/news").ask("When did Shoigu visit North Korea?")

Importing this package loads no model and no heavy library; the names below load theirs when first used.
"""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.doors.async_archive import AsyncArchive
    from qa.errors import ArchiveError, QAError
    from qa.index.backends import check
    from qa.maintain.build import build
    from qa.maintain.forget import forget
    from qa.records import NO_DAY, Answer, Article, Hit, Passage, Reply
    from qa.reports import BuildReport, ForgetReport, Overview, Progress
    from qa.retrieve.retriever import Retriever
    from qa.settings import AskSettings, IndexSettings

    open = Archive.open

__version__ = "0.2.0"
__all__ = [
    "NO_DAY",
    "Answer",
    "Archive",
    "ArchiveError",
    "Article",
    "AskSettings",
    "AsyncArchive",
    "BuildReport",
    "ForgetReport",
    "Hit",
    "IndexSettings",
    "Overview",
    "Passage",
    "Progress",
    "QAError",
    "Reply",
    "Retriever",
    "build",
    "check",
    "forget",
    "open",
]

_HOMES = {
    "Archive": "qa.archive",
    "AsyncArchive": "qa.doors.async_archive",
    "ArchiveError": "qa.errors",
    "QAError": "qa.errors",
    "check": "qa.index.backends",
    "build": "qa.maintain.build",
    "forget": "qa.maintain.forget",
    "NO_DAY": "qa.records",
    "Answer": "qa.records",
    "Article": "qa.records",
    "BuildReport": "qa.reports",
    "ForgetReport": "qa.reports",
    "Hit": "qa.records",
    "Overview": "qa.reports",
    "Passage": "qa.records",
    "Progress": "qa.reports",
    "Reply": "qa.records",
    "Retriever": "qa.retrieve.retriever",
    "AskSettings": "qa.settings",
    "IndexSettings": "qa.settings",
}
_RENAMED = {"NewsQA": "Archive"}  # names of version 0.1, which go with version 0.3


def __getattr__(name: str) -> object:
    if name == "open":
        return importlib.import_module("qa.archive").Archive.open
    if name in _RENAMED:
        warnings.warn(f"qa.{name} is now called qa.{_RENAMED[name]}", DeprecationWarning, stacklevel=2)
        name = _RENAMED[name]
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
