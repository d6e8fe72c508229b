"""Names that an archive does not know are met with the nearest that it knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa import words
from qa.records import Filter, UnknownName
from qa.retrieve.nearest import nearest_names, unknown_name, unknown_names

SOURCES = ["Meridian Wire", "Valley News", "Northern Ledger", "Tass"]


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Valey News", ("Valley News",)),
        ("valley", ("Valley News",)),
        ("MERIDIAN WIRES", ("Meridian Wire",)),
        ("ledger", ("Northern Ledger",)),
        ("Xqzv", ()),
        ("", ()),
    ],
)
def test_nearest_names_are_spelled_alike(typed: str, nearest: tuple[str, ...]):
    assert nearest_names(typed, SOURCES) == nearest


def test_only_names_that_no_article_has_are_unknown(sample_news):
    overview = replace(sample_news.overview(), sources=(("Valley News", 3),), tags=(("Energy", 2),))
    assert unknown_names(Filter(sources=("VALLEY NEWS",), tags=("energy",)), overview) == ()
    assert unknown_names(Filter(sources=("Valley News", "Valey News"), tags=("Xqzv",)), overview) == (
        UnknownName("source", "Valey News", ("Valley News",)),
        UnknownName("tag", "Xqzv", (), commonest=("Energy",)),
    )


def test_where_no_name_is_spelled_alike_the_commonest_are_listed_in_their_order():
    known = [f"Gazette {letter}" for letter in "JIHGFEDCBA"]
    assert unknown_name("source", "Xqzv", known) == UnknownName("source", "Xqzv", (), tuple(known[:8]), 2)
    assert unknown_name("source", "gazette a", known).commonest == ()


@pytest.mark.parametrize(
    ("commonest", "others", "told"),
    [
        ((), 0, ""),
        (("Tass",), 0, "It has Tass."),
        (("Tass", "AP"), 0, "It has Tass and AP."),
        (("Tass", "AP", "AFP"), 0, "It has Tass, AP and AFP."),
        (("Tass", "AP"), 1234, "It has Tass, AP and 1,234 more."),
    ],
)
def test_line_of_an_unknown_name_lists_the_names_that_there_are(
    commonest: tuple[str, ...], others: int, told: str
):
    line = words.unknown_and_known(UnknownName("tag", "Xqzv", (), commonest, others))
    assert line == f"This archive has no topic “Xqzv”. {told}".strip()


def test_reply_for_an_unknown_source_is_empty_and_suggests_the_nearest(sample_news):
    reply = sample_news.ask("Who met Putin?", source="Meridian Wires")
    assert (reply.answers, reply.hits) == ((), ())
    assert reply.unknown == (UnknownName("source", "Meridian Wires", ("Meridian Wire",)),)
    assert sample_news.ask("Who met Putin?", source="Meridian Wire", since="2099").unknown == ()
