"""JSON as APIs, search engines and data frames write it: every record is found, with what its group says."""

import json

import pytest

from qa.ingest.articles import read_articles
from qa.ingest.shapes import records_in
from qa.records import Article

LAMP = "The lamp fell into the sea on Monday and nobody was hurt, the keeper said."
BOAT = "A red boat sank beside the pier on Tuesday, and its two sailors swam to the shore."
ONE = {"title": "Lamp falls", "body": LAMP, "date": "2023-05-01"}
TWO = {"title": "Boat sinks", "body": BOAT, "date": "2023-05-02"}


def read(tmp_path, value: object) -> list[Article]:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(value))
    found = list(read_articles([file]))
    assert all(isinstance(item, Article) for item in found), found
    return found


@pytest.mark.parametrize(
    "value",
    [
        {
            "hits": {
                "total": 2,
                "hits": [{"_id": "a", "_score": 1, "_source": ONE}, {"_id": "b", "_source": TWO}],
            }
        },
        {"response": {"docs": [ONE, TWO], "meta": {"hits": 2}}},
        {"articles": {"page": 1, "results": [ONE, TWO]}},
        {"data": [{"id": "1", "type": "story", "attributes": ONE}, {"id": "2", "attributes": TWO}]},
        {"data": {"stories": {"edges": [{"node": ONE}, {"node": TWO}]}}},
        {"17": ONE, "18": TWO},
        {"title": ["Lamp falls", "Boat sinks"], "body": [LAMP, BOAT], "date": ["2023-05-01", "2023-05-02"]},
        {name: {"0": ONE[name], "1": TWO[name]} for name in ONE},
        {"columns": list(ONE), "index": [0, 1], "data": [list(ONE.values()), list(TWO.values())]},
        [list(ONE), list(ONE.values()), list(TWO.values())],
        {"title": "The feed of the Gazette", "description": "News of the coast", "items": [ONE, TWO]},
        [{"article": ONE}, {"article": TWO}],
    ],
    ids=[
        "elasticsearch",
        "solr",
        "pages",
        "json-api",
        "graphql",
        "by id",
        "lists",
        "columns",
        "split",
        "rows",
        "feed",
        "wrapped",
    ],
)
def test_records_are_found_in_every_shape(tmp_path, value):
    found = read(tmp_path, value)
    assert [(one.title, one.text, f"{one.published:%Y-%m-%d}") for one in found] == [
        ("Lamp falls", LAMP, "2023-05-01"),
        ("Boat sinks", BOAT, "2023-05-02"),
    ]


@pytest.mark.parametrize(
    ("value", "field", "told"),
    [
        ({"harbour": [ONE], "fishing": [TWO]}, "tags", [("harbour",), ("fishing",)]),
        ({"sections": {"harbour": [ONE], "fishing": [TWO]}}, "tags", [("harbour",), ("fishing",)]),
        ([{"category": "harbour", "articles": [ONE, TWO]}], "tags", [("harbour",)] * 2),
        ({"outlets": {"Coast Gazette": [ONE], "Pier Post": [TWO]}}, "source", ["Coast Gazette", "Pier Post"]),
        ({"gazette.example": [ONE], "post.example": [TWO]}, "source", ["gazette.example", "post.example"]),
        ({"x-17": ONE, "x-18": TWO}, "id", ["x-17", "x-18"]),
    ],
)
def test_what_a_group_says_holds_for_its_records(tmp_path, value, field, told):
    assert [getattr(one, field) for one in read(tmp_path, value)] == told


def test_day_that_names_a_group_is_the_date_of_its_records(tmp_path):
    value = {"2023-06-07": [{"title": "Lamp falls", "body": LAMP}], "2023-06-08": [TWO]}
    assert [f"{one.published:%d.%m.}" for one in read(tmp_path, value)] == ["07.06.", "02.05."]


def test_article_with_lists_of_other_articles_stays_one():
    record = ONE | {
        "related": [TWO, TWO],
        "authors": [{"name": "Ann Lee"}],
        "images": [{"title": "x", "url": "y"}],
    }
    assert records_in(record) == [record]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"abstract": "A short one.", "lead_paragraph": LAMP}, f"A short one.\n\n{LAMP}"),
        ({"description": LAMP[:30] + "…", "content": LAMP}, LAMP),
        ({"snippet": BOAT, "body": f"<p>{LAMP}</p>"}, f"{BOAT}\n\n{LAMP}"),
        ({"short_description": LAMP}, LAMP),
        ({"text": LAMP, "html": f"<div class='{'x' * 900}'>{LAMP[:20]}</div>"}, LAMP),
        ({"content": LAMP[:40] + "… [+40 chars]", "body": LAMP}, LAMP),
        ({"abstract": "None available.", "full_text": LAMP}, LAMP),
        (
            {"fields": {"bodyText": LAMP, "trailText": "Keeper saw it fall."}},
            f"Keeper saw it fall.\n\n{LAMP}",
        ),
    ],
)
def test_fullest_text_is_the_body_and_a_summary_that_is_no_part_of_it_comes_before(tmp_path, record, text):
    (article,) = read(tmp_path, {"title": "T", "id": 7} | record)
    assert article.text == text


def test_parts_of_a_record_that_are_other_things_give_nothing(tmp_path):
    record = {
        "body": LAMP,
        "title": "Lamp falls",
        "image": {"title": "The pier", "url": "https://e.example/pier.jpg", "date": "2001-01-01"},
        "thread": {"site": "gazette.example", "title": "Elsewhere", "url": "https://gazette.example/t"},
        "author": {"name": "Ann Lee", "description": "Ann writes about lamps and boats."},
        "location": {"name": "Elden"},
    }
    (article,) = read(tmp_path, record)
    assert (article.title, article.text, article.published, article.url) == ("Lamp falls", LAMP, None, "")
    assert (article.source, article.authors) == ("gazette.example", ("Ann Lee",))


def test_facets_give_their_values_as_tags(tmp_path):
    keywords = [{"name": "subject", "value": "Lamps", "rank": 1}, {"name": "glocations", "value": "Elden"}]
    (article,) = read(tmp_path, ONE | {"keywords": keywords})
    assert article.tags == ("Lamps", "Elden")


LONG = "The lamp of the old pier fell into the sea on Monday and nobody at all was hurt, its keeper said."
OTHER = (
    "A red boat sank beside the old pier on Tuesday, and its two sailors swam to the shore of Norrby at once."
)
UNNAMED = {"k1": [LONG, OTHER], "k2": ["2023-05-01", "2023-05-02"]}
ROWS = [{"k1": LONG, "k2": "2023-05-01"}, {"k1": OTHER, "k2": "2023-05-02"}]


@pytest.mark.parametrize(
    "value",
    [
        {name: dict(zip("01", column, strict=True)) for name, column in UNNAMED.items()},
        dict(zip("01", ROWS, strict=True)),
        {"columns": list(UNNAMED), "index": [0, 1], "data": [list(row.values()) for row in ROWS]},
        [list(row.values()) for row in ROWS],
    ],
    ids=["columns", "index", "split", "values"],
)
def test_frame_without_known_names_is_split_by_its_shape(tmp_path, value):
    found = read(tmp_path, value)
    assert [(one.text, f"{one.published:%d.%m.}") for one in found] == [(LONG, "01.05."), (OTHER, "02.05.")]


def test_numbers_of_the_rows_of_a_frame_are_no_ids(tmp_path):
    """Otherwise row 3 of tomorrow's file would count as a correction of row 3 of today's file."""
    assert {len(one.id) for one in read(tmp_path, {"0": ONE, "1": TWO})} == {32}
    assert [one.id for one in read(tmp_path, {"4711": ONE, "4713": TWO})] == ["4711", "4713"]


def test_hit_of_a_search_engine_keeps_its_id(tmp_path):
    hits = [{"_index": "news", "_id": "x1", "_source": ONE}, {"_index": "news", "_id": "x2", "_source": TWO}]
    found = read(tmp_path, {"took": 3, "hits": {"total": {"value": 2}, "hits": hits}})
    assert [(one.id, one.title, one.source) for one in found] == [
        ("x1", "Lamp falls", ""),
        ("x2", "Boat sinks", ""),
    ]


def test_wrappers_of_graphql_are_no_topics(tmp_path):
    edges = [{"cursor": "a", "node": ONE}, {"cursor": "b", "node": TWO}]
    assert [one.tags for one in read(tmp_path, {"data": {"allNews": {"edges": edges}}})] == [(), ()]
