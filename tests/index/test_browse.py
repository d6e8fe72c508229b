"""What is in an archive, newest first, over time, and beside an article."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from qa.index.browse import calendar
from qa.index.local import generation
from qa.index.local.engine import listing, neighbours
from qa.index.local.fingerprints import FileFingerprint
from qa.index.local.generation import MANIFEST, read_manifest
from qa.index.local.store import Store
from qa.index.local.tables import ROWS, read_rows, write_table
from qa.index.local.vectors import Vectors
from qa.ingest.versions import earlier_id
from qa.records import Article, Calendar, Count, Filter
from tests.index.local.stores import store_of


def article(name: str, day: str | None, source: str = "", tags: tuple[str, ...] = ()) -> Article:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    return Article(name, name.title(), "Text of this article.", moment, source=source, tags=tags)


@pytest.fixture
def shelf(tmp_path) -> Store:
    return store_of(
        tmp_path,
        [
            article("a", "2023-02-06", "Reuters", ("Turkey", "Quake")),
            article("b", None, "Reuters", ("Turkey",)),
            article("c", "2023-05-09", "Tass"),
            article("d", "2023-02-06", "", ("Quake",)),
            article("e", "1969-07-20", "Tass", ("Moon",)),
        ],
    )


def names(articles) -> str:
    return "".join(article.id for article in articles)


def test_articles_are_listed_newest_first_and_undated_ones_last(shelf):
    assert names(listing(shelf, Filter(), 0, 10).articles) == "cadeb"


def test_articles_are_listed_as_they_arrived_those_of_one_moment_or_of_none_that_is_known_by_date(tmp_path):
    days = {"a": "2020-01-01", "b": "2021-01-01", "c": "2022-01-01", "d": "2023-01-01", "e": "2024-01-01"}
    arrived = ["2024-05-02", "NaT", "2024-05-01", "NaT", "2024-05-02"]
    shelf = store_of(tmp_path, [article(name, day) for name, day in days.items()], arrived=arrived)
    assert names(listing(shelf, Filter(), 0, 10, "arrived").articles) == "eacdb"
    assert names(listing(shelf, Filter(), 1, 2, "arrived").articles) == "ac"


def test_listing_is_cut_into_pages_that_know_the_whole(shelf):
    pages = [listing(shelf, Filter(), first, 2) for first in (0, 2, 4, 6)]
    assert [names(page.articles) for page in pages] == ["ca", "de", "b", ""]
    assert {page.total for page in pages} == {5}


def test_listing_obeys_the_filters(shelf):
    found = listing(shelf, Filter(sources=("reuters",), tags=("turkey",)), 0, 1)
    assert (names(found.articles), found.total) == ("a", 2)


@pytest.mark.parametrize(("first", "many"), [(-1, 5), (0, 0)])
def test_impossible_page_is_refused(shelf, first: int, many: int):
    with pytest.raises(ValueError, match=f"not {first} and {many}"):
        listing(shelf, Filter(), first, many)


def test_articles_of_decades_are_counted_by_year_and_tag_where_they_have_both(shelf):
    assert calendar(shelf, "tags") == Calendar(
        "year",
        (
            Count(date(1969, 1, 1), "Moon", 1),
            Count(date(2023, 1, 1), "Quake", 2),
            Count(date(2023, 1, 1), "Turkey", 1),
        ),
    )


@pytest.mark.parametrize(
    ("last", "unit", "periods"),
    [
        ("2023-03-01", "day", (date(2023, 1, 31), date(2023, 3, 1))),
        ("2023-12-24", "month", (date(2023, 1, 1), date(2023, 12, 1))),
        ("2063-12-24", "year", (date(2023, 1, 1), date(2063, 1, 1))),
    ],
)
def test_periods_follow_the_span_of_the_archive(tmp_path, last: str, unit: str, periods: tuple[date, ...]):
    store = store_of(tmp_path, [article("a", "2023-01-31T23:00", "Tass"), article("b", last, "Tass")])
    assert calendar(store, "source") == Calendar(unit, tuple(Count(first, "Tass", 1) for first in periods))


def test_archive_without_dates_has_an_empty_calendar(tmp_path):
    assert calendar(store_of(tmp_path, [article("a", None, "Tass")]), "source") == Calendar("day", ())


@pytest.fixture
def circle(tmp_path) -> tuple[Store, Vectors]:
    """Article n stands 10 n degrees from the first; c is a copy of b, and e of the first."""
    days = ["2023-02-06", "2023-02-07", "2023-02-08", "2023-02-09", "2023-02-10", "2023-06-01"]
    articles = [article(name, day) for name, day in zip("abcdef", days, strict=True)]
    angles = np.radians(10.0 * np.arange(7))
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    everything = [*articles, article("g", None)]
    store = store_of(tmp_path, everything, duplicate_of=[0, 1, 1, 3, 0, 5, 6], vectors=vectors)
    return store, Vectors.open(tmp_path)


def test_neighbours_are_nearest_first_and_copies_are_not_counted_twice(circle):
    found = neighbours(*circle, row=0, many=3, within=None)
    assert names(n.article for n in found) == "bdf"
    assert [round(n.similarity, 3) for n in found] == [round(np.cos(np.radians(a)), 3) for a in (10, 30, 50)]


def test_neighbours_in_time_stay_within_the_bound(circle):
    assert names(n.article for n in neighbours(*circle, row=0, many=9, within=timedelta(days=3))) == "bd"
    assert names(n.article for n in neighbours(*circle, row=0, many=9, within=timedelta(days=2))) == "b"
    assert names(n.article for n in neighbours(*circle, row=0, many=9, within=timedelta(days=10**6))) == "bdf"


def test_article_without_a_date_has_no_neighbours_in_time(circle):
    assert neighbours(*circle, row=6, many=9, within=timedelta(days=3)) == []


def test_retriever_lists_counts_and_relates(build_small, open_small, news):
    news.append(news[1] | {"id": "quake-2", "source": "Northern Ledger"})
    build_small(news)
    retriever = open_small()
    assert names(retriever.listing(many=3).articles) == "visitquakequake-2"
    assert names(retriever.listing(source="Reuters", until="2022").articles) == "ship"

    assert names(retriever.near_duplicates("quake")) == "quake-2"
    assert retriever.near_duplicates("visit") == []
    assert sorted(n.article.id for n in retriever.neighbours("quake")) == ["ship", "undated", "visit"]
    assert retriever.neighbours("quake", within=timedelta(days=30)) == []
    assert retriever.calendar("source").unit == "month"
    for asked in (retriever.near_duplicates, retriever.neighbours, retriever.article):
        with pytest.raises(KeyError, match="nobody"):
            asked("nobody")


def test_an_article_arrived_when_its_id_first_came_in(build_small, open_small, news):
    visit, quake, ship, _ = news
    build_small([visit])
    build_small([ship], add=True)
    build_small([visit | {"text": "Shoigu visited Pyongyang again, with nobody at all."}, quake], add=True)
    retriever = open_small()
    first = earlier_id(Article("visit", visit["title"], visit["text"], source=visit.get("source", "")))
    assert names(retriever.listing(by="arrived").articles) == f"quakeship{first}visit"
    assert names(retriever.listing().articles) == f"{first}visitquakeship"


def test_an_index_that_kept_no_arrivals_opens_and_keeps_them_from_now_on(
    tmp_path, build_small, open_small, news
):
    visit, quake, ship, undated = news
    build_small([ship, visit, undated])
    as_of_format_2(tmp_path / "index")
    assert names(open_small().listing(by="arrived").articles) == "visitshipundated"  # by publication
    build_small([quake], add=True)
    assert names(open_small().listing(by="arrived").articles) == "quakevisitshipundated"


def as_of_format_2(index: Path) -> None:
    manifest = read_manifest(index)
    folder = index / manifest.generation
    rows = read_rows(folder).drop_columns("arrived")
    old = pa.Table.from_pylist(rows.to_pylist(), rows.schema)  # not mapped from the file that is written anew
    write_table([old], old.schema, folder / ROWS)
    files = manifest.files | {ROWS: FileFingerprint.of(folder / ROWS)}
    body = json.loads(json.dumps(asdict(replace(manifest, files=files, format=2))))
    (index / MANIFEST).write_text(json.dumps({"sha256": generation._checksum(body), "manifest": body}))
