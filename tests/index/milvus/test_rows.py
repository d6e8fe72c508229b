"""Articles and their rows in Milvus, of whatever characters and length."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.index.analyzer import words_of as counted
from qa.index.milvus.rows import (
    article_from,
    article_rows,
    condition_of,
    entry_from,
    entry_of,
    key_of,
    moments_of,
    passage_key,
    passage_rows,
    place_in,
    too_large,
    words_of,
)
from qa.index.milvus.schema import ARTICLE_FIELDS, LONGEST_TEXT, passage_fields
from qa.records import Article, Filter, Passage

MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
TEXTS = st.text(max_size=40)
ARTICLES = st.builds(
    Article,
    id=TEXTS,
    title=TEXTS,
    text=st.one_of(TEXTS, st.sampled_from(["long " * 50_000, "김" * 30_000, '\\"' * 70_000])),
    published=st.none() | MOMENTS,
    zone_assumed=st.booleans(),
    approximate_to=st.sampled_from(["", "day"]),
    source=TEXTS,
    url=TEXTS,
    authors=st.lists(TEXTS, max_size=3).map(tuple),
    tags=st.lists(TEXTS, max_size=3).map(tuple),
)
LIMITS = {field.name: field.longest for field in (*ARTICLE_FIELDS, *passage_fields(2)) if field.longest}


def assert_fits(row: dict[str, object]) -> None:
    """Check that every text is plain ASCII and no longer than its field."""
    for name, value in row.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                assert text.isascii()
                assert len(text) <= LIMITS[name], name


@settings(deadline=None)  # texts of some hundred thousand characters
@given(ARTICLES, st.randoms(use_true_random=False))
def test_article_comes_back_from_its_rows_in_any_order(article: Article, random):
    entry = entry_of(article, passages=3, duplicate_group="c" * 32)
    rows = article_rows(article, entry)
    for row in rows:
        assert_fits(row)
    assert [row["part"] for row in rows] == list(range(len(rows)))
    assert len({row["key"] for row in rows}) == len(rows)
    random.shuffle(rows)
    assert article_from(rows) == article
    first = next(row for row in rows if row["part"] == 0)
    assert entry_from(first) == entry
    assert [row["facts"] for row in rows if row["part"] > 0] == [""] * (len(rows) - 1)


def test_stored_names_are_those_of_the_first_version_so_that_its_indexes_open():
    article = Article("a1", "Title", "Text.", source="Reuters", tags=("Russia",))
    (row,) = article_rows(article, entry_of(article, passages=1, duplicate_group="c" * 32))
    assert set(json.loads(row["facts"])) == {
        "id", "published", "source", "tags", "digest", "content", "passages", "copies"
    }  # fmt: skip
    assert row["copies"] == json.loads(row["facts"])["copies"] == "c" * 32


@settings(deadline=None)
@given(ARTICLES, ARTICLES)
def test_key_is_that_of_one_article_in_all_its_fields(one: Article, other: Article):
    assert (key_of(one) == key_of(other)) == (one == other)
    assert re.fullmatch(r"[0-9a-f]{32}", key_of(one))


@settings(deadline=None)
@given(ARTICLES, st.integers(0, 1000), st.integers(0, 1000))
def test_passage_knows_its_article_and_place(article: Article, start: int, length: int):
    key = passage_key(key_of(article), (start, start + length))
    assert place_in(key) == (key_of(article), start, start + length)
    (row,) = passage_rows([(Passage(article, 0, 5), key, np.array([0.6, 0.8]))])
    assert_fits(row)
    assert (row["key"], row["article"], row["vector"]) == (key, key_of(article), [0.6, 0.8])


@given(st.lists(MOMENTS | st.none(), max_size=5))
def test_moments_are_exact_to_the_microsecond(moments):
    entries = [entry_of(Article("", "", "", moment), passages=0, duplicate_group="") for moment in moments]
    expected = [
        np.datetime64("NaT") if m is None else np.datetime64(m.replace(tzinfo=None), "us") for m in moments
    ]
    found = moments_of(entries)
    assert found.dtype == np.dtype("datetime64[us]")
    assert np.array_equal(found, np.array(expected, dtype="datetime64[us]"), equal_nan=True)


@given(st.lists(TEXTS | st.text("aé_ß'-.김Ⅷ", max_size=30), min_size=2, max_size=4))
def test_any_analyzer_counts_the_words_that_the_local_engine_counts(texts: list[str]):
    """Milvus's analyzers cut at all but letters and digits and make small letters: nothing is left to cut."""
    ours = [spoken.split() for spoken in words_of(texts)]
    for spoken, analysed in zip(words_of(texts), ours, strict=True):
        assert re.findall(r"[a-z0-9]+", spoken.lower()) == analysed
    theirs = counted(texts)
    assert [len(words) for words in ours] == [len(words) for words in theirs]
    pairs = {(a, b) for one, other in zip(ours, theirs, strict=True) for a, b in zip(one, other, strict=True)}
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)


@given(st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=3), st.none() | MOMENTS, st.none() | MOMENTS)
def test_condition_holds_nothing_that_people_wrote(sources, tags, since, until):
    condition = condition_of(Filter(since, until, tuple(sources), tuple(tags)))
    hashes = r'\["[0-9a-f]{32}"(?:, "[0-9a-f]{32}")*\]'
    parts = [
        r"published >= -?\d+" if since is not None else "",
        r"published > -?\d+ and published < -?\d+" if until is not None else "",
        f"source in {hashes}" if sources else "",
        rf"array_contains_any\(tags, {hashes}\)" if tags else "",
    ]
    assert re.fullmatch(" and ".join(part for part in parts if part), condition)


def test_article_that_milvus_cannot_take_is_reported_why():
    fine = Article("id", "Title", "Text of an article.", source="s", tags=("t",) * 4096)
    assert too_large(fine, [(0, 4)]) == ""
    assert "tags" in too_large(Article("id", "", "", tags=("t",) * 4097), [])
    assert "Its id, source and tags are longer" in too_large(Article("i" * LONGEST_TEXT, "", ""), [])
    many = " ".join(f"word{n}" for n in range(20_000))
    assert too_large(Article("id", "", many), [(0, 1000)]) == ""
    assert "more words than Milvus takes" in too_large(Article("id", "", many), [(0, len(many))])
    assert "more words than Milvus takes" in too_large(Article("id", many, "Text."), [(0, 5)])


@pytest.mark.parametrize("name", ["body", "text"])
def test_row_that_is_missing_or_altered_is_reported(name: str):
    article = Article("id", "Title", "long " * 50_000)
    rows = article_rows(article, entry_of(article, passages=1, duplicate_group=""))
    if name == "body":
        rows[1]["body"] = rows[1]["body"][:-1] + '"'
    else:
        del rows[-1]
    with pytest.raises(ValueError):
        article_from(rows)
