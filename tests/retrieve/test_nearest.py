"""Names that an archive does not know are met with the nearest that it knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.records import Filter, UnknownName
from qa.retrieve.nearest import nearest_names, unknown_names

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
        UnknownName("tag", "Xqzv", ()),
    )


def test_reply_for_an_unknown_source_is_empty_and_suggests_the_nearest(sample_news):
    reply = sample_news.ask("Who met Putin?", source="Meridian Wires")
    assert (reply.answers, reply.hits) == ((), ())
    assert reply.unknown == (UnknownName("source", "Meridian Wires", ("Meridian Wire",)),)
    assert sample_news.ask("Who met Putin?", source="Meridian Wire", since="2099").unknown == ()
