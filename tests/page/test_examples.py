"""Examples come from the archive that is open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.page.examples import examples, question_of
from qa.records import Article
from tests.page.conftest import COPY, FIRST, SECOND

NAMED = (
    "It was seen from Notre-Dame, in Italy, by Altman and in Congress, in Hawaii and Russia, and in the "
    "Senate. Liz Truss, Kim Jong Un and the Orion capsule were told of it, as was Sri Lanka."
)


@pytest.mark.parametrize(
    ("headline", "question"),
    [
        ("Notre-Dame reopens five years after fire", "When did Notre-Dame reopen?"),
        ("Liz Truss quits after 44 days in shortest premiership", "Why did Liz Truss quit?"),
        ("Kim Jong Un meets Putin at Russian spaceport", "Where did Kim Jong Un meet Putin?"),
        ("Altman returns to OpenAI five days after being fired", "When did Altman return to OpenAI?"),
        ("Hawaii lowers the death toll to 97", "When did Hawaii lower the death toll?"),
        ("The queen of Denmark abdicates after 52 years", None),  # its verb is not known
        ("The flood in Tarrow leaves three dead", "When did the flood in Tarrow leave three dead?"),
        ("Sri Lanka's president resigns after protests", "Why did Sri Lanka's president resign?"),
        # No question of a headline that leaves out an article reads right, and none is made up.
        ("Flood in Tarrow leaves three dead", None),
        ("Spacecraft rams asteroid in first test", None),
        ("Crypto exchange FTX files for bankruptcy", None),
        ("Orion capsule splashes down in Pacific", None),
        ("Hawaii governor signs bill", None),
        ("Senate rejects treaties", None),  # the text says "the Senate"
        ("Hawaii lowers fire death toll to 97", None),
        ("Russia pulls out of Black Sea grain deal", None),
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
    assert question_of(headline, NAMED) == question


def test_without_a_word_of_the_text_no_single_capital_is_taken_for_a_name():
    assert question_of("Hawaii lowers the death toll to 97", "Hawaii. Flood. Floods.") is None
    assert question_of("Hawaii lowers the death toll to 97", "") is None


def test_the_stands_before_a_noun_only_where_the_text_puts_it():
    text = "The capsule landed on Sunday. The queen watched. Queen Mary was ill. An asteroid hit a probe."
    assert question_of("Capsule lands in Utah desert", text) == "Where did the capsule land?"
    assert question_of("Queen Mary dies at Balmoral", text) == "When did Queen Mary die at Balmoral?"
    assert question_of("Asteroid hits Mars", text) is None


def test_names_fill_up_what_headlines_leave_missing():
    titles = ["Survivors still found near Port Zandrak", "Finland joins NATO", "Calm", "Finland joins NATO"]
    text = "It was seen in Finland and near Port Zandrak, and off the Black Sea."
    titles.insert(0, "Trade halted on Black Sea")  # "What happened to Black Sea?" is no English
    articles = [Article(str(number), title, text) for number, title in enumerate(titles)]
    assert examples(articles) == ["When did Finland join NATO?", "What happened to Port Zandrak?"]
    assert examples(articles, 1) == ["When did Finland join NATO?"]
    assert examples([Article("a", "지진", "지진")]) == []


@pytest.mark.parametrize(
    "headline", ["UPDATE 1-Finland joins NATO", "Corrected: Finland joins NATO", "REFILE-Finland joins NATO"]
)
def test_notice_of_a_mended_headline_is_no_part_of_the_question(headline: str):
    assert examples([Article("a", headline, "It is Finland.")]) == ["When did Finland join NATO?"]


def test_of_near_duplicates_only_the_newest_gives_an_example(page, archive):
    text = f"{SECOND.text} It was the storm, the gale of Oslo."
    storm = replace(SECOND, id="storm-1", title="Storm hits Oslo", text=text, tags=())
    archive.write(storm, replace(COPY, id="storm-2", title="Gale hits Oslo", text=text), FIRST)
    offered = [button.label for button in page.run().button if button.label.startswith("When did")]
    assert len([label for label in offered if "Oslo" in label]) == 1 and len(offered) == 2


def test_direction_overrides_of_a_headline_do_not_reach_the_question():
    assert examples([Article("a", "Oslo \u202ebans cars", "It is Oslo.")]) == ["Why did Oslo ban cars?"]
