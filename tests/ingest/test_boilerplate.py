"""Lines that belong to the page go; lines that belong to the article stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.boilerplate import Trimmed, read_hashtags, trim
from qa.ingest.cleaning import clean_text

BODY = "The lamp fell into the sea on Monday.\n\nNobody was hurt, the harbour board said."


@pytest.mark.parametrize(
    "tail",
    [
        "Recommended",
        "Related articles",
        "Read more",
        "READ MORE:",
        "Up next",
        "Share this article",
        "Advertisement",
        "Facebook Twitter WhatsApp Email",
        "Tweet",
        "___",
        "Follow Ann Lee on Twitter: @annlee",
        "© 2023 The Post",
        "Contact Ann Lee at ann@post.example",
        "More from CNBC:",
        "Sign up for our newsletter",
        "12 Comments",
        "Recommended\n\nLamp of 1911: a history\n\nTen lighthouses to see",
        "Share\n\nTweet\n\nRead more",
    ],
)
def test_closing_lines_are_cut(tail):
    assert trim(f"{BODY}\n\n{tail}") == Trimmed(BODY)


@pytest.mark.parametrize(
    "notice",
    [
        "Advertisement",
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "Skip advertisement",
        "Ad Feedback",
        "1. How relevant is this ad to you?",
        "This website uses cookies to improve your visit.",
        "* * *",
        "We will use the details you have shared to manage your registration.",
        "Enable JavaScript to see comments.",
    ],
)
def test_notices_are_cut_in_the_middle_too(notice):
    first, second = BODY.split("\n\n")
    assert trim(f"{first}\n\n{notice}\n\n{second}") == Trimmed(BODY)


@pytest.mark.parametrize(
    "text",
    [
        "Read more\n\n" + BODY,  # only at the end
        BODY + "\n\n(CNN)",
        BODY + "\n\nContributing: The Associated Press",
        BODY + "\n\nMore than 40 ships were turned away.",
        BODY + "\n\nRelated work has begun on the pier.",
        BODY + "\n\nShare prices fell by 3 percent.",
        BODY + "\n\nRecommended by nobody, the plan was dropped and the old lamp stayed where it was.",
        BODY + "\n\n#1 in the charts, it said.",
        BODY + "\n\n“Advertisement is dead,” he wrote.",
    ],
)
def test_lines_of_the_article_stay(text):
    assert trim(text) == Trimmed(text)


def test_trailing_hashtags_are_handed_over_in_their_order():
    assert trim(f"{BODY}\n\n#Sea #OldLamp\n\n#Jane Doe\n\nRecommended") == Trimmed(
        BODY, ("Sea", "OldLamp", "Jane Doe")
    )
    assert trim(f"{BODY} #Sea") == Trimmed(f"{BODY} #Sea")


def test_text_cut_by_a_news_api_ends_with_an_ellipsis():
    assert trim("The lamp fell into… [+2345 chars]").text == "The lamp fell into…"


def test_hashtag_line_is_told_apart_from_prose():
    assert read_hashtags("#Ukraine #Volodymyr Zelenskyy, #USA") == ["Ukraine", "Volodymyr Zelenskyy", "USA"]
    assert read_hashtags("#MeToo changed how we talk about this") == []
    assert read_hashtags("# Heading") == []


LINES = st.sampled_from(
    ["Read more", "#tag", "Recommended", "Share", "A sentence.", "A headline", "___", "x… [+1 chars]"]
)


@given(st.lists(LINES | st.text(max_size=10), max_size=8).map("\n\n".join))
def test_trimming_a_trimmed_clean_text_changes_nothing(text):
    once = trim(clean_text(text)).text
    assert trim(clean_text(once)).text == once


@pytest.mark.parametrize(
    "line",
    [
        "Related: Mayor steps down after the audit",
        "READ MORE: Third boat found on the sands",
        "Watch: The lamp falls into the sea",
        "▶ Listen: What the keeper says",
        "Also read | Board votes on the lamp",
        "Lire aussi : Le port ferme ses portes",
        "Lea también: El puerto cierra",
        "Order reprints",
        "Thanks for signing up!",
    ],
)
def test_line_in_the_flow_that_leads_away_is_dropped(line):
    assert trim(f"One sentence here.\n\n{line}\n\nAnother one.").text == "One sentence here.\n\nAnother one."


@pytest.mark.parametrize(
    "line",
    [
        "Related: the mayor said that she would step down.",
        "Watch what you say, she told us",
        "Related companies: they own the port, the ferries and the pier.",
        "Listen – he said it again and again",
        "More from the sea than from the land",
    ],
)
def test_prose_that_only_begins_alike_stays(line):
    assert line in trim(f"One sentence here.\n\n{line}\n\nAnother one.").text


def test_teasers_go_with_their_heading():
    text = "One.\n\nDON'T MISS\n\nMayor angry at board [INSIGHT]\n\nBoats collide off Norrby [VIDEO]|\n\nTwo."
    assert trim(text).text == "One.\n\nTwo."
