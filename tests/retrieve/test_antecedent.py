"""What a pronoun may stand for in its own question."""

from __future__ import annotations

import re

import pytest

from qa.retrieve.antecedent import Antecedent, antecedent


def found(question: str, names: tuple[str, ...] = ()) -> Antecedent | None:
    """Look for the word between the stars."""
    start, end = (star.start() for star in re.finditer(r"\*", question))
    plain = question.replace("*", "")
    pronoun = re.compile(r"\w+").match(plain, start)
    assert pronoun is not None
    assert pronoun.end() == end - 1
    return antecedent(plain, pronoun, [plain.index(name) for name in names])


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("Why did the bank raise *its* rate?", "bank"),
        ("How many users did the chatbot get in *its* first week?", "chatbot"),  # the users are several
        ("Did the airline say when *it* would fly?", "airline"),
        ("What did the farmers do with *their* tractors?", "farmers"),
        ("If the dam fails, how many villages will *it* flood?", "dam"),
        ("How often does the comet return, and when was *it* last seen?", "comet"),
        ("After the bank collapsed, who took control of *it*?", "bank"),
        ("What did the refugees bring with *them*?", "refugees"),  # as in "themselves"
        ("Who replaced the goalkeeper after *he* was injured?", "goalkeeper"),
        ("What did the prime minister say about *her* exit?", "minister"),
        ("Who sued the school over *its* dress code?", "school"),
        ("the court and *its* decision on voting", "court"),
        ("how did the team celebrate *their* first title", "team"),
        ("After *it* left the harbor, where did the tanker go?", "tanker"),
        ("When *she* was elected, how old was the finance minister?", "minister"),
        ("Since *they* reopened, how many visitors have the caves had?", "caves"),
        ("In *its* first week, how many users did the chatbot get?", "chatbot"),
        ("did ford say why *it* stopped the truck", "ford"),  # a name, though it is written small
        ("in *her* last speech, what did jacinda ardern promise", "jacinda"),
        ("before *they* split, how many songs did oasis have", "oasis"),
        ("if *they* win on sunday, will leicester stay up", "leicester"),
        ("How many of *its* windows did the blast break?", "blast"),
    ],
)
def test_noun_spoken_of_as_known_explains_a_pronoun_that_agrees(question: str, head: str):
    assert found(question) == Antecedent(head, is_known=True)


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("which bank took over *its* rival", "bank"),
        ("How many passengers did the ferry carry when *they* fell?", "passengers"),
        ("Which minister admitted that *he* had lied?", "minister"),
        ("how many spacecraft lost contact on *their* way", "spacecraft"),  # of many, whatever its form
        ("nurses strike when does *it* end", "nurses"),
        ("When a country defaults on *its* debt, what happens?", "country"),
        ("How do penguins find *their* mates?", "penguins"),  # no name, but a plural
        ("What does the law say about people who film *their* neighbors?", "people"),
    ],
)
def test_noun_that_is_asked_for_or_new_is_not_spoken_of_as_known(question: str, head: str):
    assert found(question) == Antecedent(head, is_known=False)


@pytest.mark.parametrize(
    "question",
    [
        "Which case did *it* overturn?",  # the subject means nothing in its own clause
        "How many people did *it* kill?",
        "Who took control of *it*?",
        "What did the navy do with *it*?",  # the object is not the subject
        "Did the police try to stop *them*?",
        "Who was the leader before *him*?",  # "before him" is no clause
        "What was the cause of *its* fall?",  # no noun is a part of itself
        "What was the reason for *its* fall?",
        "What did the police say when *he* was held?",  # they are several
        "What did the court say about *his* appeal?",
        "Which ministers left *his* government?",
        "What happened to *its* customers?",
        "When *he* resigned, who replaced the ministers?",
        "Who met *there*?",
        "thanks so when did *it* open",
        "tell me when *it* opened",
        "did you see why *it* stopped",  # you are no name
        "did inflation fall when *he* left",  # nor a person
        "Which of *its* rooms are closed?",
        "How many of *its* rooms did they close?",
    ],
)
def test_nothing_explains_these(question: str):
    assert found(question) is None


def test_name_explains_a_pronoun_where_grammar_lets_it():
    assert found("Where did Kim go after *he* left?", ("Kim",)) == Antecedent(None, is_known=True)
    assert found("Did Putin meet *him*?", ("Putin",)) is None
    assert found("Before *he* ruled, what was Xi's job?", ("Xi",)) == Antecedent(None, is_known=True)
    assert found("What did *he* say about Xi?", ("Xi",)) is None
    whole = "How many of *its* glaciers has Switzerland lost?"
    assert found(whole, ("Switzerland",)) == Antecedent(None, is_known=True)
