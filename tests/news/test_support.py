"""A sentence that denies, ends, replaces, supposes, plans or amends an answer does not give it."""

from __future__ import annotations

import pytest

from qa.news.support import doubt_of


def doubt(question: str, sentence: str, quote: str) -> str | None:
    start = sentence.index(quote)
    return doubt_of(question, sentence, start, start + len(quote))


MAYOR = "Who is the mayor of Elden now?"


@pytest.mark.parametrize(
    ("question", "sentence", "quote", "expected"),
    [
        (MAYOR, "Tobias Renn, the mayor of Elden, stepped down on Friday.", "Tobias Renn", "ended"),
        (MAYOR, "Tobias Renn, the mayor of Elden, stepped down on Friday.", "Tobias", "ended"),
        (MAYOR, "Tobias Renn resigned on Friday.", "Tobias Renn resigned", "ended"),
        (MAYOR, "Ines Calder takes over from Tobias Renn until the vote.", "Tobias Renn", "ended"),
        (MAYOR, "Ada Lund was succeeded by Per Osk as mayor.", "Ada Lund", "replaced"),
        (MAYOR, "Ada Lund was succeeded by Per Osk as mayor.", "Per Osk", None),
        (MAYOR, "Mayor Ines Calder opened the depot.", "Ines Calder", None),
        (MAYOR, "Ines Calder is to become mayor in May.", "Ines Calder", "planned"),
        ("Who confirmed the arrest?", "The police did not confirm it.", "The police", "denied"),
        ("Who did not confirm the arrest?", "The police did not confirm it.", "The police", None),
        ("Who confirmed the arrest?", "The police confirmed the arrest.", "The police", None),
        ("Who resigned on Friday?", "Tobias Renn resigned on Friday.", "Tobias Renn", None),
        ("Who was mayor in 2020?", "Tobias Renn resigned on Friday.", "Tobias Renn", None),
        ("How long is the leave?", "The leave was raised from 180 days to 270.", "180 days", "amended"),
        ("How long is the leave?", "The leave was raised from 180 days to 270.", "270", None),
        ("Who set the fire?", "Perhaps the Vanni clan set the fire.", "the Vanni clan", "supposed"),
    ],
)
def test_what_is_taken_back_is_seen_near_the_quote(
    question: str, sentence: str, quote: str, expected: str | None
):
    assert doubt(question, sentence, quote) == expected
