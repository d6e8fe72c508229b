"""Articles -> the passage that answers and those beside it."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from qa.models.tokenizer import Tokenizer
from qa.models.weights import prepare
from qa.records import Article
from qa.settings import AskSettings
from training.mining import MINED
from training.phrases import OTHERS, examples_of


def reader_tokenizer() -> Tokenizer:
    return Tokenizer.load(prepare(AskSettings().reader, "reader").folder)


OLD, NEW = datetime(2022, 5, 1, tzinfo=UTC), datetime(2023, 5, 1, tzinfo=UTC)
SAID = "Anna Berg, the owner of a bakery in Bath, came late. "
FILLING = "The council had met on many evenings to speak of the bridge and of little else. " * 60


def test_passage_with_the_answer_comes_first_and_others_of_the_article_do_not_hold_it():
    tokenizer = reader_tokenizer()
    article = Article("a", "The bridge", FILLING + SAID + FILLING, published=OLD)
    ((gold, *others),) = examples_of([article], tokenizer, random.Random(0))
    assert gold.answers == ("the owner of a bakery in Bath",)
    assert gold.passage.text.count("the owner of a bakery") == 1
    assert [other.kind for other in others] == [MINED] * OTHERS
    assert not any("bakery" in other.passage.text for other in others)
    assert {other.question for other in others} == {gold.question}


def test_only_old_articles_are_asked_about():
    tokenizer = reader_tokenizer()
    given = [
        Article("new", "", SAID, published=NEW),
        Article("undated", "", SAID),
        "what was left out",
        Article("old", "", SAID, published=OLD),
    ]
    found = [examples[0].passage.article.id for examples in examples_of(given, tokenizer, random.Random(0))]
    assert found == ["old"]
