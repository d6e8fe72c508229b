"""The first articles of some inputs, as they would be understood."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.ingest.preview import preview

BODY = "The lamp fell into the sea on Monday and nobody was hurt."


def table(path: Path, header: str, rows: int = 3) -> Path:
    path.write_text(
        f"{header}\n" + "".join(f"Lamp {n},{BODY} {n},2023-05-0{n}\n" for n in range(1, rows + 1))
    )
    return path


def test_first_articles_are_shown_with_the_columns_that_gave_them(tmp_path: Path):
    seen = preview([table(tmp_path / "a.csv", "headline,story,date", rows=9)], many=2)
    assert [(a.title, a.text, a.published) for a in seen.articles] == [
        (f"Lamp {n}", f"{BODY} {n}", datetime(2023, 5, n, tzinfo=UTC)) for n in (1, 2)
    ]
    assert seen.columns == ("headline", "story", "date")
    assert dict(seen.recognised) == {"title": "headline", "text": "story", "published": "date"}
    assert (seen.skipped, seen.sources) == ((), 1)


def test_mapping_by_hand_changes_what_is_understood(tmp_path: Path):
    path = table(tmp_path / "a.csv", "kicker,content,when")
    (first, *_) = preview([path], mapping={"title": "kicker", "published": "when"}).articles
    assert (first.title, first.published) == ("Lamp 1", datetime(2023, 5, 1, tzinfo=UTC))


def test_what_is_guessed_is_said_and_a_mapping_comes_first(tmp_path: Path):
    path = table(tmp_path / "a.csv", "kicker,content,when")
    seen = preview([path])
    assert [article.published for article in seen.articles] == [
        datetime(2023, 5, n, tzinfo=UTC) for n in (1, 2, 3)
    ]
    assert dict(seen.recognised) == {"text": "content", "published": "when"}
    assert seen.notes == ("taken as date: when",)
    assert preview([path], mapping={"date": "when"}).notes == ()


def test_several_files_each_show_something_and_faults_are_listed(tmp_path: Path):
    one, two = table(tmp_path / "1.csv", "title,text,date"), tmp_path / "2.jsonl"
    two.write_text(json.dumps({"title": "Sea", "text": f"{BODY} Again."}) + "\n{broken\n")
    (tmp_path / "3.png").write_bytes(b"\x89PNG....")
    seen = preview([one, two, tmp_path / "3.png"], many=6)
    assert [article.title for article in seen.articles] == ["Lamp 1", "Lamp 2", "Sea"]
    assert [Path(s.where).name for s in seen.skipped] == ["2.jsonl:2", "3.png"]
    assert seen.sources == 3


def test_questions_are_no_articles(tmp_path: Path):
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"question": "Who?", "answer": "Kim"}) + "\n")
    seen = preview([path])
    assert seen.articles == ()
    assert [s.why for s in seen.skipped] == ["This is a question, not an article."]


def test_no_more_is_read_than_is_shown(tmp_path: Path):
    path = table(tmp_path / "a.csv", "title,text,date")
    with path.open("a") as stream:
        stream.write("one,two\n" * 3)  # broken rows behind what is shown
    assert preview([path], many=3).skipped == ()


def test_missing_file_is_reported_at_once(tmp_path: Path):
    with pytest.raises(InputError, match="no such file"):
        preview([tmp_path / "none.csv"])
