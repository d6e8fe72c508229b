"""Which phrases of news text become answers, on sentences written for each rule."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.phrase_rules import EACH, MAKERS, phrases_of


def made(text: str, kinds: str) -> set[tuple[str, tuple[str, ...]]]:
    """Return every question of the kind that the text comes to, with its answers."""
    found = set()
    for seed in range(60):
        for phrase in phrases_of(text, random.Random(seed)):
            if any(phrase.question.lower().startswith(opening) for opening in kinds.split("|")):
                found.add((phrase.question, tuple(text[start:end] for start, end in phrase.spans)))
    return found


def test_apposition_and_role_say_who_somebody_is():
    text = "Anil Berg, the owner of a bakery in Bath, met CNN analyst Paula Moss."
    answers = {(phrase[1], "Berg" in phrase[0]) for phrase in made(text, "who|what is|what position")}
    assert answers == {(("the owner of a bakery in Bath",), True), (("CNN analyst",), False)}


def test_clause_after_said_and_quotations_are_all_that_somebody_said():
    text = (
        "Anna Berg said that the bridge would open in the spring. “We are glad to have waited for it,” "
        "Anna Berg said. “It is far too late for the town,” Carl Dahl said."
    )
    found = made(text, "what did")
    both = ("the bridge would open in the spring", "We are glad to have waited for it")
    assert ("What did Anna Berg say?", both) in found
    assert ("What did Dahl say?", ("It is far too late for the town",)) in found
    assert ("What did Berg say about the spring?", both[:1]) in found


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Moss agreed to lend us a boat, she said.", "What did Moss agree to do?", "lend us a boat"),
        ("Abel Moss has been accused of taking salt.", "What was Abel Moss accused of?", "taking salt"),
        ("Dahl was arrested on Friday in Oslo.", "What happened to Dahl?", "was arrested on Friday in Oslo"),
        ("The game was called off because of heavy rain.", "Why was the game called off?", "heavy rain"),
        ("NBC has moved the show because it was too long.", "Why has NBC moved the show?", "it was too long"),
    ],
)  # fmt: skip
def test_each_rule_turns_its_sentence_into_a_question(text: str, question: str, answer: str):
    assert (question, (answer,)) in made(text, question.split()[0].lower())


@pytest.mark.parametrize(
    "text",
    [
        "He wanted to leave the town at once.",  # nobody is named
        "In the United States were arrested on Friday many people.",  # the end of a phrase
        "Dahl was fired by Gov. Ann Moss.",  # the sentence was cut at an abbreviation
        "The paper has said that Moss resigned because of the rain.",  # somebody else gives the reason
    ],
)
def test_what_would_make_no_question_is_left(text: str):
    assert phrases_of(text, random.Random(0)) == []


def test_a_text_gives_at_most_so_many_questions_of_different_kinds():
    text = (
        "Dahl was arrested on Friday. Moss agreed to lend the museum a boat. "
        "The game was called off because of heavy rain."
    )
    for seed in range(20):
        questions = [phrase.question for phrase in phrases_of(text, random.Random(seed))]
        assert len({question.split()[1] for question in questions}) == len(questions) == EACH
    assert len(MAKERS) > EACH


@given(st.text(alphabet="AaBb .,“”\n'’é5", max_size=300), st.integers(0, 3))
def test_answers_stand_in_the_text(text: str, seed: int):
    for phrase in phrases_of(text, random.Random(seed)):
        assert phrase.spans
        for start, end in phrase.spans:
            assert 0 <= start < end <= len(text)
