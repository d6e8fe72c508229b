"""Kinds of quiz questions, and what becomes of them, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.quiz_kinds import Fate, fates, kind_of
from benchmarks.quiz_questions import QuizQuestion
from qa.evaluate.asking import Outcome
from qa.records import Answer, Article, Hit, Passage, Reply


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which of these singers will NOT perform?", "which of these, all but one"),
        ("All of these rank in the top 5, except:", "which of these, all but one"),
        ("Which city had floods following a storm?", "place"),
        ("Who won? It was in Rome. What percentage voted for her?", "number or amount"),
        ("How high will the river rise?", "number or amount"),
        ("What year did it open?", "time"),
        ("He was president before. When did he first win?", "time"),
        ("Which host left when the station was sold?", "which or what thing"),
        ("Hundreds were held in which African country?", "place"),
        ("The law was signed by whom?", "person"),
        ("Finish the line: Yesterday ...", "to be completed"),
        ("The least age was raised to:", "to be completed"),
        ("True or false?", "other"),
    ],
)
def test_kind_is_that_of_the_last_sentence(question: str, kind: str):
    assert kind_of(question) == kind


TEXT = "Ada Wren won in Oslo."


def outcome(gold: str, given: str, *, shown: bool, answerable: bool = True) -> Outcome[QuizQuestion]:
    article = Article("a", "", TEXT)
    start = TEXT.index(given)
    answer = Answer(article, start, start + len(given), 0.5, 1.0)
    question = QuizQuestion("2023_1", "Who won?", gold, date(2023, 1, 6), answerable)
    hits = (Hit(Passage(article, 0, len(TEXT)), 1.0, 0.5, 1.0),)
    reply = Reply(
        question.question, (answer,) if shown else (), hits, best_rejected=None if shown else answer
    )
    return Outcome(question, reply, 0.1)


def test_every_question_meets_one_fate():
    held = [
        outcome("Ada Wren", "Ada Wren", shown=True),
        outcome("Ada Wren", "Ada Wren", shown=False),
        outcome("Ada Wren", "Oslo", shown=True),
        outcome("Eve Moss", "Oslo", shown=True),
        outcome("Eve Moss", "Oslo", shown=False, answerable=False),
    ]
    assert fates(held) == [Fate("person", 4, f1=0.5, not_read=0.25, misread=0.25, kept_back=0.25, shown=0.25)]
