"""Questions written for this project -> examples: the passage that answers, and others of its article.

Title and day of the article are the header that ``ask`` shows the reader. An unanswerable question comes
with the words that tempt; the passage that holds them is the one asked about.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from qa.ingest.titles import without_site
from qa.models.tokenizer import Tokenizer
from qa.records import Article, Passage
from training.examples import Example, holding, passages_of
from training.reserved import held_out, is_reserved
from training.store import Asked, Question

NEWS, WIKINEWS, OPEN, SQUAD = "news", "wikinews", "open news", "squad people"
# One article in so many is held out to choose between runs, beside those already marked as "dev".
CHOOSES = {NEWS: 8, WIKINEWS: 6, OPEN: 8, SQUAD: 0}  # some of SQuAD's own articles are held out already
BESIDE = "passage of the same article"
MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Written:
    """A question with the passages of its own article that are read for it; the first is asked about."""

    examples: tuple[Example, ...]
    chooses: bool  # held out to choose between runs

    @property
    def example(self) -> Example:
        return self.examples[0]


def written(articles: Iterable[Asked], domain: str, tokenizer: Tokenizer, *, seed: int) -> Iterator[Written]:
    """Yield the questions on articles, in order.

    :raises ValueError: if an article is reserved.
    """
    for number, asked in enumerate(articles):
        if is_reserved(asked.url, asked.title):
            raise ValueError(f"{asked.title!r} is reserved and may not train")
        article = _article(f"{domain}-{number}", asked)
        passages = passages_of(article, tokenizer)
        held = chooses(asked, domain)
        for place, question in enumerate(asked.questions):
            made = _one(question, f"{article.id}-{place}", domain, passages, seed)
            if made:
                yield Written(made, held)


def chooses(asked: Asked, domain: str) -> bool:
    """Return whether the questions on an article choose between runs, and so train nothing."""
    one_in = CHOOSES[domain]
    return asked.dev or (one_in > 0 and held_out(asked.url or asked.title, one_in))


def _article(identity: str, asked: Asked) -> Article:
    published = datetime.fromisoformat(asked.date).replace(tzinfo=UTC) if len(asked.date) == 10 else None
    title = without_site(asked.title, source=asked.source, url=asked.url)
    return Article(identity, title, asked.text, published, source=asked.source, url=asked.url)


def _one(
    question: Question, identity: str, domain: str, passages: Sequence[Passage], seed: int
) -> tuple[Example, ...]:
    """Return the example on the passage asked about, then on others of the article without the answer."""
    spans = ((question.start, question.end),)
    asked = holding(Example(identity, question.text, passages[0], spans, domain), passages)
    if asked is None:
        return ()
    if not question.answerable:
        asked = replace(asked, spans=(), kind="written by people")
    elsewhere = [p for p in passages if p is not asked.passage and not _overlap(p, asked, spans)]
    rng = random.Random(f"{seed} {identity}")
    others = rng.sample(elsewhere, min(MOST_OTHERS, len(elsewhere)))
    return (asked, *(replace(asked, passage=p, spans=(), kind=BESIDE) for p in others))


def _overlap(passage: Passage, asked: Example, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether another passage holds the answer as well; passages overlap."""
    return bool(asked.spans) and any(s < passage.end and passage.start < e for s, e in spans)
