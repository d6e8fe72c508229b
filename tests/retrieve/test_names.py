"""What an archive writes with a capital inside its sentences is a name."""

from __future__ import annotations

from qa.records import Article
from qa.retrieve.names import names_of


def test_names_are_written_with_a_capital_far_more_often_than_without():
    texts = [
        "Then came Boris Becker, who won again. Nobody saw how Becker's coach left.",
        "He said that Turkey won; they ate a turkey. In the old Cup they won the cup.",
    ]
    assert names_of([Article(str(n), "", text) for n, text in enumerate(texts)]) == {"boris", "becker"}
    assert names_of([]) == frozenset()
