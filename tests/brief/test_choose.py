"""One or two sentences a day: the weightiest, then one that says something else."""

from __future__ import annotations

from datetime import date

import numpy as np

from qa.brief.choose import events_of
from qa.brief.dated import Dated
from qa.brief.days import Weighed
from qa.records import Article, Quote

VECTORS = np.array([[1, 0, 0], [0.96, 0.28, 0], [0, 1, 0], [0, 0, 1], [0.6, 0.8, 0]], dtype=np.float32)


def line(row: int, relevance: float, story: str = "") -> Weighed:
    article = Article(story if story else f"a{row}", "", f"Sentence {row}.")
    dated = Dated(Quote(article, 0, len(article.text)), date(2023, 6, 18), "named", row)
    return Weighed(dated, story if story else article.id, relevance, row)


def chosen(lines: list[Weighed], told: tuple[int, ...] = ()) -> list[tuple[str, list[str], int]]:
    found = events_of(lines, VECTORS, told)
    return [(e.quote.text, [q.text for q in e.agreeing], e.sources) for e, _ in found]


def test_sentences_that_say_nearly_the_same_are_folded_into_the_weightiest():
    assert chosen([line(0, 0.8), line(1, 0.9)]) == [("Sentence 1.", ["Sentence 0."], 2)]


def test_a_repeat_within_one_article_is_no_agreement():
    assert chosen([line(0, 0.9, "a"), line(1, 0.8, "a")]) == [("Sentence 0.", [], 1)]


def test_a_second_sentence_says_something_else_and_weighs_nearly_as_much():
    assert chosen([line(0, 0.9), line(2, 0.8)]) == [("Sentence 0.", [], 1), ("Sentence 2.", [], 1)]
    assert chosen([line(0, 0.9), line(2, 0.5)]) == [("Sentence 0.", [], 1)]


def test_there_are_never_more_than_two():
    assert [text for text, _, _ in chosen([line(0, 0.9), line(2, 0.9), line(3, 0.9)])] == [
        "Sentence 0.",
        "Sentence 2.",
    ]


def test_what_several_independent_articles_say_comes_before_a_better_sentence_of_one():
    assert chosen([line(2, 1.0), line(0, 0.8), line(1, 0.75)])[0] == ("Sentence 0.", ["Sentence 1."], 2)


def test_what_the_brief_says_already_gives_way_to_something_new():
    lines = [line(0, 0.9), line(3, 0.85)]
    assert chosen(lines)[0][0] == "Sentence 0."
    assert chosen(lines, told=(1,))[0][0] == "Sentence 3."


def test_marginal_relevance_prefers_of_two_equal_sentences_the_one_less_like_the_first():
    lines = [line(0, 0.9), line(4, 0.8), line(3, 0.8)]
    assert [text for text, _, _ in chosen(lines)] == ["Sentence 0.", "Sentence 3."]


def test_rows_of_the_vectors_come_back_for_the_days_that_follow():
    assert [row for _, row in events_of([line(0, 0.9), line(2, 0.8)], VECTORS, ())] == [0, 2]
