"""The archive of four articles with stand-in models, for other libraries; nothing is sent anywhere."""

from __future__ import annotations

import os

import pytest

import qa
from qa.settings import AskSettings

for variable in ("HAYSTACK_TELEMETRY_ENABLED", "LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ[variable] = "false"


@pytest.fixture
def small(news, build_small, open_small, number_reader) -> qa.Archive:
    build_small(news)
    return qa.Archive(open_small(), number_reader, AskSettings())
