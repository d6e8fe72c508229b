"""The names that real exports use, and the shapes their values have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.fields import (
    Fields,
    field_named,
    holds_question,
    merge_tags,
    read_fields,
    split_authors,
    split_tags,
)


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ("title headline Headline HEADLINE article_title", "title"),
        ("text body content article maintext story full-text articleBody content_html", "text"),
        ("date published published_at publishedAt pubDate PubDate pub_date time date_publish", "published"),
        ("url link web_url", "url"),
        ("source publisher outlet source_name", "source"),
        ("author authors author(s) byline dc:creator", "authors"),
        ("tags keywords category Categories section_name", "tags"),
        ("id _id article-id", "id"),
    ],
)
def test_name_is_recognised_without_case_and_separators(names, field):
    assert [field_named(name) for name in names.split()] == [field] * len(names.split())


def test_first_of_several_names_that_holds_anything_counts():
    record = {
        "description": "a summary",
        "content": " ",
        "body": None,
        "date": "2023",
        "title": "nan",
        "headline": "H",
    }
    assert read_fields(record, {}) == Fields(title="H", text="a summary", published="2023")


def test_nested_values_of_news_apis_are_read():
    record = {
        "title": {"rendered": "W"},
        "content": {"rendered": "<p>text</p>"},
        "source": {"id": None, "name": "CNN"},
        "author": [{"name": "Ann Lee"}, {"name": "Bo Roe"}],
        "keywords": [{"name": "persons", "value": "x"}],
    }
    assert read_fields(record, {}) == Fields(
        title="W", text="<p>text</p>", source="CNN", authors=("Ann Lee", "Bo Roe"), tags=("x",)
    )


def test_paragraphs_in_a_list_become_one_text():
    assert read_fields({"paragraphs": ["one", "", "two"]}, {}).text == "one\n\ntwo"


def test_mapping_reaches_into_nested_records_and_gives_way_where_it_finds_nothing():
    mapping = {"text": "data.main text", "source": "Col2"}
    assert read_fields({"a": "x", "data": {"main_text": "inner"}}, mapping).text == "inner"
    assert read_fields({"a": "x", "b": "The Post", "text": "plain"}, mapping) == Fields(
        text="plain", source="The Post"
    )


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("sea; lamp;Sea", ("sea", "lamp")),
        ("sea, lamp", ("sea", "lamp")),
        ("sea | #lamp", ("sea", "lamp")),
        ("Washington, D.C.; sea", ("Washington, D.C.", "sea")),
        ("['sea', 'lamp']", ("sea", "lamp")),
        ('["sea", "lamp, old"]', ("sea", "lamp, old")),
        (["sea", {"term": None, "name": "lamp"}, None, 7], ("sea", "lamp", "7")),
        (None, ()),
        ("[", ("[",)),
    ],
)
def test_tags_are_split_however_they_are_written(value, tags):
    assert split_tags(value) == tags


def test_first_spelling_of_a_tag_stays():
    assert merge_tags(["#Putin", "putin", " NorthKorea ", "North Korea", "#", "PUTIN"]) == (
        "Putin",
        "NorthKorea",
        "North Korea",
    )


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("By Ann Lee and Bo Roe", ("Ann Lee", "Bo Roe")),
        ("Ann Lee, Bo Roe & Cy Poe", ("Ann Lee", "Bo Roe", "Cy Poe")),
        ("Doe, Jane", ("Doe, Jane",)),
        ("Ann Lee; Ann Lee", ("Ann Lee",)),
        (["by Ann Lee", "Reuters"], ("Ann Lee", "Reuters")),
        ("Sandy Anderson", ("Sandy Anderson",)),
        ("", ()),
    ],
)
def test_authors_are_split_into_names(value, authors):
    assert split_authors(value) == authors


@pytest.mark.parametrize(
    ("record", "is_question"),
    [
        ({"question": "Who?", "answer": "Ann"}, True),
        ({"id": 1, "question": "Who?", "article": "Lamp falls"}, True),
        ({"title": "a", "paragraphs": [{"context": "x", "qas": []}]}, True),
        ({"question": "Who?", "text": "an article that has a column for questions"}, False),
        ({"title": "Question", "text": "Who?"}, False),
        ({"title": "a", "paragraphs": ["one", "two"]}, False),
    ],
)
def test_questions_are_told_apart_from_articles(record, is_question):
    assert holds_question(record) is is_question


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["title", "text", "date", "tags", "authors", "source", "id", "url"]) | st.text(
    max_size=6
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_no_record_makes_reading_raise(record):
    fields = read_fields(record, {"text": "a.b"})
    assert isinstance(fields.text, str) and all(
        isinstance(tag, str) for tag in (*fields.tags, *fields.authors)
    )
    holds_question(record)
