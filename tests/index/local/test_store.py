"""Articles and passages on disk: every field comes back, and filters match a plain loop."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import IndexDamaged
from qa.index import browse
from qa.index.local.store import Store
from qa.index.local.tables import ARTICLES, PASSAGES
from qa.records import Article, Filter, Passage
from tests.index.local import stores

RICH = Article(
    id="a1",
    title="Ким встретил 👍🏽",
    text="First line.\n\nSecond «line» of سلام.",
    published=datetime(2023, 9, 5, 12, 30, 1, 250000, tzinfo=UTC),
    zone_assumed=True,
    approximate_to="month",
    source="CBS News",
    url="https://example.org/?a=1&b=2",
    authors=("Ann Lee", "Bo"),
    tags=("Russia", "Arms"),
)
PLAIN = Article(id="a2", title="", text="Only a text.")


def store_of(
    articles: list[Article],
    spans: list[list[tuple[int, int]]] | None = None,
    duplicate_of: list[int] | None = None,
    segments: int = 1,
    deleted: list[int] | None = None,
) -> Store:
    with tempfile.TemporaryDirectory() as folder:  # memory-mapped, so it outlives the folder
        gone = deleted if deleted is not None else []
        return stores.store_of(
            Path(folder), articles, spans=spans, duplicate_of=duplicate_of, segments=segments, deleted=gone
        )


def test_articles_come_back_with_every_field():
    store = store_of([RICH, PLAIN])
    assert (len(store), store.article(0), store.article(1)) == (2, RICH, PLAIN)
    assert (store.row("a2"), store.row("a3")) == (1, None)
    assert (store.rows(), list(store.articles())) == ([0, 1], [RICH, PLAIN])


def test_passages_are_numbered_through_all_articles():
    store = store_of([RICH, PLAIN], spans=[[(0, 11), (13, 20)], [(0, 4), (5, 6), (7, 12)]])
    assert store.passages == 5
    assert store.passage(1) == Passage(RICH, 13, 20)
    assert store.passage(4).text == "text."
    assert (store.passages_of(0), store.passages_of(1)) == (range(2), range(2, 5))
    assert store.span(3) == (5, 6)


def test_article_without_passages_takes_no_number():
    store = store_of([PLAIN, RICH, PLAIN], spans=[[], [(0, 5)], []])
    assert [store.passages_of(row) for row in range(3)] == [range(0), range(1), range(1, 1)]


def test_copies_are_the_other_articles_of_the_group():
    articles = [Article(str(n), "", "Text.") for n in range(5)]
    store = store_of(articles, duplicate_of=[0, 1, 0, 3, 0])
    assert [store.near_duplicates(row) for row in range(5)] == [[2, 4], [], [0, 4], [], [0, 2]]
    assert [store.duplicate_group(row) for row in range(5)] == [0, 1, 0, 3, 0]


def test_counts_come_most_first_then_by_name_without_empty_ones():
    articles = [
        Article("1", "", "T", source="B", tags=("x", "y")),
        Article("2", "", "T", source="A", tags=("y",)),
        Article("3", "", "T", source="B"),
        Article("4", "", "T", source="C", tags=("a", "")),
        Article("5", "", "T"),
    ]
    store = store_of(articles)
    assert browse.counts(store, "source") == [("B", 2), ("A", 1), ("C", 1)]
    assert browse.counts(store, "tags") == [("y", 2), ("a", 1), ("x", 1)]


def test_span_of_dates_leaves_out_and_counts_the_undated():
    days = [datetime(2023, 5, day, tzinfo=UTC) for day in (9, 2, 5)]
    articles = [Article(str(n), "", "T", day) for n, day in enumerate([*days, None])]
    assert browse.span_of_dates(store_of(articles)) == (days[1], days[0], 1)
    assert browse.span_of_dates(store_of([PLAIN])) == (None, None, 1)


def test_empty_filter_restricts_nothing():
    assert store_of([RICH, PLAIN]).allowed(Filter()) is None


def test_filter_marks_all_passages_of_an_article_at_once():
    store = store_of([RICH, PLAIN, RICH], spans=[[(0, 3), (4, 8)], [(0, 4)], [(0, 1)]])
    assert store.allowed(Filter(tags=("arms",))).tolist() == [True, True, False, True]


def test_bounds_are_half_open_to_the_microsecond():
    moment = datetime(2023, 7, 1, tzinfo=UTC)
    store = store_of(
        [Article("1", "", "T", moment), Article("2", "", "T", moment - timedelta(microseconds=1))]
    )
    assert store.allowed(Filter(since=moment)).tolist() == [True, False]
    assert store.allowed(Filter(until=moment)).tolist() == [False, True]


def test_bounds_in_another_zone_mean_the_same_moment():
    store = store_of([Article("1", "", "T", datetime(2023, 6, 30, 22, tzinfo=UTC))])
    seoul = timezone(timedelta(hours=9))
    assert store.allowed(Filter(since=datetime(2023, 7, 1, 7, tzinfo=seoul))).tolist() == [True]
    assert store.allowed(Filter(since=datetime(2023, 7, 1, 8, tzinfo=seoul))).tolist() == [False]


def test_undated_article_passes_no_date_bound_however_wide():
    store = store_of([PLAIN])
    assert store.allowed(Filter(since=datetime(1, 1, 2, tzinfo=UTC))).tolist() == [False]
    assert store.allowed(Filter(until=datetime(9999, 1, 1, tzinfo=UTC))).tolist() == [False]


DAYS = st.datetimes(datetime(2020, 1, 1), datetime(2020, 1, 9)).map(lambda d: d.replace(tzinfo=UTC))
NAMES = st.sampled_from(["CBS", "cbs", "Straße", "STRASSE", "Ünal", "B", ""])
FILTERS = st.builds(
    Filter,
    since=st.none() | DAYS,
    until=st.none() | DAYS,
    sources=st.lists(NAMES, max_size=2).map(tuple),
    tags=st.lists(NAMES, max_size=2).map(tuple),
)
ARTICLES_ = st.lists(
    st.builds(
        Article,
        id=st.uuids().map(str),
        title=st.just(""),
        text=st.just("Text."),
        published=st.none() | DAYS,
        source=NAMES,
        tags=st.lists(NAMES, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda article: article.id,
)


def passes(article: Article, condition: Filter) -> bool:
    """Return the filter's words, in plain Python."""
    dated = article.published is not None
    if condition.since is not None and not (dated and article.published >= condition.since):
        return False
    if condition.until is not None and not (dated and article.published < condition.until):
        return False
    sources = {name.casefold() for name in condition.sources}
    if sources and article.source.casefold() not in sources:
        return False
    tags = {name.casefold() for name in condition.tags}
    return not tags or not tags.isdisjoint(tag.casefold() for tag in article.tags)


@given(ARTICLES_, FILTERS, st.integers(1, 3), st.data())
def test_filters_allow_exactly_what_a_plain_loop_allows(articles, condition, segments, data):
    deleted = [row for row in range(len(articles)) if data.draw(st.integers(0, 3)) == 0]
    store = store_of(articles, segments=min(segments, len(articles)), deleted=deleted)
    expected = [passes(a, condition) and row not in deleted for row, a in enumerate(articles)]
    assert store.passing(condition).tolist() == expected
    allowed = store.allowed(condition)
    assert allowed is None if condition == Filter() else allowed.tolist() == expected


@given(ARTICLES_, st.integers(1, 3), st.data())
def test_segments_with_deleted_articles_show_only_those_that_are_left(articles, segments, data):
    deleted = [row for row in range(len(articles)) if data.draw(st.integers(0, 3)) == 0]
    store = store_of(articles, segments=min(segments, len(articles)), deleted=deleted)
    left = [row for row in range(len(articles)) if row not in deleted]
    assert (len(store), store.passages) == (len(left), len(left))
    assert list(store.articles()) == [articles[row] for row in left]
    assert [store.row(article.id) for article in articles] == [
        row if row in left else None for row in range(len(articles))
    ]
    dates = [articles[row].published for row in left if articles[row].published]
    expected = (min(dates), max(dates)) if dates else (None, None)
    assert browse.span_of_dates(store) == (*expected, len(left) - len(dates))
    assert dict(browse.counts(store, "source")) == Counter(
        articles[r].source for r in left if articles[r].source
    )
    assert dict(browse.counts(store, "tags")) == Counter(tag for r in left for tag in articles[r].tags if tag)


def test_rows_and_passages_are_numbered_through_all_segments():
    texts = ["One two.", "Three four.", "Five."]
    articles = [Article(str(n), "", text) for n, text in enumerate(texts)]
    spans = [[(0, 3), (4, 8)], [(0, 5)], [(0, 4), (0, 5)]]
    store = store_of(articles, spans=spans, segments=3, deleted=[1])
    assert [store.passage(n).text for n in range(5)] == ["One", "two.", "Three", "Five", "Five."]
    assert store.article_rows(np.array([0, 2, 4])).tolist() == [0, 1, 2]
    assert [store.passages_of(row) for row in range(3)] == [range(2), range(2, 3), range(3, 5)]
    assert (store.rows(), store.numbers(), store.passages) == ([0, 2], [0, 1, 3, 4], 4)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_any_text_comes_back_to_the_character(text: str, title: str):
    article = Article("1", title, text, tags=(title,))
    assert store_of([article]).article(0) == article


@pytest.mark.parametrize("name", [ARTICLES, PASSAGES])
@pytest.mark.parametrize("keep", [0, 40, 300])
def test_file_cut_off_is_reported_with_its_cure(tmp_path: Path, name: str, keep: int):
    stores.store_of(tmp_path, [RICH])
    path = tmp_path / "segment-0000" / name
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(IndexDamaged, match=rf"{name}: .*Build the index again\."):
        Store.open(tmp_path)


def test_file_of_other_columns_is_reported_with_its_cure(tmp_path: Path):
    stores.store_of(tmp_path, [RICH])
    folder = tmp_path / "segment-0000"
    (folder / PASSAGES).replace(folder / ARTICLES)
    with pytest.raises(IndexDamaged, match=r"articles\.arrow: the file holds something else\."):
        Store.open(tmp_path)
