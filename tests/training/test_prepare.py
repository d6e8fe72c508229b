"""Which examples become groups, by the kinds of negatives that are wanted."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from qa.records import Article, Passage
from training import prepare
from training.examples import Example
from training.mining import MINED
from training.prepare import BESIDE, NEGATIVES, PEOPLE, training_sets

TEXT = "The first tower was built by Anna Berg in 1901. The second was built by Carl Dahl in 1950."


def example(number: int) -> Example:
    text = f"{TEXT} House {number} stands beside them."
    article = Article(str(number), "", text)
    span = (text.index("Anna"), text.index("Anna") + len("Anna Berg"))
    passage = Passage(article, 0, len(text))
    return Example(f"q{number}", "Who built the first tower in 1901?", passage, (span,), "squad")


EXAMPLES = [example(number) for number in range(200)]
BY_PEOPLE = replace(EXAMPLES[0], id="p", spans=(), kind=PEOPLE)
FOUND = {"q1": [replace(EXAMPLES[1], spans=(), kind=MINED)] * 2}


def kinds_of(wanted: tuple[str, ...]) -> Counter[str]:
    mined = FOUND if MINED in wanted else {}
    sets = training_sets([*EXAMPLES, BY_PEOPLE], mined, wanted, random.Random(0))
    return Counter(example.kind for examples in sets for example in examples)


def test_without_negatives_only_the_questions_themselves_are_left():
    assert kinds_of(()) == {"gold": 200}


@pytest.mark.parametrize("kind", ["relation in question", "sentence taken out", "number in question"])
def test_a_kind_alone_makes_all_twins(kind: str):
    found = kinds_of((kind,))
    assert set(found) == {"gold", kind}
    assert 110 < found[kind] < 170  # 0.7 of 200


def test_questions_by_people_come_four_times_and_mined_passages_beside_their_question():
    assert kinds_of((PEOPLE,)) == {"gold": 200, PEOPLE: 4}
    sets = training_sets(EXAMPLES, FOUND, (MINED,), random.Random(0))
    assert [e.kind for e in sets[1]] == ["gold", MINED, MINED]
    assert kinds_of((MINED,)) == {"gold": 200, MINED: 2}


def test_neighbours_that_name_the_answer_too_are_no_negatives():
    assert kinds_of((BESIDE,)) == {"gold": 200}  # every text here names Anna Berg


def test_an_unknown_kind_is_named(tmp_path: Path):
    with pytest.raises(typer.BadParameter, match="no such kind: sentences"):
        prepare.main(tmp_path, without=["sentences"])


def test_all_kinds_have_names_of_their_own():
    assert len(set(NEGATIVES)) == len(NEGATIVES) == 9
