"""Names that people type lead to an archive or to a folder that may be read, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import InputError
from qa.page.folders import archives, folder_within, index_named, new_index


@pytest.mark.parametrize("name", ["news", "News-2023_a", "x", " mine ", "2023"])
def test_plain_name_is_a_folder_among_the_archives(tmp_path: Path, name: str):
    assert index_named(name, tmp_path) == tmp_path / name.strip()


@pytest.mark.parametrize(
    "name",
    ["", " ", ".", "..", "../x", "a/b", "a\\b", "/tmp/x", "C:\\x", "~", "a.b", "-x", "x-", "a b", "a\0b",
     "a\n", "x" * 41, "con", "LPT1", "\u202enews", "nеws"],
)  # fmt: skip
def test_other_names_are_refused(tmp_path: Path, name: str):
    if name == "a\n":  # blanks at both ends are removed
        assert index_named(name, tmp_path) == tmp_path / "a"
        return
    with pytest.raises(InputError, match="cannot be the name of an archive"):
        index_named(name, tmp_path)


def test_link_that_leads_out_is_refused(tmp_path: Path):
    (tmp_path / "indexes").mkdir()
    (tmp_path / "indexes" / "out").symlink_to(tmp_path)
    with pytest.raises(InputError, match="leads out of the folder"):
        index_named("out", tmp_path / "indexes")


def test_taken_name_is_no_name_for_a_new_archive(tmp_path: Path):
    (tmp_path / "news").mkdir()
    with pytest.raises(InputError, match="there is an archive 'news' already"):
        new_index("news", tmp_path)
    assert new_index("sport", tmp_path) == tmp_path / "sport"
    with pytest.raises(InputError, match="^the new archive has no name"):
        new_index(" ", tmp_path)


def test_archives_are_the_folders_with_a_manifest(tmp_path: Path):
    for name in ("sport", "news", "empty", ".hidden"):
        (tmp_path / name).mkdir()
    for name in ("sport", "news", ".hidden"):
        (tmp_path / name / "manifest.json").write_text("{}")
    assert archives(tmp_path) == ["news", "sport"]
    assert archives(tmp_path / "none") == []


def test_only_allowed_folders_may_be_read(tmp_path: Path):
    allowed, secret = tmp_path / "articles", tmp_path / "secret"
    for folder in (allowed, secret):
        folder.mkdir()
    (allowed / "way-out").symlink_to(secret)
    assert folder_within(str(allowed), (allowed,)) == allowed
    assert folder_within(f" {allowed}/a.csv ", (allowed,)) == allowed / "a.csv"
    for named in (str(secret), f"{allowed}/../secret", f"{allowed}/way-out", f"{allowed}-2", "", "\0"):
        with pytest.raises(InputError, match="not among those that the page may read") as told:
            folder_within(named, (allowed,))
        assert f"Check how it is written: the page reads {allowed.resolve()}, and" in str(told.value)
        assert "QA_FOLDERS" in str(told.value)
