"""The news archive itself -> groups for questions whose answers are phrases, to train on.

Readers of news ask "Who is Anil Ambani?" and "What did the governor say?" (Trischler et al. 2017), and the
answers have six words; those of the textbook sets have three, so a reader that knows only these points at
too little. :mod:`training.phrase_rules` makes such questions of sentences that hold their answers. The other
passages of the article are read beside, as ``ask`` reads several. Only articles published before 2023 are
asked about, since the quiz questions of 2023 measure.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from qa.models.tokenizer import Tokenizer
from training.examples import Example, holding, passages_of
from training.mining import MINED
from training.negatives import beside
from training.phrase_rules import phrases_of
from training.reserved import trainable

QUESTIONS = 3000
OTHERS = 2  # passages of the article that do not answer, at most
SOURCE = "phrases"


def examples_of(
    articles: Iterable[object], tokenizer: Tokenizer, rng: random.Random
) -> Iterator[list[Example]]:
    """Yield of each question the passage with most of its answers, and others of the article without any."""
    for article in trainable(articles):
        phrases = phrases_of(article.text, rng)
        if not phrases:
            continue
        passages = passages_of(article, tokenizer)
        for number, phrase in enumerate(phrases):
            asked = Example(f"{article.id}-{number}", phrase.question, passages[0], phrase.spans, SOURCE)
            gold = holding(asked, passages)
            if gold is None:
                continue
            without = (passage for passage in passages if holding(asked, [passage]) is None)
            twins = [twin for passage in without for twin in [beside(gold, passage, MINED)] if twin]
            yield [gold, *rng.sample(twins, min(OTHERS, len(twins)))]
