"""Articles and replies small enough to work out by hand what the page makes of them."""

from datetime import UTC, datetime

import pytest

from qa.records import Answer, Article, Hit, Passage, Reply

TEXT = (
    "Sergei Shoigu flew to Pyongyang on Tuesday.\n\n"
    'He stayed from "25 to 27 July", the ministry said in a statement that was published on its web site '
    "late on Thursday evening. He inspected missiles."
)


def answer_in(article: Article, text: str, confidence: float, **known: object) -> Answer:
    start = article.text.index(text)
    return Answer(article, start, start + len(text), confidence, 5.25, **known)


@pytest.fixture
def article() -> Article:
    return Article(
        id="a1",
        title="Shoigu in Pyongyang",
        text=TEXT,
        published=datetime(2023, 7, 27, 18, tzinfo=UTC),
        zone_assumed=True,
        source="CBS News",
        url="https://example.org/a?x=1&y=2",
        authors=("Ann Lee",),
        tags=("Russia", "North Korea"),
    )


@pytest.fixture
def copy() -> Article:
    return Article(id="a2", title="Shoigu visits", text=TEXT, source="Reuters")


@pytest.fixture
def reply(article: Article, copy: Article) -> Reply:
    start = TEXT.index("25 to 27 July")
    hit = Hit(Passage(article, 0, 43), score=0.75, similarity=0.5, bm25=12.25, copies=(copy,))
    return Reply(
        question="When did Shoigu visit North Korea?",
        answers=(answer_in(article, "25 to 27 July", 0.83, agreeing=(Passage(copy, start, start + 13),)),),
        hits=(hit,),
        timings={"retrieve": 0.02, "read": 0.5},
    )


@pytest.fixture
def not_found(article: Article) -> Reply:
    hit = Hit(Passage(article, 0, 43), score=0.1, similarity=0.1, bm25=0.0)
    rejected = answer_in(article, "missiles", 0.06)
    return Reply("Who won?", (), (hit,), best_rejected=rejected)
