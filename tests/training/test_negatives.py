"""How a question loses its answer, each way on an example written for it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.metrics import contains
from qa.records import Article, Passage
from training.examples import Example
from training.negatives import (
    MAKERS,
    adversary,
    beside,
    other_name_in_passage,
    other_name_in_question,
    other_number_in_question,
    other_relation_in_question,
    other_word_in_question,
    sentence_taken_out,
)

TEXT = (
    "In Pyongyang the guest met Kim Jong Un in 2019. The talks took three hours. "
    "Later he flew to Beijing, where Wang Yi gave a dinner."
)


def example(question: str, answer: str, text: str = TEXT) -> Example:
    passage = Passage(Article("a", "", text), 0, len(text))
    start = text.index(answer)
    return Example("q", question, passage, ((start, start + len(answer)),), "squad")


def made(maker, question: str, answer: str, text: str = TEXT) -> set[tuple[str, str]]:
    """Return every question and passage that the maker comes to."""
    twins = [maker(example(question, answer, text), random.Random(seed)) for seed in range(40)]
    return {(twin.question, twin.passage.text) for twin in twins if twin is not None}


def test_another_name_of_the_passage_takes_the_place_of_the_one_asked_about():
    found = made(other_name_in_question, "How long did the talks with Kim Jong Un take?", "three hours")
    assert found == {
        (f"How long did the talks with {name} take?", TEXT) for name in ("Pyongyang", "Beijing", "Wang Yi")
    }


def test_name_that_is_the_answer_is_never_put_into_the_question():
    found = made(other_name_in_question, "Who met the guest of Beijing?", "Kim Jong Un")
    assert found == {(f"Who met the guest of {name}?", TEXT) for name in ("Pyongyang", "Wang Yi")}


def test_another_number_takes_the_place_of_the_one_asked_about():
    found = made(other_number_in_question, "Whom did he meet in 2019?", "Kim Jong Un")
    years = {2019 + change for change in (-20, -7, -3, -1, 1, 2, 4, 10)}
    assert found == {(f"Whom did he meet in {year}?", TEXT) for year in years}


def test_relation_is_turned_round():
    assert made(other_relation_in_question, "Who spoke before the dinner?", "Wang Yi") == {
        ("Who spoke after the dinner?", TEXT)
    }


def test_question_without_an_opposite_is_negated():
    assert made(other_relation_in_question, "Whom did the guest meet?", "Kim Jong Un") == {
        ("Whom didn't the guest meet?", TEXT)
    }


def test_word_of_the_passage_that_ends_alike_takes_the_place_of_one_asked_with():
    text = "The tower was designed by Berg and painted by Dahl. Moss, who visited, opposed it."
    assert made(other_word_in_question, "By whom was the tower painted?", "Dahl", text) == {
        (f"By whom was the tower {word}?", text) for word in ("designed", "visited", "opposed")
    }


def test_question_of_small_words_is_left_as_it_is():
    assert made(other_word_in_question, "Where would these have been?", "Beijing") == set()


def test_passage_says_the_same_of_somebody_else():
    found = made(other_name_in_passage, "How long did the talks with Kim Jong Un take?", "three hours")
    assert found == {
        ("How long did the talks with Kim Jong Un take?", TEXT.replace("Kim Jong Un", other))
        for other in ("Pyongyang", "Beijing", "Wang Yi")
    }


def test_answering_sentence_is_taken_out():
    question = "How long did the talks take?"
    kept = (
        "In Pyongyang the guest met Kim Jong Un in 2019. "
        "Later he flew to Beijing, where Wang Yi gave a dinner."
    )
    assert made(sentence_taken_out, question, "three hours") == {(question, kept)}


def test_sentence_is_not_taken_out_where_the_answer_stands_twice_or_little_is_left():
    assert made(sentence_taken_out, "Where?", "Rome", "He went to Rome. It rained. Rome was wet.") == set()
    assert made(sentence_taken_out, "Where?", "Rome", "He went to Rome. It rained.") == set()


def test_passage_beside_is_no_negative_if_it_holds_an_answer():
    asked = example("Whom did he meet?", "Kim Jong Un")
    other = Article("b", "", "KIM JONG UN smiled.")
    assert beside(asked, Passage(other, 0, len(other.text)), "near") is None
    silent = Passage(Article("c", "", "Nobody smiled."), 0, 14)
    assert beside(asked, silent, "near") == Example("q", asked.question, silent, (), "squad", "near")


def test_adversary_is_of_the_kinds_asked_for_and_none_where_none_applies():
    asked = example("How long did the talks take?", "three hours")
    kinds = {adversary(asked, random.Random(seed), ["sentence taken out"]).kind for seed in range(5)}
    assert kinds == {"sentence taken out"}
    assert adversary(asked, random.Random(1), ["number in question"]) is None


@given(st.integers(0, 10_000), st.sampled_from(sorted(MAKERS)))
def test_every_negative_is_unanswerable_and_differs_from_what_it_was_made_of(seed: int, kind: str):
    asked = example("When did the guest meet Kim Jong Un before 2021 in Beijing?", "2019")
    twin = MAKERS[kind](asked, random.Random(seed))
    if twin is None:
        return
    assert (twin.spans, twin.kind, twin.id) == ((), kind, "q")
    changed_question, changed_text = twin.question != asked.question, twin.passage.text != asked.passage.text
    assert changed_question != changed_text  # the one or the other, never both
    if kind == "sentence taken out":
        assert not contains(twin.passage.text, "2019")


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_same_seed_makes_the_same_negative(maker):
    asked = example("When did the guest meet Kim Jong Un before 2021 in Beijing?", "2019")
    assert maker(asked, random.Random(3)) == maker(asked, random.Random(3))
