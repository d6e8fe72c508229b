"""What measures never trains: one list, and every module that reads an archive asks it."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.records import Article
from training import reserved
from training.reserved import LIST, held_out, is_reserved, may_train, trainable

OLD = datetime(2022, 5, 1, tzinfo=UTC)
TRAINING = Path(reserved.__file__).parent
# Modules that read news archives for training; each must ask the list.
READS_ARCHIVES = {"cloze.py", "mining.py", "phrases.py", "quiz.py", "written.py"}


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = frozenset(map(reserved._digest, ("https://a.example/1", "A reserved title")))
    monkeypatch.setattr(reserved, "_listed", lambda: digests)


def test_list_has_424_articles_each_once():
    lines = [line for line in LIST.read_text().splitlines() if not line.startswith("#")]
    assert len(lines) == len(set(lines)) == 424
    assert all(len(line) == 16 and int(line, 16) >= 0 for line in lines)


def test_listed_address_and_listed_title_are_reserved(listed: None):
    assert is_reserved("https://a.example/1")
    assert is_reserved(None, " A reserved title ")
    assert not is_reserved("https://a.example/2", "", None)


def test_only_dated_articles_before_2023_that_are_not_listed_may_train(listed: None):
    articles = [
        Article("1", "", "x", OLD, url="https://a.example/1"),
        Article("2", "A reserved title", "x", OLD),
        Article("3", "", "x", datetime(2023, 1, 1, tzinfo=UTC)),
        Article("4", "", "x"),
        Article("5", "", "x", OLD),
    ]
    assert [a.id for a in articles if may_train(a)] == ["5"]
    assert [a.id for a in trainable(["left out", *articles])] == ["5"]


def test_about_one_in_so_many_is_held_out_and_always_the_same():
    names = [f"https://a.example/{n}" for n in range(4000)]
    held = [name for name in names if held_out(name, 8)]
    assert len(held) == pytest.approx(500, abs=70)
    assert held == [name for name in names if held_out(name, 8)]


def test_every_module_that_reads_an_archive_asks_the_list():
    reads, asks = set(), set()
    for path in TRAINING.glob("*.py"):
        imports = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom)]
        names = {a.name for n in imports if n.module == "training.reserved" for a in n.names}
        if names & {"may_train", "trainable", "is_reserved"}:
            asks.add(path.name)
        if "Retriever" in path.read_text() or "read_articles" in path.read_text():
            reads.add(path.name)
    # These read nothing themselves: they give articles and retriever to modules that ask the list.
    assert reads - {"pack.py", "embedder.py"} - asks == {"mining.py"} - asks
    assert asks >= READS_ARCHIVES
