"""Times in questions, follow-ups and the standing of answers, from question to reply, with the stand-ins."""

from __future__ import annotations

from datetime import date

import pytest

import qa
from qa import words
from qa.records import FollowUp
from qa.settings import AskSettings

TOLLS = [
    {"id": "first", "title": "Fire in Lahaina", "text": "At least 53 people died in the fire of Lahaina.",
     "date": "2023-08-10", "source": "Wire"},
    {"id": "second", "title": "Fire in Lahaina", "text": "Now 97 people have died in the fire of Lahaina.",
     "date": "2023-09-15", "source": "Ledger"},
]  # fmt: skip
TOLL = "How many people died in the fire of Lahaina?"


@pytest.fixture
def tolls(build_small, open_small, number_reader) -> qa.Archive:
    build_small(TOLLS)
    return qa.Archive(open_small(), number_reader, AskSettings(answers=2))


def told(reply: qa.Reply) -> list[tuple[str, str, date | None]]:
    return [(answer.text, answer.state, answer.as_of) for answer in reply.answers]


def test_the_newest_of_two_tolls_leads(tolls: qa.Archive):
    assert told(tolls.ask(TOLL)) == [
        ("97", "current", date(2023, 9, 15)),
        ("53", "superseded", date(2023, 8, 10)),
    ]


def test_a_question_of_a_time_is_answered_from_that_time(tolls: qa.Archive):
    reply = tolls.ask(TOLL[:-1] + " in August 2023?")
    assert (reply.time.text, reply.time.first, reply.time.last) == (
        "in August 2023", date(2023, 8, 1), date(2023, 8, 31)
    )  # fmt: skip
    assert [hit.passage.article.id for hit in reply.hits] == ["first"]  # "Only August 2023"
    assert (told(reply), reply.time.hard) == ([("53", "current", None)], True)


def test_a_time_of_which_no_article_writes_is_only_preferred(tolls: qa.Archive):
    reply = tolls.ask("How many people died in the fire of May 2022?")
    assert (reply.time.first, reply.time.hard) == (date(2022, 5, 1), False)
    assert {answer.text for answer in reply.answers} == {"53", "97"}


def test_a_year_of_which_no_article_writes_is_not_answered_from_another(tolls: qa.Archive):
    reply = tolls.ask("How many people died in the fire of 1950?")
    assert (reply.time.first, reply.answers, reply.guess) == (date(1950, 1, 1), (), None)
    assert [hit.passage.article.id for hit in reply.hits]  # the passages are there all the same


def test_a_time_that_is_still_open_prefers_what_is_near_the_day_of_asking(tolls: qa.Archive):
    question = TOLL[:-1] + " since 2020?"
    since = [hit.score for hit in tolls.ask(question, as_of="2023-09-15").hits]
    near = [hit.score for hit in tolls.ask(question, as_of="2023-09-15", heed_time=False).hits]
    assert since == near
    assert [hit.score for hit in tolls.ask(question).hits] != near  # both articles fit "since 2020"


def test_evidence_of_another_day_that_answers_makes_the_time_a_wish(build_small, open_small, number_reader):
    build_small([TOLLS[0], {**TOLLS[1], "date": "2023-09-02"}])
    archive = qa.Archive(open_small(), number_reader, AskSettings(answers=2))
    reply = archive.ask(TOLL[:-1] + " in August 2023?")
    assert sorted(answer.text for answer in reply.answers) == ["53", "97"]  # papers print it a day later
    assert [hit.passage.article.id for hit in reply.hits] == ["first", "second"]
    assert reply.time.hard is False
    assert words.time_condition(reply.time) == "Preferably August 2023"


def test_question_that_names_a_time_alone_lists_its_articles(tolls: qa.Archive):
    reply = tolls.ask("what happened in august 2023")
    assert (reply.outcome, reply.answers, reply.hits) == ("listed", (), ())
    assert ([article.id for article in reply.listing.articles], reply.listing.total) == (["first"], 1)
    assert words.listing(reply) == "1 article of August 2023, newest first"
    both = tolls.ask("What happened since August 2023?")
    assert [article.id for article in both.listing.articles] == ["second", "first"]
    assert tolls.ask("what happened in august 2023", source="Ledger").listing is None
    assert tolls.ask("what happened in may 2020").outcome == "not found"


def test_relative_times_count_from_the_day_of_asking(tolls: qa.Archive):
    reply = tolls.ask("How many people died last month?", as_of="2023-09-20")
    assert (reply.time.first, reply.time.last, reply.time.words) == (
        date(2023, 8, 1), date(2023, 8, 31), "August 2023"
    )  # fmt: skip


def test_time_in_the_question_can_be_ignored(tolls: qa.Archive):
    question = TOLL[:-1] + " in August 2023?"
    heeded, unheeded = tolls.ask(question), tolls.ask(question, heed_time=False)
    assert unheeded.time is None
    assert unheeded.hits[0].score == pytest.approx(heeded.hits[0].score - 0.2)


def test_a_follow_up_is_completed_from_the_reply_before(tolls: qa.Archive):
    before = tolls.ask(TOLL)
    reply = tolls.ask("And who counted them there?", after=before)
    assert reply.question == "And who counted them there?"
    assert reply.follow_up == FollowUp(TOLL, ("Lahaina", "97"), "Who counted Lahaina there (97)?")
    assert tolls.ask("Who met Putin?", after=before).follow_up is None
    assert tolls.ask("And who counted them there?").follow_up is None


def test_a_chain_of_follow_ups_keeps_the_names(tolls: qa.Archive):
    second = tolls.ask("And in which month?", after=tolls.ask(TOLL))
    third = tolls.ask("Who says so?", after=second)
    assert "Lahaina" in third.follow_up.question
