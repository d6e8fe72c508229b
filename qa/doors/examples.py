"""A small reply, worked out by hand: the example that the description of the HTTP interface shows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from qa.doors.sent import full_article
from qa.export import reply_to_dict
from qa.records import Answer, Article, Hit, Passage, Reply

_TEXT = "Sergei Shoigu arrived in Pyongyang on Tuesday. He stayed until Thursday."
ARTICLE = Article(
    id="a1",
    title="Shoigu in Pyongyang",
    text=_TEXT,
    published=datetime(2023, 7, 25, 18, tzinfo=UTC),
    source="Meridian Wire",
    url="https://meridian-wire.example/shoigu",
    tags=("Russia",),
)
_START = _TEXT.index("Pyongyang")
REPLY = Reply(
    question="Where did Shoigu arrive?",
    answers=(
        Answer(
            ARTICLE,
            _START,
            _START + len("Pyongyang"),
            confidence=0.91,
            margin=6.5,
            null=-2.25,
            first=date(2023, 7, 25),
            last=date(2023, 7, 25),
        ),
    ),
    hits=(
        Hit(
            Passage(ARTICLE, 0, len(_TEXT)),
            score=0.94,
            similarity=0.71,
            bm25=9.5,
            similarity_rank=1,
            bm25_rank=1,
        ),
    ),
    timings={"retrieve": 0.02, "read": 0.13},
)


def reply_example() -> dict[str, Any]:
    """Return the reply as POST /ask sends it."""
    return reply_to_dict(REPLY)


def article_example() -> dict[str, Any]:
    """Return the article as GET /articles/{id} sends it."""
    return full_article(ARTICLE)
