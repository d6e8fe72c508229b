"""Which of two readings of a question holds: alone, or joined with the one before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.records import Answer, Article, Hit, Passage, Reply
from qa.retrieve.two_readings import by_its_noun, goes_on, is_better, is_lost_alone, is_surer, leans_back


def before(text: str) -> Reply:
    article = Article("a", "Fire at the cathedral", text)
    hit = Hit(Passage(article, 0, len(text)), 0.5, 0.5, 1.0)
    return Reply("When did it burn?", (Answer(article, 0, 3, 0.9, 5.0),), (hit,))


@pytest.mark.parametrize(
    ("question", "on"),
    [
        ("How many were missing", True),  # the answers before hold all that it asks about
        ("Who measured the damage?", True),
        ("How many jobs were cut?", False),
        ("Who ran the plant?", False),  # there is no plant, as the answers show
        ("Who stole the crown from the cathedral?", False),  # nor a crown
        ("Who was the mayor of the cathedral?", True),
        ("What was the result?", True),  # the result of something that is not named
        ("When did that man die?", True),
        ("How did they know that it was new?", False),
        ("Who was the first to pay with bitcoin?", False),
        ("sinking of the sewol", False),
        ("Who won that year?", False),
    ],
)
def test_question_goes_on_where_its_matter_is_known_from_before(question: str, on: bool):
    reply = before("Two workers are missing. The mayor measured the damages.")
    assert goes_on(question, reply) is on


@pytest.mark.parametrize(
    ("question", "is_lost"),
    [
        ("Who ran the plant?", True),  # "the plant" must be known from before
        ("what was the killer's name", True),
        ("When did that man die?", True),
        ("Who prayed in the cathedral?", False),  # the closest article is about a cathedral
        ("Who was the first to pay with bitcoin?", False),
        ("How many jobs were cut?", False),
    ],
)
def test_question_is_lost_alone_where_neither_it_nor_the_archive_says_which(question: str, is_lost: bool):
    answered = before("Two workers are missing.")
    assert is_lost_alone(question, replace(answered, answers=()), lambda _: 1.0) is is_lost
    assert is_lost_alone(question, answered, lambda _: 1.0) is False  # an answer was found


def test_question_whose_noun_is_of_another_matter_is_not_lost_alone():
    alone = replace(before("Two workers are missing."), answers=())
    likeness = {"plant": 0.3, "crown": 0.1, "painting": 0.02, "mine": 0.3}

    def like(words: str) -> float:
        return likeness.get(words, 0.1 if words == "Who ran the mine?" else 0.4)

    assert is_lost_alone("Who ran the plant?", alone, like)
    assert not is_lost_alone("Who stole the painting?", alone, like)
    assert not is_lost_alone("Who took the crown from the plant?", alone, like)  # one of two is
    assert not is_lost_alone("Who ran the mine?", alone, like)  # the whole of it is


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("How did the flood spread from its source?", None),  # it stands nowhere before
        ("What did the mayor say about his damages?", "perhaps"),  # the mayor stands there, "say" does not
        ("Which mayor gave up his office?", None),  # whichever it is: not the one known from before
        ("What did the mayor say when she measured the damages?", "perhaps"),
        ("Did the mayor measure its damages?", "surely"),  # all that it speaks of stands there
        ("When did the author sell his house?", None),  # an authority is no author
        ("What did the storm do to its coast?", "surely"),  # the question before names a storm
        ("What did the storm do to its coast in Haiti?", None),
    ],
)
def test_noun_that_explains_a_pronoun_is_known_by_the_question_or_the_article_before(
    question: str, leans: str | None
):
    reply = before("Two workers are missing. The authority and the mayor measured the damages.")
    assert by_its_noun(question, replace(reply, question="When did the storm Ian begin?")) == leans


def test_joined_reading_is_surer_than_none_only_if_its_answer_beats_none():
    reply = before("Two workers are missing.")
    alone, (answer,) = replace(reply, answers=()), reply.answers
    assert is_surer(replace(reply, answers=(replace(answer, margin=0.1),)), alone)
    assert not is_surer(replace(reply, answers=(replace(answer, margin=-0.1),)), alone)


def test_joined_reading_holds_only_if_its_article_speaks_of_all_that_the_question_takes_for_known():
    joined = before("The court freed nobody. The mayor spoke.")
    alone = replace(joined, answers=())
    assert is_better("Did the court free the mayor of a town?", joined, alone, lambda _: 0.0)
    assert not is_better("Did the court free the poet of a town?", joined, alone, lambda _: 0.0)


def test_they_who_find_what_nobody_spoke_of_may_be_anybody():
    reply = before("Spain won the match.")
    assert leans_back("How did they find the wreck?", reply, frozenset()) == "perhaps"
    assert leans_back("How did they win the match?", reply, frozenset()) == "surely"
    assert leans_back("How did they win?", reply, frozenset()) == "surely"
    assert leans_back("How do they count the votes in India?", reply, frozenset()) == "perhaps"
    assert leans_back("Where do they hold the Oscars?", reply, frozenset()) == "perhaps"
    assert (
        leans_back("Why did they dismiss the referee?", reply, frozenset()) == "perhaps"
    )  # nobody spoke of one
    assert (
        leans_back("Why did they celebrate?", reply, frozenset()) == "surely"
    )  # in other words than the article
    assert leans_back("Who gave them the files?", reply, frozenset()) == "surely"  # them are not anybody
