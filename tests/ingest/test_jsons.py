"""JSON in the shapes people have it; broken pieces cost only themselves."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest import jsons
from qa.ingest.articles import read_articles
from qa.records import Article
from qa.reports import Skipped

TEXT = "The lamp fell into the sea on Monday and nobody was hurt."
ONE, TWO = {"title": "one", "text": TEXT}, {"title": "two", "text": TEXT}


def read(tmp_path, text: str | bytes, name: str = "a.json") -> list[Article | Skipped]:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_articles([file]))


def titles(found) -> list[str]:
    return [item.title if isinstance(item, Article) else f"skipped {item.why}" for item in found]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        json.dumps({"status": "ok", "totalResults": 2, "articles": [ONE, TWO]}),
        json.dumps({"articles": [ONE, TWO], "next": None}),
        json.dumps({"response": {"pages": 1, "results": [ONE, TWO]}}),
        json.dumps(ONE) + json.dumps(TWO),
        json.dumps(ONE, indent=1) + "\n" + json.dumps(TWO, indent=1),
        json.dumps(ONE) + "\n" + json.dumps(TWO),
        "\ufeff" + json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO]).encode("utf-16"),
        "[" + json.dumps(ONE) + ",\n" + json.dumps(TWO) + ",\n]",
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a"])
def test_json_of_many_shapes_gives_the_same_articles(tmp_path, text, name):
    assert titles(read(tmp_path, text, name)) == ["one", "two"]


def test_single_object_is_one_article_though_it_holds_lists_of_objects(tmp_path):
    record = ONE | {"authors": [{"name": "Ann Lee"}], "tags": [{"name": "sea"}]}
    (article,) = read(tmp_path, json.dumps(record))
    assert (article.authors, article.tags) == (("Ann Lee",), ("sea",))


def test_broken_record_in_a_list_is_reported_by_line_and_the_next_ones_are_read(tmp_path):
    text = f'[\n{json.dumps(ONE)},\n{{"title": bad, "text": "x"}},\n{json.dumps(TWO)}\n]'
    found = read(tmp_path, text)
    assert titles(found)[0] == "one" and titles(found)[2:] == ["two"]
    assert found[1] == Skipped(f"{tmp_path}/a.json:3", found[1].why)
    assert found[1].why.startswith("Broken JSON: Expecting value")


def test_list_that_is_cut_off_gives_the_records_before_the_cut(tmp_path):
    text = json.dumps([ONE, TWO], indent=1)
    assert titles(read(tmp_path, text[:-1])) == [
        "one",
        "two",
        "skipped The file ends inside its list of records.",
    ]
    one, fault = read(tmp_path, text[:-30])
    assert (
        one.title == "one"
        and fault.where == f"{tmp_path}/a.json:6"
        and fault.why.endswith("; read no further.")
    )


def test_long_list_is_streamed_through_a_small_window(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.ingest.decoding._CHUNK_BYTES", 7)
    records = [{"title": f"é {n}", "text": TEXT * (n % 3 + 1)} for n in range(50)]
    for text in (json.dumps(records), json.dumps(records, ensure_ascii=False, indent=3)):
        assert titles(read(tmp_path, text)) == [f"é {n}" for n in range(50)]


def test_record_over_the_limit_is_reported_and_its_neighbours_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.ingest.decoding.MOST_RECORD_BYTES", 1000)
    lines = "\n".join(json.dumps(record) for record in (ONE, {"title": "long", "text": TEXT * 99}, TWO))
    found = read(tmp_path, lines, "a.jsonl")
    assert found[1] == Skipped(f"{tmp_path}/a.jsonl:2", "The record is larger than 64 MB.")
    assert titles(found)[::2] == ["one", "two"]


def test_article_of_five_megabytes_comes_in_whole(tmp_path):
    (article,) = read(tmp_path, json.dumps({"title": "long", "text": "Every word counts. " * 280_000}))
    assert len(article.text) == 280_000 * 19 - 1


def test_lone_surrogate_and_escaped_emoji_are_read(tmp_path):
    (article,) = read(tmp_path, '{"title": "\\ud83d\\ude00 \\ud800", "text": "' + TEXT + '"}')
    assert article.title == "😀"


@given(st.binary(max_size=80) | st.text(alphabet='[]{}",:\\ \n1truefalsn', max_size=60).map(str.encode))
def test_no_bytes_make_reading_raise(data):
    from io import BytesIO

    from qa.ingest.streams import Stream

    list(jsons.read_json(Stream.opened(BytesIO(b"{" + data)), "x"))
    list(jsons.read_jsonl(Stream.opened(BytesIO(b"{" + data)), "x"))
