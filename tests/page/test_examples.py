"""Examples come from the archive that is open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.page.examples import examples, question_of
from qa.records import Article
from tests.page.conftest import COPY, FIRST, SECOND


@pytest.mark.parametrize(
    ("headline", "question"),
    [
        ("Notre-Dame reopens five years after fire", "When did Notre-Dame reopen?"),
        ("Liz Truss quits after 44 days in shortest premiership", "Why did Liz Truss quit?"),
        ("Kim Jong Un meets Putin at Russian spaceport", "Where did Kim Jong Un meet Putin?"),
        ("Altman returns to OpenAI five days after being fired", "When did Altman return to OpenAI?"),
        ("Hawaii lowers fire death toll to 97", "When did Hawaii lower fire death toll?"),
        ("Congress confirms victory hours after mob storms Capitol", "When did Congress confirm victory?"),
        ("Italy wins the European Championship", "Who won the European Championship?"),
        ("Party carries on", None),  # its verb is not known
        # In a headline of capitals names cannot be recognised.
        ("Fed Raises Interest Rates Again in Surprise", None),
        ("Carmona goal wins Spain their first Cup", None),
        ("Roof saved after fire destroys spire", None),
        ("Fed delivers biggest rate increase in decades", None),
        ("Reopens", None),
        ("", None),
    ],
)
def test_headline_in_the_present_tense_becomes_a_question(headline: str, question: str | None):
    assert question_of(headline, "") == question


def test_first_word_that_the_text_writes_without_a_capital_is_no_name():
    text = "The capsule landed on Sunday. The queen watched."
    assert question_of("Capsule lands in Utah desert", text) == "Where did the capsule land?"
    assert question_of("Queen Mary dies at Balmoral", text) == "When did Queen Mary die at Balmoral?"


def test_names_fill_up_what_headlines_leave_missing():
    titles = ["Survivors still found near Port Zandrak", "Finland joins NATO", "Calm", "Finland joins NATO"]
    articles = [Article(str(number), title, "") for number, title in enumerate(titles)]
    assert examples(articles) == ["When did Finland join NATO?", "What happened to Port Zandrak?"]
    assert examples(articles, 1) == ["When did Finland join NATO?"]
    assert examples([Article("a", "지진", "지진")]) == []


@pytest.mark.parametrize(
    "headline", ["UPDATE 1-Finland joins NATO", "Corrected: Finland joins NATO", "REFILE-Finland joins NATO"]
)
def test_notice_of_a_mended_headline_is_no_part_of_the_question(headline: str):
    assert examples([Article("a", headline, "")]) == ["When did Finland join NATO?"]


def test_of_near_duplicates_only_the_newest_gives_an_example(page, archive):
    storm = replace(SECOND, id="storm-1", title="Storm hits Oslo", tags=())
    archive.write(storm, replace(COPY, id="storm-2", title="Gale hits Oslo"), FIRST)
    offered = [button.label for button in page.run().button if button.label.startswith("When did")]
    assert len([label for label in offered if "Oslo" in label]) == 1 and len(offered) == 2


def test_direction_overrides_of_a_headline_do_not_reach_the_question():
    assert examples([Article("a", "Oslo \u202ebans cars", "")]) == ["Why did Oslo ban cars?"]
