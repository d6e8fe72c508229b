"""News QA: exact, dated, sourced answers from a news archive, on your own machine.

    import qa
    qa.build(["articles/"], "indexes/news")
    reply = qa.open("indexes/news").ask("When did Shoigu visit North Korea?")

Importing this package loads no model and no heavy library; the names below load theirs when first used.
"""

from __future__ import annotations

import importlib

_HOMES = {
    "NewsQA": "qa.archive",
    "Retriever": "qa.retrieve.retriever",
    "build": "qa.maintain.build",
    "check": "qa.index.backends",
    "forget": "qa.maintain.forget",
    "Article": "qa.records",
    "Passage": "qa.records",
    "Hit": "qa.records",
    "Answer": "qa.records",
    "Reply": "qa.records",
    "BuildReport": "qa.records",
    "ForgetReport": "qa.records",
    "Overview": "qa.records",
    "Progress": "qa.records",
    "IndexSettings": "qa.settings",
    "AskSettings": "qa.settings",
    "QAError": "qa.errors",
}
__all__ = [*_HOMES, "open"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name == "open":
        return importlib.import_module("qa.archive").NewsQA.open
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
