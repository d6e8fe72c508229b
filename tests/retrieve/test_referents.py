"""A pronoun stands for what is of its kind: never a date or a number for a person, a place or a thing."""

from __future__ import annotations

import pytest

from qa.records import Answer, Article, Reply
from qa.retrieve.follow_up import follow_up_of, resolve_follow_up
from qa.retrieve.referents import PERSON, SEVERAL, THING, is_date, is_number, names_of_question, stands_for

EVERY = sorted(PERSON | THING | SEVERAL | {"there", "then"})
WHO = "Who resigned in October 2022?"
DATES = [
    "October 2022",
    "20 October 2022",
    "Wednesday",
    "last week",
    "1999",
    "three days earlier",
    "Friday evening",
]
NUMBERS = ["338,000", "nearly two million", "53", "$44 billion", "more than 200", "dozens"]


@pytest.mark.parametrize("pronoun", EVERY)
@pytest.mark.parametrize("answer", [None, *DATES])
def test_nothing_stands_for_a_date(pronoun: str, answer: str | None):
    assert stands_for(pronoun, WHO, answer) is None
    assert stands_for(pronoun, "When did it burn?", answer) is None


@pytest.mark.parametrize("pronoun", sorted(PERSON | THING | SEVERAL))
@pytest.mark.parametrize("answer", NUMBERS)
def test_nothing_stands_for_a_number(pronoun: str, answer: str):
    assert stands_for(pronoun, "How many marched in May?", answer) is None


@pytest.mark.parametrize(
    ("pronoun", "before", "answer", "referent"),
    [
        ("her", WHO, "Suella Braverman", "Suella Braverman"),
        ("him", "Which minister left Truss's cabinet?", "Kwasi Kwarteng", "Kwasi Kwarteng"),
        ("his", "What was the killer's name?", "Anders Breivik", "Anders Breivik"),
        ("he", "When did Boris Johnson resign?", "July 2022", "Boris Johnson"),
        ("she", "What did the minister sign?", "the treaty", None),  # a treaty is no person
        ("he", "Where did it happen?", "Tomsk", None),
        ("he", "Which ship blocked the Suez Canal?", "Ever Given", None),
        ("she", "When did May resign?", "24 May 2019", "May"),  # she is no month
        ("she", "Who resigned in May?", None, None),
        ("it", "Which ship blocked the Suez Canal?", "Ever Given", "Ever Given"),
        ("it", "Who met Putin at Tomsk?", "Kim Jong Un", "Tomsk"),
        ("its", "Which minister left?", "Kwasi Kwarteng", None),
        ("they", "Who died?", "twelve people", "twelve people"),
        ("they", "How many marched in Hong Kong?", "338,000", None),  # a city is not they
        ("their", "Which countries signed?", "Russia and Ukraine", "Russia and Ukraine"),
        ("there", "In which city was the summit held?", "Dubai", "in Dubai"),
        ("there", "Who met Putin at Tomsk?", "Kim Jong Un", "in Tomsk"),
        ("there", "Who won?", "Kim Jong Un", None),  # a person is no place
        ("then", "When did it burn?", "15 April 2019", None),
    ],
)  # fmt: skip
def test_pronoun_stands_for_what_is_of_its_kind(
    pronoun: str, before: str, answer: str | None, referent: str | None
):
    assert stands_for(pronoun, before, answer) == referent


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("And who came after her?", "Who came after Suella Braverman (October 2022)?"),
        ("Is the office hers?", "Is the office Suella Braverman's (October 2022)?"),
        ("What about his house?", "What about Suella Braverman's house (October 2022)?"),
        ("How old is it?", "How old is it (October 2022)?"),
    ],
)
def test_guess_that_people_saw_stands_for_a_person(question: str, whole: str):
    guess = Answer(Article("a", "", "Suella Braverman left."), 0, 16, 0.2, 1.8)
    found = follow_up_of(question, Reply(WHO, (), (), guess=guess))
    assert found is not None
    assert found.question == whole


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("Who spoke there?", "Who spoke in Dubai (UN)?"),
        ("How do people get there?", "How do people get to Dubai (UN)?"),
        ("Who came from there?", "Who came from Dubai (UN)?"),
        ("Is there a way to go there?", "Is there a way to go to Dubai (UN)?"),
    ],
)
def test_there_is_in_to_or_from_a_place(question: str, whole: str):
    found = resolve_follow_up(question, "In which city did the UN climate summit take place?", "Dubai")
    assert found is not None
    assert found.question == whole


def test_names_of_a_question_say_what_stands_before_them():
    names = names_of_question("Who met Xi in Hong Kong on the Peak in June 2019?")
    assert [(one.text, one.is_date, one.is_in, one.has_article) for one in names] == [
        ("Xi", False, False, False),
        ("Hong Kong", False, True, False),
        ("Peak", False, False, True),
        ("June 2019", True, True, False),
    ]


def test_dates_and_numbers_are_told_from_names():
    assert all(map(is_date, DATES))
    assert all(map(is_number, NUMBERS))
    for name in [
        "Suella Braverman",
        "Theresa May",
        "the Ever Given",
        "June Sarpong",
        "Seven Sisters of Elden",
        "two",
    ]:
        assert not is_date(name), name
    for name in ["Suella Braverman", "One Direction", "the Ever Given", "Boeing 737"]:
        assert not is_number(name), name


def test_long_answers_are_told_at_once():
    assert not is_date("1" * 50_000 + "x")
    assert not is_date("a 1 the " * 20_000 + "x")
    assert not is_number("about , " * 20_000 + "x")
