"""A sentence that denies, ends, replaces, supposes, plans or amends an answer does not give it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.news.cues import PATTERNS, QUOTE
from qa.news.support import _is_raised as is_raised
from qa.news.support import doubt_of


def doubt(question: str, sentence: str, quote: str) -> str | None:
    start = sentence.index(quote)
    return doubt_of(question, sentence, start, start + len(quote))


MAYOR = "Who is the mayor of Elden now?"
ROVER = "What is the name of India's rover (Moon)?"


@pytest.mark.parametrize(
    ("question", "sentence", "quote", "expected"),
    [
        (MAYOR, "Tobias Renn, the mayor of Elden, stepped down on Friday.", "Tobias Renn", "ended"),
        (MAYOR, "Tobias Renn, the mayor of Elden, stepped down on Friday.", "Tobias", "ended"),
        (MAYOR, "Tobias Renn resigned on Friday.", "Tobias Renn resigned", "ended"),
        (MAYOR, "Ines Calder takes over from Tobias Renn until the vote.", "Tobias Renn", "ended"),
        ("How long is the bridge?", "It was initially said to measure 7 km.", "7 km", "amended"),
        ("How long is the bridge?", "The bridge was once 7 km long.", "7 km", "amended"),
        (MAYOR, "Tobias Renn is mayor until the vote.", "Tobias Renn", None),
        (MAYOR, "Deputy mayor Ines Calder takes over until the vote.", "Deputy mayor Ines Calder", None),
        (MAYOR, "Tobias Renn, who was mayor until the vote, sails.", "Tobias Renn", "ended"),
        ("When does the ferry start?", "The ferry will start on 7 December.", "7 December", None),
        ("On what day is the vote?", "The vote is planned for 7 December.", "7 December", None),
        ("When did the ferry start?", "The ferry will start on 7 December.", "7 December", "planned"),
        (MAYOR, "Ada Lund was succeeded by Per Osk as mayor.", "Ada Lund", "replaced"),
        (MAYOR, "Ada Lund was succeeded by Per Osk as mayor.", "Per Osk", None),
        (MAYOR, "Mayor Ines Calder opened the depot.", "Ines Calder", None),
        (MAYOR, "Ines Calder is to become mayor in May.", "Ines Calder", "planned"),
        (MAYOR, "Ines Calder was elected mayor and took office at once.", "Ines Calder", None),
        (MAYOR, "Ines Calder meets the council once a week.", "Ines Calder", None),
        (MAYOR, "Tobias Renn, once a mayor of Elden, runs a shop.", "Tobias Renn", "ended"),
        ("Who confirmed the arrest?", "The police did not confirm it.", "The police", "denied"),
        ("Who did not confirm the arrest?", "The police did not confirm it.", "The police", None),
        ("Who confirmed the arrest?", "The police confirmed the arrest.", "The police", None),
        ("Who resigned on Friday?", "Tobias Renn resigned on Friday.", "Tobias Renn", None),
        ("Who was mayor in 2020?", "Tobias Renn resigned on Friday.", "Tobias Renn", None),
        ("How long is the leave?", "The leave was raised from 180 days to 270.", "180 days", "amended"),
        ("How long is the leave?", "The leave was raised from 180 days to 270.", "270", None),
        ("Who set the fire?", "Perhaps the Vanni clan set the fire.", "the Vanni clan", "supposed"),
        # Somebody holds the office, whatever is said of other things; a candidate does not hold it.
        (MAYOR, "Ines Calder, the mayor of Elden, denied the report.", "Ines Calder", None),
        (MAYOR, "Elden's mayor, Ines Calder, will open the depot next year.", "Ines Calder", None),
        (MAYOR, "Ines Calder, the candidate for mayor, will open the depot.", "Ines Calder", "planned"),
        # The thing has its name, whatever it is to do; a thing that is proposed has none yet.
        (ROVER, "A six-wheeled rover named Pragyan is to examine the soil.", "Pragyan", None),
        (ROVER, "A six-wheeled rover, called Pragyan, will examine the soil.", "Pragyan", None),
        ("What is the rover called?", "A rover named Pragyan is to examine the soil.", "Pragyan", None),
        (ROVER, "A proposed rover named Pragyan is to examine the soil.", "Pragyan", "planned"),
        (ROVER, "A lander named Vikram is to examine the soil.", "Vikram", "planned"),
        (ROVER, "The rover is to be called Pragyan.", "Pragyan", "planned"),
        # A negation reaches to the end of its clause, but not behind "until" or "other than".
        (
            "What did the council buy?",
            "The council did not after all buy the old mill.",
            "the old mill",
            "denied",
        ),
        ("When did it open?", "It did not open until 12 May.", "12 May", None),
        ("When will it open?", "She did not expect it to open before 2025.", "before 2025", None),
        ("When is it forecast to open?", "It is expected to open in 2037.", "2037", None),
        ("Who set the fire?", "It was set by none other than the caretaker.", "the caretaker", None),
        ("Who set the fire?", "Nobody from the Vanni clan set the fire.", "the Vanni clan", "denied"),
        (
            "Who set the fire?",
            "The tale that the caretaker set the fire is a myth.",
            "the caretaker",
            "denied",
        ),
        # Ends and replacements.
        ("Who hosts Late Lamp?", "Ada Lund has said goodbye to Late Lamp.", "Ada Lund", "ended"),
        ("Where is the museum?", "The museum moved from Oslo to Bergen.", "Oslo", "replaced"),
        ("Where is the museum?", "The museum moved from Oslo to Bergen.", "Bergen", None),
        ("Who is the patron?", "Lady Ash, a former pilot, is the patron.", "Lady Ash", None),
        ("What is the rate?", "The bank left its rate at 4% on Wednesday.", "4%", None),
        # What is planned, wanted or only on paper.
        ("How long is the bridge?", "Under the plan the bridge measures 7 km.", "7 km", "planned"),
        (
            "What is the limit?",
            "The council wants to bring the limit in the old town down to 20.",
            "20",
            "planned",
        ),
        ("Where is the plant?", "Workers built the plant in Port Ash.", "Port Ash", None),
        ("Where is the plant?", "The owners plan a plant in Port Ash.", "Port Ash", "planned"),
        # Suppositions.
        ("Who set the fire?", "Detectives believe that the caretaker set it.", "the caretaker", "supposed"),
        ("How many died?", "Without the wall, 900 people would have died.", "900", "supposed"),
        ("What is the least wage?", "Nobody may be paid less than 11 crowns.", "11 crowns", None),
        # Numbers that were replaced.
        ("What is the fee?", "The fee of 12 euros became 14 in May.", "12 euros", "amended"),
        ("How many died?", "The estimate of 40 proved to be too high.", "40", "amended"),
        ("What was the loss?", "It lost 3 million, compared with 5 million before.", "5 million", "amended"),
        ("When did it open?", "It opened for the first time on 12 May.", "12 May", None),
    ],
)
def test_what_is_taken_back_is_seen_near_the_quote(
    question: str, sentence: str, quote: str, expected: str | None
):
    assert doubt(question, sentence, quote) == expected


CUES = [cue for cues in PATTERNS.values() for cue in cues]


@pytest.mark.parametrize("cue", CUES)
def test_no_cue_is_a_choice_between_two_which_might_have_the_quote_at_different_ends(cue: str):
    parsed = re._parser.parse(cue)  # type: ignore[attr-defined]
    assert [str(part[0]) for part in parsed] != ["BRANCH"]


# Words of the cues, so that made sentences raise a doubt often enough.
WORDS = sorted({word for cue in CUES for word in re.findall(r"[a-z]{3,}", cue)} | {",", ";", "the", "2019"})


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.integers(0, 14))
def test_cues_by_the_place_of_the_quote_find_what_a_search_of_the_whole_sentence_finds(words, at):
    around = " ".join([*words[:at], QUOTE, *words[at:]]).replace(" ,", ",").replace(" ;", ";")
    for doubt, cues in PATTERNS.items():
        assert is_raised(doubt, around) == (re.search("|".join(cues), around) is not None)
