"""Searching the archive: a floor, exact phrases, marked words, dates and two orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qa.page.finding import FoundArticle, Within, find
from qa.records import NO_DAY, Article, Hit, Passage
from qa.retrieve.floor import NEAR


def article(name: str, day: int | None, text: str) -> Article:
    return Article(name, f"Title {name}", text, None if day is None else datetime(2023, 9, day, tzinfo=UTC))


A = article("a", 5, "The central bank raised its rates on Monday in Oslo.")
B = article("b", 9, "Rates were raised by the bank of Bergen, a central city.")
C = article("c", None, "Whales were seen near the coast in the early morning.")


class Shelf:
    """A retriever that finds what it is given."""

    def __init__(self, *found: tuple[Article, float, float]) -> None:
        self.hits = [Hit(Passage(a, 0, len(a.text)), 0.5, similarity, bm25) for a, similarity, bm25 in found]
        self.asked: list[dict[str, object]] = []

    def search(self, wanted: str, k: int, **conditions: object) -> list[Hit]:
        self.asked.append(conditions | {"k": k})
        return self.hits


def ids(found: list[FoundArticle]) -> list[str]:
    return [one.article.id for one in found]


def test_what_shares_no_word_must_be_near_in_meaning():
    shelf = Shelf((A, 0.1, 2.0), (B, NEAR, 0.0), (C, NEAR - 0.01, 0.0))
    assert ids(find(shelf, "rates", Within(), newest_first=False)) == ["a", "b"]


def test_words_without_meaning_are_near_to_nothing():
    assert find(Shelf((A, 0.13, 0.0), (B, 0.12, 0.0)), "zxqwv", Within(), newest_first=False) == []


@pytest.mark.parametrize("wanted", ['"central bank" rates', "“Central  BANK”", '"title a"'])
def test_phrase_in_quotation_marks_occurs_word_for_word_in_title_or_text(wanted: str):
    shelf = Shelf((B, 0.9, 5.0), (A, 0.5, 2.0))
    assert ids(find(shelf, wanted, Within(), newest_first=False)) == ["a"]


def test_newest_come_first_on_demand_and_those_without_a_date_last():
    shelf = Shelf((C, 0.9, 1.0), (A, 0.8, 1.0), (B, 0.7, 1.0))
    assert ids(find(shelf, "x", Within(), newest_first=False)) == ["c", "a", "b"]
    assert ids(find(shelf, "x", Within(), newest_first=True)) == ["b", "a", "c"]


def test_words_of_the_search_are_marked_in_the_lines_that_are_shown():
    (found,) = find(Shelf((A, 0.5, 2.0)), "rate rises in Oslo", Within(), newest_first=False)
    assert [A.text[start:end] for start, end in found.excerpt.words] == ["rates", "Oslo"]


def test_lines_come_from_a_passage_that_holds_a_word_of_the_search():
    shelf = Shelf((B, 0.9, 5.0), (A, 0.5, 2.0), (A, 0.4, 1.0))
    half = A.text.index("on Monday")
    shelf.hits[1:] = [replace(shelf.hits[1], passage=Passage(A, half, len(A.text))), shelf.hits[2]]
    shelf.hits[2] = replace(shelf.hits[2], passage=Passage(A, 0, half))
    first, second = find(shelf, "rates", Within(), newest_first=False)
    assert (ids([first, second]), second.excerpt.stretches) == (["b", "a"], ((0, half - 1),))


def test_conditions_reach_the_search_and_neither_today_nor_a_time_in_the_words_counts():
    shelf = Shelf()
    find(shelf, "x", Within(date(2023, 1, 1), date(2023, 2, 1), "Tass", "Sea"), newest_first=False)
    assert shelf.asked == [
        {
            "k": 60,
            "since": date(2023, 1, 1),
            "until": date(2023, 2, 1),
            "source": "Tass",
            "tag": "Sea",
            "as_of": NO_DAY,
            "heed_time": False,
        }
    ]
