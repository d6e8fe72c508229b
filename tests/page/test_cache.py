"""What the page keeps for every tab is let go of when the index moves on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from benchmarks.injection import build, opened, write_edition
from qa.page import cache
from qa.records import Reply

REPLY = Reply("Who?", (), (), calibrated=True)


@pytest.fixture(autouse=True)
def empty():
    for kept in (cache.replies, cache.brief, cache.calendar, cache.examples, cache.vocabulary):
        kept.clear()


@pytest.fixture
def archive(tmp_path: Path) -> cache.OpenArchive:
    build(write_edition(tmp_path / "1.jsonl", 1), tmp_path / "index")
    return cache.OpenArchive(opened(tmp_path / "index"))


def test_replies_of_an_older_generation_are_let_go_of_and_those_of_other_archives_stay(
    tmp_path: Path, archive: cache.OpenArchive
):
    own, other = (str(tmp_path / "index"), "old", "Who?"), (str(tmp_path / "others"), "old", "Who?")
    for key in (own, other):
        cache.replies().keep(key, REPLY)
    archive.current()
    assert cache.replies().get(own) is REPLY
    build(write_edition(tmp_path / "2.jsonl", 2), tmp_path / "index")
    archive.current()
    assert cache.replies().get(own) is None
    assert cache.replies().get(other) is REPLY


def test_what_was_worked_out_of_an_older_generation_is_let_go_of(
    tmp_path: Path, archive: cache.OpenArchive, monkeypatch: pytest.MonkeyPatch
):
    index, old = str(tmp_path / "index"), archive.current().generation
    monkeypatch.setattr(cache, "archive", lambda _: archive)
    made = [
        lambda: cache.calendar(index, old, "source"),
        lambda: cache.examples(index, old),
        lambda: cache.vocabulary(index, old),
        lambda: cache.brief(index, old, date(2023, 7, 25), "harbour", None, None, 3),
    ]
    before = [work() for work in made]
    assert all(work() is one for work, one in zip(made, before, strict=True))
    build(write_edition(tmp_path / "2.jsonl", 2), tmp_path / "index")
    archive.current()
    assert not any(work() is one for work, one in zip(made, before, strict=True))
