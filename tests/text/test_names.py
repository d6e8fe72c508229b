"""Answers that are names: without titles, in full, and which are the same."""

from __future__ import annotations

import pytest

from qa.text.names import name_of, same_name

ARTICLE = (
    "Kim Jong Un met President Vladimir Putin. Mr Kim smiled, and Putin did. At the Johnson Space Center, "
    "Boris Johnson waved. Then Kylian Mbappé struck twice. Anna Smith and Bert Smith looked on. "
    "Director-General Tedros Adhanom Ghebreyesus wrote to Sam Bankman-Fried."
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mr Kim", "kim jong un"),
        ("Kim", "kim jong un"),
        ("Kim Jong-un", "kim jong un"),
        ("Putin", "vladimir putin"),
        ("President Putin", "vladimir putin"),
        ("Johnson's", "boris johnson"),
        ("Mbappe", "kylian mbappe"),
        ("Tedros", "tedros adhanom ghebreyesus"),
        ("Bankman-Fried", "sam bankman fried"),
        ("Smith", "smith"),  # either Anna or Bert Smith
        ("Merkel", "merkel"),
        ("French President Emmanuel Macron", "emmanuel macron"),
        ("Infrastructure Minister Oleksandr Kubrakov", "oleksandr kubrakov"),
        ("the architect Eugene Viollet-le-Duc", "eugene viollet le duc"),
        ("World Bank President David Malpass", "david malpass"),
        ("the University of Pennsylvania", "university of pennsylvania"),
        ("Baku, the capital of Azerbaijan", "baku"),
        ("Justice Department", "justice department"),
        ("Secretary of State", "secretary of state"),
        ("Bab al-Salam", None),
        ("Sir", "sir"),
        ("rifles", None),
        ("had lifted them", None),
        ("Apollo 13", None),
        ("", None),
    ],
)
def test_a_text_is_read_as_this_name_or_as_none(text: str, words: str | None):
    name = name_of(text, ARTICLE)
    assert (None if name is None else " ".join(name.words)) == words


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Mr Kim", "Kim Jong Un", True),
        ("WHO", "the World Health Organization", True),
        ("U.N.", "United Nations", True),
        ("UN", "Kim Jong Un", False),
        ("FDIC", "Federal Deposit Insurance Corporation", True),
        ("FINMA", "Federal Deposit Insurance Corporation", False),
        ("Who", "World Health Organization", False),
        ("South Korea", "North Korea", False),
        ("Democratic Republic of Congo", "Republic of Congo", False),
        ("Papua New Guinea", "New Guinea", False),
        ("Justice Department", "State Department", False),
        ("Boris Johnson", "Lyndon Johnson", False),
        ("José Díaz", "Jose Diaz", True),
    ],
)
def test_names_of_the_same_and_of_others(one: str, two: str, same: bool):
    assert same_name(name_of(one, ARTICLE), name_of(two, ARTICLE)) is same
    assert same_name(name_of(two, ARTICLE), name_of(one, ARTICLE)) is same
