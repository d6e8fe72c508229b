"""Settings of an index are kept beside it, and bad ones are told in one line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.page.preferences import FILE, Preferences, load_preferences, save_preferences
from qa.settings import AskSettings

OTHER = Preferences(reader="deepset/x", passages_read=7, threshold=0.25, as_of=date(2023, 9, 5))


def test_index_without_saved_settings_has_the_defaults(tmp_path: Path):
    assert load_preferences(tmp_path) == Preferences()
    assert load_preferences(tmp_path).settings() == AskSettings()


def test_saved_settings_come_back_and_reach_the_reader(tmp_path: Path):
    save_preferences(tmp_path, OTHER)
    assert load_preferences(tmp_path) == OTHER
    settings = load_preferences(tmp_path).settings()
    assert (settings.reader, settings.passages_read, settings.threshold) == ("deepset/x", 7, 0.25)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    save_preferences(tmp_path, Preferences())
    assert load_preferences(tmp_path) == Preferences()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"passages_read": 0}, "passages_read must be from 1 to 50, not 0"),
        ({"passages_read": 51}, "passages_read must be from 1 to 50, not 51"),
        ({"passages_read": True}, "passages_read must be from 1 to 50, not True"),
        ({"passages_read": "7"}, "passages_read must be from 1 to 50, not '7'"),
        ({"threshold": 1.5}, "threshold must be from 0 to 1 or null, not 1.5"),
        ({"threshold": "high"}, "threshold must be from 0 to 1 or null, not 'high'"),
        ({"reader": " "}, "reader must name a folder or a model or be null, not ' '"),
        ({"reader": 7}, "reader must name a folder or a model or be null, not 7"),
        ({"as_of": "yesterday"}, "Invalid isoformat string: 'yesterday'"),
        ({"speed": 3}, "there is no setting 'speed'"),
    ],
)
def test_bad_value_is_reported_with_its_file_and_cure(tmp_path: Path, values: dict[str, object], told: str):
    (tmp_path / FILE).write_text(json.dumps(values))
    with pytest.raises(InputError) as error:
        load_preferences(tmp_path)
    assert told in str(error.value)
    assert str(error.value).startswith(f"{tmp_path / FILE}: ")
    assert str(error.value).endswith("Mend the file or delete it; without it the defaults hold.")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[1]",
        b"\xff\xfe",
        b"",
        b"[" * 100_000,
        b'{"reader":' * 100_000,
        b'{"threshold": NaN}',
        b'{"threshold": 1e999}',
        b'{"passages_read": ' + b"9" * 5000 + b"}",
        b'{"as_of": 7}',
    ],
)
def test_broken_file_is_reported_in_one_line(tmp_path: Path, content: bytes):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(InputError, match="the settings are broken"):
        load_preferences(tmp_path)


def test_settings_of_no_folder_are_not_saved(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be saved"):
        save_preferences(tmp_path / "milvus:" / "host", OTHER)


def test_settings_of_a_milvus_lite_file_lie_beside_it_and_not_in_it(tmp_path: Path):
    lite = tmp_path / "news.db"
    lite.mkdir()  # the folder of Milvus itself
    save_preferences(lite, OTHER)
    assert load_preferences(lite) == OTHER
    assert list(lite.iterdir()) == []
    assert (tmp_path / f"news.db.{FILE}").is_file()


def test_settings_that_an_earlier_version_wrote_into_milvus_lite_are_still_read(tmp_path: Path):
    lite = tmp_path / "news.db"
    lite.mkdir()
    save_preferences(tmp_path, OTHER)
    (tmp_path / FILE).rename(lite / FILE)
    assert load_preferences(lite) == OTHER
    save_preferences(lite, Preferences(passages_read=7))
    assert load_preferences(lite) == Preferences(passages_read=7)


def test_an_index_on_a_server_has_the_defaults_and_keeps_no_settings():
    address = "milvus://localhost:19530/news"
    assert load_preferences(address) == Preferences()
    with pytest.raises(InputError, match="the settings cannot be saved: the index is on a server"):
        save_preferences(address, OTHER)
