"""The same id or address with a later text is a new version; what only shares an id by chance is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from qa.ingest.versions import (
    MOST_EARLIER,
    MOST_OF_ONE_ADDRESS,
    are_alike,
    earlier_id,
    named,
    newer_version,
    plain_id,
    version_pairs,
    with_earlier,
)
from qa.passages import content_id
from qa.records import Article

OLD = Article(
    "bus", "Bus burns in Elden", "Twelve people died when a bus burned.", datetime(2023, 5, 1, tzinfo=UTC)
)
NEW = replace(OLD, text="Fourteen people died when a bus burned.", published=datetime(2023, 5, 2, tzinfo=UTC))
OTHER = Article("bus", "Harvest festival", "Nobody remembers a summer with so many pears.")
BEHIND = content_id(OLD.title, OLD.text, "")[:16]


def test_id_of_an_earlier_version_names_the_id_and_the_content():
    assert earlier_id(OLD) == f"bus#{BEHIND}"
    assert plain_id(f"bus#{BEHIND}") == plain_id("bus") == "bus"
    assert earlier_id(replace(OLD, id=f"bus#{BEHIND}")) == f"bus#{BEHIND}"
    assert plain_id("bus#part-2") == "bus#part-2"  # not a suffix that we add


def test_articles_are_alike_by_the_words_of_title_or_text():
    assert are_alike(OLD, NEW)
    assert are_alike(replace(OLD, title=""), replace(NEW, title=""))
    assert are_alike(OLD, replace(OTHER, title="Correction: Bus burns in Elden"))
    assert not are_alike(OLD, OTHER)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://e.example/bus", "http://www.e.example/bus/#top", True),
        ("https://e.example/?p=7", "https://e.example/?p=7", True),
        ("https://e.example/?p=7", "https://e.example/?p=8", False),
        ("https://e.example/bus?utm_source=rss&utm_medium=feed", "https://E.example/bus", True),
        ("https://e.example/?p=7&fbclid=x1", "https://e.example?at_medium=rss&p=7", True),
        ("https://e.example/?utm_source=rss", "https://e.example/?utm_source=rss", False),
        ("https://e.example/bus?atlas=1", "https://e.example/bus", False),
        ("https://e.example/", "https://e.example", False),  # the address of a whole site
        ("", "", False),
    ],
)
def test_address_binds_where_it_names_a_page(one: str, other: str, same: bool):
    assert version_pairs(["a", "b"], [one, other], [OLD, OTHER].__getitem__) == ([(0, 1)] if same else [])


def test_address_of_many_articles_is_that_of_a_list():
    for many, pairs in ((MOST_OF_ONE_ADDRESS, MOST_OF_ONE_ADDRESS - 1), (MOST_OF_ONE_ADDRESS + 1, 0)):
        ids = [str(n) for n in range(many)]
        assert len(version_pairs(ids, ["https://e.example/all"] * many, [OLD].__getitem__)) == pairs


def test_id_binds_only_what_is_alike():
    articles = [NEW, replace(OLD, id=f"bus#{BEHIND}"), replace(OTHER, id="bus#0123456789abcdef")]
    ids, addresses = [article.id for article in articles], [""] * 3
    assert version_pairs(ids, addresses, articles.__getitem__) == [(0, 1)]
    assert version_pairs(ids, addresses, articles.__getitem__, np.array([False, False, True])) == []
    assert version_pairs(ids, addresses, articles.__getitem__, np.array([False, True, False])) == [(0, 1)]


def test_newest_version_is_that_of_the_latest_day_else_the_plain_id_else_the_last_that_came():
    page = [replace(NEW, id=name, url="https://e.example/bus", published=None) for name in "abc"]
    assert newer_version(page[0], page[1:], 0) is page[2]
    assert newer_version(page[1], [page[0], page[2]], 1) is page[2]
    assert newer_version(page[2], page[:2], 2) is None
    assert newer_version(page[0], page[1:]) is None  # neither can be known to be newer
    earlier = replace(OLD, id=f"bus#{BEHIND}", published=None)
    assert newer_version(earlier, [replace(NEW, published=None)]) == replace(NEW, published=None)
    assert newer_version(replace(NEW, published=None), [earlier], 0) is None
    assert newer_version(OLD, [NEW], 1) is NEW
    assert newer_version(NEW, [OLD], 0) is None
    twin = replace(NEW, id="twin", url="https://o.example/x")
    assert newer_version(replace(OLD, url="https://e.example/bus"), [twin], 0) is None


def test_newest_of_one_reading_has_the_plain_id():
    read = [OLD, replace(NEW, id=earlier_id(NEW)), replace(OTHER, id=earlier_id(OTHER))]
    assert named(read) == [replace(OLD, id=f"bus#{BEHIND}"), NEW, read[2]]
    turned = [NEW, replace(OLD, id=earlier_id(OLD))]
    assert named(turned) == turned
    assert named([OTHER]) == [OTHER]


def joined(incoming: Article, held: list[Article]) -> list[Article]:
    known = {article.id: article for article in held}
    return with_earlier(
        [incoming], lambda coming: {a.id: known[a.id] for a in coming if a.id in known}, lambda: list(known)
    )


def test_what_is_replaced_by_a_later_text_stays_as_an_earlier_version():
    assert joined(NEW, [OLD]) == [replace(OLD, id=f"bus#{BEHIND}"), NEW]
    # It came later, but is the earlier version.
    assert joined(OLD, [NEW]) == [replace(OLD, id=f"bus#{BEHIND}")]
    assert joined(OTHER, [OLD]) == [OTHER]  # another article of the same id
    assert joined(replace(OLD, title="A bus burns in Elden"), [OLD])[0].id == "bus"
    assert joined(NEW, []) == [NEW]


def test_no_more_than_some_earlier_versions_of_an_id_are_kept():
    earlier = [replace(OLD, id=f"bus#{n:016x}") for n in range(MOST_EARLIER)]
    assert len(joined(NEW, [OLD, *earlier[1:]])) == 2
    assert joined(NEW, [OLD, *earlier]) == [NEW]
