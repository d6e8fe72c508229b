"""Sentences of the news -> questions, and which hits may answer them."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from benchmarks.quiz_questions import QuizQuestion
from qa.records import Article, Hit, Passage
from training.cloze import elsewhere, question_of, questions_of


def made(sentence: str) -> set[tuple[str, str]]:
    """Return all questions that different draws make of a sentence."""
    found = (question_of(sentence, random.Random(seed)) for seed in range(60))
    return {each for each in found if each is not None}


def test_name_that_opens_the_sentence_becomes_who_or_what():
    assert made("Minjee Lee won the biggest prize in the sport on a sunny afternoon.") == {
        (f"{word} won the biggest prize in the sport on a sunny afternoon?", "Minjee Lee")
        for word in ("Who", "Which", "What")
    }


def test_name_after_a_place_word_is_asked_for_as_a_place():
    assert made("The summit of the seven leaders was held in Hiroshima, said a spokesman.") == {
        (f"The summit of the seven leaders was held in {word}{rest}?", "Hiroshima")
        for word in ("which place", "which country", "which city", "where")
        for rest in (", said a spokesman", "")
    }


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("the fire has burned 5,700 acres of pine wood so far", "how many acres", "5,700"),
        ("the company paid $12 million to its former chief in spring", "paid how much to", "$12 million"),
        ("the shop has stood at this corner of the town since 1987", "since 1987", None),
        ("it was the worst drought that farmers had seen in 2012", "in which year?", "2012"),
    ],
)
def test_amounts_and_years_have_question_words_of_their_own(sentence: str, question: str, answer: str | None):
    found = made(sentence)
    if answer is None:
        assert found == {("The shop has stood at this corner of the town since which year's?", "1987")}
    else:
        assert {a for _, a in found} == {answer}
        assert all(question in q for q, _ in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "they said on Monday that the talks would go on for a while",  # a day of the week
        "they work in the Abbott plant and like it there very much",  # describes the next word
        "the wage of Kim rose while that of Kim fell, as people told",  # said twice
        "they liked the mayor's speech, but not what Abbott's lawyers made of it",  # possessive
    ],
)
def test_what_cannot_be_asked_for_is_left(sentence: str):
    assert made(sentence) == set()


def test_dateline_is_no_part_of_the_question():
    found = made("SOUTHERN PINES, N.C. — Minjee Lee won the biggest prize in the sport by four shots.")
    assert ("Who won the biggest prize in the sport by four shots?", "Minjee Lee") in found
    assert not any("PINES" in question for question, _ in found)


TEXT = "Minjee Lee won the biggest prize in the sport on a sunny afternoon."


def article(name: str, year: int | None = 2022, text: str = TEXT) -> Article:
    return Article(name, "", text, published=None if year is None else datetime(year, 6, 1, tzinfo=UTC))


def test_years_that_measure_and_articles_without_a_date_are_not_asked_about():
    found = questions_of([article("a"), article("b", 2023), article("c", None)], random.Random(0))
    assert [(q.id, q.answer, q.day.isoformat()) for q in found] == [("a", "Minjee Lee", "2022-06-01")]


def test_own_article_its_copies_and_other_stories_are_no_evidence():
    asked = QuizQuestion("a", "Who won the Open?", "Lee", datetime(2022, 6, 1).date(), True)
    texts = {"a": "won the Open", "b": "won the Open", "c": "won the Open", "d": "won the prize"}
    copies = {"b": (article("a"),)}
    hits = [
        Hit(Passage(article(name, text=text), 0, len(text)), 0.5, 0.5, 1.0, copies.get(name, ()))
        for name, text in texts.items()
    ]
    assert [hit.passage.article.id for hit in elsewhere(asked, hits)] == ["c"]
