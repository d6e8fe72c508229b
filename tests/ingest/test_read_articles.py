"""Whole archives: what comes in, what is passed over, and what is the user's mistake."""

import gzip
import io
import json
import os
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.ingest.articles import read_articles
from qa.records import Article
from qa.reports import Skipped
from qa.shipped import SAMPLE

TEXT = "The lamp fell into the sea on Monday and nobody was hurt."


def write(path: Path, *records: dict) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def read(*inputs: object, **options) -> list[Article | Skipped]:
    return list(read_articles([str(named) for named in inputs], **options))


def titles(found: list[Article | Skipped]) -> list[str]:
    return [item.title if isinstance(item, Article) else f"skipped {item.why}" for item in found]


def test_sample_archive_holds_nothing_but_articles():
    assert [one for one in read(SAMPLE) if isinstance(one, Skipped)] == []


def test_record_becomes_an_article_with_all_its_fields(tmp_path):
    record = {
        "Headline": "Lamp &amp; sea - The Post",
        "Body": f"<p>{TEXT}</p>",
        "pub_date": "2023-07-01T10:00:00+02:00",
        "Link": "https://post.example/a",
        "Publisher": "The Post",
        "Author(s)": "By Ann Lee and Bo Roe",
        "Keywords": "sea; Lamp; SEA",
        "ID": 7,
    }
    assert read(write(tmp_path / "a.jsonl", record)) == [
        Article(
            id="7",
            title="Lamp & sea",
            text=TEXT,
            published=datetime(2023, 7, 1, 8, tzinfo=UTC),
            source="The Post",
            url="https://post.example/a",
            authors=("Ann Lee", "Bo Roe"),
            tags=("sea", "Lamp"),
        )
    ]


def test_folder_is_read_recursively_in_sorted_order_and_each_file_once(tmp_path):
    for name in ("b.jsonl", "a/z.jsonl", "a/c.jsonl"):
        write(tmp_path / name, {"title": name, "text": TEXT})
    found = read(tmp_path / "b.jsonl", tmp_path, tmp_path / "a" / ".." / "b.jsonl")
    assert titles(found) == ["b.jsonl", "a/c.jsonl", "a/z.jsonl"]


def test_hidden_and_companion_files_are_passed_over_in_folders_but_read_by_name(tmp_path):
    write(tmp_path / "a.jsonl", {"title": "a", "text": TEXT})
    for name in (".hidden.jsonl", ".git/x.jsonl", "style.css", "README.md"):
        write(tmp_path / name, {"title": name, "text": TEXT})
    (tmp_path / "README.md").write_text(f"# About\n\n{TEXT}")
    assert titles(read(tmp_path)) == ["a"]
    assert titles(read(tmp_path / "README.md")) == ["About"]


def test_folder_that_links_to_itself_is_read_once(tmp_path):
    write(tmp_path / "a.jsonl", {"title": "a", "text": TEXT})
    (tmp_path / "loop").symlink_to(tmp_path)
    assert titles(read(tmp_path)) == ["a"]


def test_gzip_of_any_format_is_unpacked_whatever_its_name(tmp_path):
    packed = gzip.compress(json.dumps({"title": "packed", "text": TEXT}).encode())
    for name in ("a.jsonl.gz", "b.json.GZ", "c"):
        (tmp_path / name).write_bytes(packed)
    assert titles(read(tmp_path)) == ["packed"] * 3


def test_standard_input_is_read_as_what_it_holds(monkeypatch):
    lines = "".join(json.dumps({"title": str(n), "text": TEXT}) + "\n" for n in range(3))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    assert titles(read("-")) == ["0", "1", "2"]


def test_file_address_is_a_path(tmp_path):
    file = write(tmp_path / "a b.jsonl", {"title": "a", "text": TEXT})
    assert titles(read(file.as_uri())) == ["a"]


def test_file_of_questions_is_reported_once_and_its_neighbours_are_read(tmp_path):
    write(tmp_path / "a.jsonl", {"title": "a", "text": TEXT})
    questions = [{"question": "Who fell?", "answers": ["The lamp"], "article": "a"}] * 3
    write(tmp_path / "b.jsonl", *questions)
    (tmp_path / "squad.json").write_text(
        json.dumps({"version": "1", "data": [{"title": "a", "paragraphs": [{"context": TEXT, "qas": []}]}]})
    )
    assert read(tmp_path)[1:] == [
        Skipped(str(tmp_path / "b.jsonl"), "The file holds questions, not articles."),
        Skipped(str(tmp_path / "squad.json"), "The file holds questions, not articles."),
    ]


def test_bad_records_are_reported_by_line_and_never_stop_the_rest(tmp_path):
    file = tmp_path / "a.jsonl"
    good = json.dumps({"title": "good", "text": TEXT})
    file.write_text(
        f'{good}\n{{"title": \n[1]\n\n{json.dumps({"title": "no text", "text": " "})}\n'
        f"{json.dumps({'text': 'Word'})}\n{json.dumps({'text': '<p> </p>'})}\n{'[' * 100_000}\n{good}\n"
    )
    assert [(item.where.rsplit(":")[-1], item.why) for item in read(file) if isinstance(item, Skipped)] == [
        ("2", "This line is broken JSON: Expecting value (character 10)."),
        ("3", "Not a record but a list; articles are objects with named fields."),
        ("5", "There is no text; its fields are title, text."),
        ("6", "The article has only 1 word of text; 5 are the least."),
        ("7", "The article has no text once HTML and page remains are out; 5 are the least."),
        ("8", "This line is broken JSON: it is nested too deeply."),
    ]
    assert titles(read(file))[0] == titles(read(file))[-1] == "good"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00", "This is a PNG image, not text."),
        (b"%PDF-1.7\n", "The PDF document cannot be read (Stream has ended unexpectedly)."),
        (b"PK\x03\x04\x00", "The ZIP is damaged (File is not a zip file)."),
        (b"abc\x00def" * 9, "This is a binary file, not text."),
        (gzip.compress(b""), "The file is empty."),
        (gzip.compress(b"text " * 999)[:-9], "The gzip ends too early; it was cut off."),
        (b"\x1f\x8b\x08damaged" * 9, "The gzip is damaged (Unknown compression method)."),
    ],
)
def test_file_that_is_not_text_is_named_as_what_it_is(tmp_path, data, why):
    (tmp_path / "a.txt").write_bytes(data)
    found = read(tmp_path)
    assert [item.where for item in found] == [str(tmp_path / "a.txt")]
    assert found[0].why == why or why.startswith("The gzip is damaged") and "gzip" in found[0].why


def test_file_that_may_not_be_read_is_reported(tmp_path):
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    locked = write(tmp_path / "locked.jsonl", {"text": TEXT})
    locked.chmod(0)
    found = read(tmp_path)
    assert found[0] == Skipped(str(tmp_path / "gone.txt"), "Cannot be read (No such file or directory).")
    if os.geteuid() != 0:  # the administrator may read everything
        assert found[1] == Skipped(str(locked), "Cannot be read (Permission denied).")


@pytest.mark.parametrize("cut", [1000, 100_000])
def test_gzip_that_is_cut_off_gives_what_came_before_the_cut(tmp_path, cut):
    lines = "".join(
        json.dumps({"id": n, "text": f"{TEXT} {os.urandom(40).hex()}"}) + "\n" for n in range(4000)
    )
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:cut])
    *articles, last = read(tmp_path)
    assert [article.id for article in articles] == [str(n) for n in range(len(articles))]
    assert last == Skipped(str(tmp_path / "a.jsonl.gz"), "The gzip ends too early; it was cut off.")
    assert (len(articles) > 1000) == (cut == 100_000)


def test_gzip_bomb_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.ingest.streams.FREE_UNPACKED_BYTES", 2**20)
    for name in ("a.jsonl.gz", "b.txt.gz", "c.csv.gz", "d.parquet.gz"):
        start = {"a": b'{"text": "', "d": b"PAR1"}.get(name[0], b"title,text\n")
        (tmp_path / name).write_bytes(gzip.compress(start + b" " * 2**26))
    found = read(tmp_path)
    assert {item.why for item in found} == {
        "The gzip unpacks to more than 200 times its size, as a gzip bomb does."
    }
    assert len(found) == 4


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([], "No articles are named. Name files, folders or feeds."),
        (["nowhere"], "nowhere: There is no such file or folder. Check the path."),
        (["."], ".: The folder holds no file to read. Put articles into it."),
        (["ftp://x/y"], "ftp://x/y: ftp: is not supported. Use http, https or a path."),
    ],
)
def test_mistake_in_the_inputs_is_reported_at_once(tmp_path, monkeypatch, inputs, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        read_articles(inputs)
    assert str(caught.value) == message


def test_naive_as_of_is_a_mistake_of_the_caller(tmp_path):
    with pytest.raises(ValueError, match="as_of has no zone"):
        read_articles([tmp_path], as_of=datetime(2024, 1, 1))


def test_two_files_that_count_from_one_keep_all_their_articles(tmp_path):
    write(tmp_path / "a.jsonl", {"id": 1, "text": TEXT}, {"id": 1, "text": TEXT})
    write(tmp_path / "b.jsonl", {"id": 1, "text": f"{TEXT} Again."})
    ids = [article.id for article in read(tmp_path)]
    assert ids[:2] == ["1", "1"]  # the index, not the reading, drops the second of two equal articles
    assert ids[2].startswith("1#") and len(ids[2]) == 18


def test_article_without_a_source_is_named_after_its_address(tmp_path):
    line = '{"title": "One", "text": "A text of more than five words.", "url": "https://www.post.example/a"}'
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    (article,) = read_articles([tmp_path])
    assert article.source == "post.example"


# ---- the day in a file's name, where the article has none ----

STORY = "The flood killed three people in the valley, the mayor said, and many roads stayed closed for days."
PAGE = f"<html><head><title>Flood</title></head><body><h1>Flood</h1><p>{STORY}</p></body></html>"
RECORD = json.dumps({"title": "Flood", "text": STORY})


def days(*inputs: object) -> list[str]:
    found = [item for item in read(*inputs) if isinstance(item, Article)]
    return [f"{one.published:%Y-%m-%d}" if one.published is not None else "" for one in found]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2024-08-05-flood-toll.txt", f"Flood toll\n\n{STORY}"),
        ("20240805_toll.md", f"# Flood toll\n\n{STORY}"),
        ("flood 2024-08-05.html", PAGE),
        ("2024/08/05/toll.txt", f"Flood toll\n\n{STORY}"),
        ("2024-08-05.json", RECORD),
    ],
)
def test_file_of_one_article_without_a_date_has_that_of_its_name(tmp_path, name: str, content: str):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    assert days(path) == ["2024-08-05"]


def test_day_of_a_name_is_the_last_resort(tmp_path):
    (tmp_path / "2024-08-05.txt").write_text(f"Flood toll\n3 May 2023\n\n{STORY}")
    address = "https://e.example/2022/01/02/flood"
    (tmp_path / "2024-08-05.json").write_text(json.dumps({"title": "Flood", "text": STORY, "url": address}))
    assert days(tmp_path) == ["2022-01-02", "2023-05-03"]


def test_name_of_many_articles_dates_none_of_them(tmp_path):
    (tmp_path / "2024-08-05.jsonl").write_text(f"{RECORD}\n{RECORD.replace('three', 'four')}\n")
    (tmp_path / "2024-08-05.json").write_text(f"[{RECORD.replace('three', 'five')}]")
    (tmp_path / "2024-08-06.json").write_text(f"{RECORD.replace('three', 'six')}\n\n{RECORD}")
    (tmp_path / "2024-08-05.csv").write_text(f'title,text\nFlood,"{STORY}"\n')
    with zipfile.ZipFile(tmp_path / "2024-08-05.zip", "w") as archive:
        archive.writestr("toll.txt", f"Flood\n\n{STORY}")
        archive.writestr("2024/08/07/toll.txt", f"Flood again\n\n{STORY}")
    assert sorted(days(tmp_path)) == [*[""] * 7, "2024-08-07"]


@pytest.mark.parametrize("name", ["1599-08-05.txt", "2099-08-05.txt", "1970-01-01.txt"])
def test_day_of_a_name_that_cannot_be_is_not_taken(tmp_path, name: str):
    (tmp_path / name).write_text(f"Flood toll\n\n{STORY}")
    assert days(tmp_path / name) == [""]
