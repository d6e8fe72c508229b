"""Questions -> the passages that teach an embedder: one that answers, and one that only looks so.

The second ranks high for the question and does not hold the answer's words: among the first that the
retrieval finds in a whole archive, or the first of BM25 among the passages of all questions
(Karpukhin et al. 2020).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
from rich.progress import track

from qa.evaluate.metrics import normalized
from qa.models.tokenizer import Tokenizer
from qa.passages import embedded_text
from training import store
from training.examples import Example, auxiliary, load
from training.pack import ARCHIVE, DEV_ARTICLES, SEED
from training.written import NEWS, OPEN, WIKINEWS, written

# Questions of each source at most; the textbook ones share their words with the passage and teach little.
MOST = {NEWS: 12_000, WIKINEWS: 2500, OPEN: 2500, "nq": 3000, "squad": 3000}
DEPTH = 10  # BM25 hits searched for a hard negative


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, the passage that answers it, and one that only looks so; passages as they are embedded."""

    question: str
    passage: str
    negative: str


def answered(data: Path, tokenizer: Tokenizer) -> Iterator[Example]:
    """Yield the questions that may train and have an answer, each on the passage that holds it."""
    rng = random.Random(SEED)
    found: dict[str, list[Example]] = {name: [] for name in MOST}
    for domain in (NEWS, WIKINEWS, OPEN):
        articles = store.read(domain, data / "news-2022-2023" / ARCHIVE)
        for each in written(articles, domain, tokenizer, seed=SEED):
            if not each.chooses:
                found[domain].append(each.example)
    for example in [
        *load(data / "reader", tokenizer, seed=SEED),
        *auxiliary(data / "reader", tokenizer, seed=SEED),
    ]:
        if example.source in found and not example.passage.article.id.startswith(DEV_ARTICLES):
            found[example.source].append(example)
    for name, examples in found.items():
        right = [example for example in examples if example.spans]
        yield from rng.sample(right, min(MOST[name], len(right)))


def pairs(
    examples: Sequence[Example], search: Callable[[Example], list[Example]] | None = None
) -> list[Pair]:
    """Give each question a hard negative; questions for which none is found are left out.

    Given ``search``, which returns a question on passages that do not answer it, the negatives of news
    questions are one of these; see :func:`training.mining.other_articles`.
    """
    rng = random.Random(SEED)
    texts = list(dict.fromkeys(embedded_text(example.passage) for example in examples))
    held = [f" {normalized(text)} " for text in texts]
    ranking = bm25s.BM25()
    ranking.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
    asked = bm25s.tokenize([example.question for example in examples], show_progress=False)
    ranked, _ = ranking.retrieve(asked, k=min(DEPTH, len(texts)), show_progress=False)
    made = []
    for example, numbers in zip(track(examples, "negatives"), ranked, strict=True):
        right = embedded_text(example.passage)
        mined = search(example) if search is not None and example.source == NEWS else []
        if mined:
            made.append(Pair(example.question, right, embedded_text(rng.choice(mined).passage)))
            continue
        answers = [f" {normalized(answer)} " for answer in example.answers]
        wrong = (
            texts[number]
            for number in numbers
            if texts[number] != right and not any(answer in held[number] for answer in answers)
        )
        negative = next(wrong, None)
        if negative is not None:
            made.append(Pair(example.question, right, negative))
    return made
