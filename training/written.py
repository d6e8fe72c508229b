"""Questions written for this project -> examples: the passage that answers, and others of its article.

A question stands with its article in SQuAD's format, which names title and day; they are the header that
``ask`` shows the reader. An unanswerable question comes with the words that tempt; the passage that holds
them is the one asked about.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from qa.ingest.titles import without_site
from qa.records import Article, Passage
from qa.tokenizer import Tokenizer
from training.examples import Example, holding, passages_of
from training.reserved import held_out, is_reserved

NEWS, WIKINEWS, OPEN = "news", "wikinews", "open news"
# One article in so many chooses between runs, beside those that came held out ("dev").
CHOOSES = {NEWS: 8, WIKINEWS: 6, OPEN: 8}
BESIDE = "passage of the same article"
MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Written:
    """A question with the passages of its own article that are read for it; the first is asked about."""

    examples: tuple[Example, ...]
    kind: str  # f fact, p phrase, k search box, z quiz, m two sentences, u unanswerable
    chooses: bool  # held out to choose between runs

    @property
    def example(self) -> Example:
        return self.examples[0]


def written(file: Path, domain: str, tokenizer: Tokenizer, *, dev: bool, seed: int) -> Iterator[Written]:
    """Yield the questions of a file in SQuAD's format, in order.

    :raises ValueError: if an article is reserved.
    """
    raw = file.read_bytes()
    data = json.loads(gzip.decompress(raw) if file.suffix == ".gz" else raw)["data"]
    for document in data:
        if is_reserved(document.get("url"), document["title"]):
            raise ValueError(f"{file}: {document['title']!r} is reserved and may not train")
        name = document.get("url") or document["title"]
        for number, paragraph in enumerate(document["paragraphs"]):
            article = _article(f"{domain}-{name}-{number}", document, paragraph["context"])
            passages = passages_of(article, tokenizer)
            chooses = dev or held_out(name, CHOOSES[domain])
            for place, question in enumerate(paragraph["qas"]):
                made = _one(question, f"{article.id}-{place}", domain, passages, seed)
                if made:
                    yield Written(made, question.get("kind", ""), chooses)


def _article(identity: str, document: Mapping[str, str | None], text: str) -> Article:
    url, source = document.get("url") or "", document.get("source") or ""
    day = (document.get("date") or "")[:10]
    published = datetime.fromisoformat(day).replace(tzinfo=UTC) if len(day) == 10 else None
    title = without_site(document["title"] or "", source=source, url=url)
    return Article(identity, title, text, published, source=source, url=url)


def _one(
    question: Mapping[str, object], identity: str, domain: str, passages: Sequence[Passage], seed: int
) -> tuple[Example, ...]:
    """The example on the passage asked about, then on others of the article without the answer."""
    answers = question["answers"] or question.get("plausible_answers", [])
    spans = tuple((a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers)
    text = " ".join(str(question["question"]).split())
    asked = holding(Example(identity, text, passages[0], spans, domain), passages)
    if asked is None:
        return ()
    if question.get("is_impossible"):
        asked = replace(asked, spans=(), kind="written by people")
    elsewhere = [p for p in passages if p is not asked.passage and not _overlap(p, asked, spans)]
    rng = random.Random(f"{seed} {identity}")
    others = rng.sample(elsewhere, min(MOST_OTHERS, len(elsewhere)))
    return (asked, *(replace(asked, passage=p, spans=(), kind=BESIDE) for p in others))


def _overlap(passage: Passage, asked: Example, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether another passage holds the answer as well; passages overlap."""
    return bool(asked.spans) and any(s < passage.end and passage.start < e for s, e in spans)
