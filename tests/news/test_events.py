from datetime import UTC, datetime

import pytest

from qa.news.claim import Claim
from qa.news.events import counts_something_else, is_of_another_event
from qa.records import Article, Quote

KILLED = "How many people were killed in the Lahaina fire?"
DIED = "how many died in maui"
TOLL = "What is the death toll in Lahaina?"
MISSING = "How many people were missing in Lahaina?"
LIVED = "How many people lived in the town when it died?"


def claim_on(sentence: str, quote: str, title: str = "Fire in Lahaina") -> Claim:
    text = f"Lahaina on Maui burned. {sentence}"
    article = Article("a", title, text, datetime(2023, 8, 10, tzinfo=UTC))
    at = text.index(quote, text.index(sentence))
    return Claim(Quote(article, at, at + len(quote)))


@pytest.mark.parametrize(
    "question, sentence, quote, is_other",
    [
        (KILLED, "It is a town of about 13,000 people on the coast.", "about 13,000", True),
        (DIED, "It is a town of 13,000.", "13,000", True),
        (TOLL, "The island is home to some 165,000 people.", "165,000 people", True),
        (TOLL, "The population of the town was 12,702.", "12,702", True),
        (MISSING, "Some 12,000 people live there.", "12,000 people", True),
        (KILLED, "It is a 300-strong village.", "300", True),
        (KILLED, "More than 2,000 buildings were lost.", "More than 2,000", True),
        (KILLED, "It burned 2,170 acres.", "2,170", True),
        (KILLED, "Two hundred homes stood there.", "Two hundred homes", True),
        (KILLED, "The fire in the town of Lahaina killed 97 people.", "97 people", False),
        (KILLED, "In the town 97 died.", "97", False),
        (KILLED, "It killed 53 in the town of 13,000.", "53", False),
        (MISSING, "There were 31 names on the list.", "31", False),
        (KILLED, "It killed 30 inland residents.", "30", False),
        (KILLED, "The fire killed 97 in two days.", "97", False),
        ("How many lives had the fire claimed?", "The toll rose to over 97 lives.", "over 97", False),
        (LIVED, "It was a town of 13,000.", "13,000", False),
        ("How many people lived in Lahaina?", "It was a town of 13,000.", "13,000", False),
        ("How many homes were lost?", "More than 2,000 homes were lost.", "2,000", False),
        ("How many acres did the fire that killed 97 burn?", "It burned 2,170 acres.", "2,170", False),
        ("What did the fire that killed 97 cost?", "It cost 5.5 billion dollars.", "5.5", False),
        (KILLED, "It is a town of many people.", "many people", False),
        ("How many of the missing cars were found?", "They found 12 cars.", "12", False),
        ("How many of the missing people were found?", "They found 12 cars.", "12", True),
    ],
)
def test_number_of_inhabitants_or_things_is_no_number_of_dead_hurt_or_missing(
    question: str, sentence: str, quote: str, is_other: bool
):
    assert counts_something_else(question, claim_on(sentence, quote)) is is_other


@pytest.mark.parametrize(
    "question, sentence, is_other",
    [
        (KILLED, "A tsunami in 1960 killed 61 people on the Big Island.", True),
        (DIED, "A tsunami in 1960 killed 61 people on the Big Island.", True),
        # No year shows that it is another event.
        (KILLED, "A tsunami killed 61 people on the Big Island.", False),
        # The same kind of event, so it may be this one.
        (KILLED, "The blaze in 2022 killed 61 people.", False),
        (KILLED, "A tsunami in 1960 killed 61 people in Lahaina.", False),
        ("How many did the tsunami in Hawaii kill?", "A tsunami in 1960 killed 61 people.", False),
        ("How many people did the disaster of 1960 kill in Hawaii?", "The tsunami of 1960 killed 61.", False),
    ],
)
def test_number_of_another_kind_of_disaster_in_another_year_is_of_another_event(
    question: str, sentence: str, is_other: bool
):
    assert is_of_another_event(question, claim_on(sentence, "61")) is is_other
