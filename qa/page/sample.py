"""The sample archive that comes with News QA: where it is, and whether a reply rests on it."""

from __future__ import annotations

from functools import cache

import qa
from qa.ingest.articles import read_articles
from qa.records import Article, Reply
from qa.shipped import SAMPLE

FOLDER = SAMPLE
NOTE = (
    "This comes from the sample archive that is part of News QA: its outlets are invented, and nothing in it "
    "is a source. Build an archive of your own articles in the Build view."
)

KEEP_APART = (
    "This archive holds the sample, whose outlets are invented: keep your own articles in another one."
)


@cache
def ids() -> frozenset[str]:
    """Return the ids of the sample's articles; takes half a second, once a process."""
    return frozenset(item.id for item in read_articles([FOLDER]) if isinstance(item, Article))


def is_held_by(retriever: qa.Retriever) -> bool:
    """Return whether an archive holds articles of the sample; takes milliseconds once the ids are known."""
    return any(retriever.holds(one) for one in ids())


def rests_on_sample(reply: Reply) -> bool:
    """Return whether an answer, a guess or, without either, a passage comes from the sample archive."""
    shown = [*reply.answers, *([reply.best_rejected] if reply.best_rejected is not None else [])]
    articles = [answer.article for answer in shown] or [hit.passage.article for hit in reply.hits]
    articles += () if reply.listing is None else reply.listing.articles
    return any(article.id in ids() for article in articles)
