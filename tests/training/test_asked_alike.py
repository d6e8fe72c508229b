"""What training and benchmarks ask an archive, beside what `ask` asks: one Query, so one ranking."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import qa
from benchmarks.quiz_questions import Asking, QuizQuestion
from benchmarks.ranking import Scorer
from qa.calibrate import asked as calibrate_asked
from qa.evaluate.questions import Question
from qa.index.local.engine import LocalEngine
from qa.retrieve.query import Query
from qa.settings import AskSettings
from training import calibrate, cloze, quiz

# A day in an even week of 2022, and a question whose "last week" depends on it.
DAY = date(2022, 6, 17)
ASKED = "How many people died in the storm last week?"
ARTICLES: list[dict[str, object]] = [
    {"id": day, "title": "Storm", "text": f"Officials said {dead} people died in the storm.", "date": day}
    for day, dead in (("2022-06-08", 14), ("2022-06-16", 30), ("2022-01-03", 9))
]


@pytest.fixture
def archive(build_small, open_small, number_reader) -> qa.Archive:
    build_small(ARTICLES)
    return qa.Archive(open_small(), number_reader, AskSettings())


@pytest.fixture
def found_for(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    """Record every Query that a retriever is asked from now on."""
    queries: list[Query] = []
    find = qa.Retriever.find

    def listening(self: qa.Retriever, query: Query, k: int) -> list[qa.Hit]:
        queries.append(query)
        return find(self, query, k)

    monkeypatch.setattr(qa.Retriever, "find", listening)
    return queries


def by_quiz(archive: qa.Archive, folder: Path) -> None:
    line = {
        "id": "2022_0",
        "question": ASKED,
        "date": "2022/06/17",
        "answer": "14",
        "urls_with_answer": ["x"],
    }
    (folder / "questions.jsonl").write_text(json.dumps(line))
    list(quiz.examples(folder, folder))


def by_cloze(archive: qa.Archive, folder: Path) -> None:
    (folder / "articles.jsonl.gz").write_text("")
    list(cloze.examples(folder, folder))


def by_calibrate(archive: qa.Archive, folder: Path) -> None:
    list(calibrate.ask(calibrate.Kind("quiz", (Asking(ASKED, ("14",), DAY),), folder)))


def by_own_calibration(archive: qa.Archive, folder: Path) -> None:
    own = Question("1", "q.jsonl:1", ASKED, ("14",), as_of=DAY.isoformat())
    calibrate_asked.ask_all(archive, [own], as_of=qa.NO_DAY, progress=lambda done: None)


@pytest.mark.parametrize("asking", [by_quiz, by_cloze, by_calibrate, by_own_calibration])
def test_training_ranks_passages_as_people_get_them(
    asking: Callable[[qa.Archive, Path], None],
    archive: qa.Archive,
    found_for: list[Query],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    archive.ask(ASKED, as_of=DAY)
    (theirs,) = found_for
    assert theirs.time is not None and theirs.as_of == DAY
    found_for.clear()
    made = QuizQuestion("2022_0", ASKED, "14", DAY, True)
    monkeypatch.setattr(cloze, "read_articles", lambda paths: [])
    monkeypatch.setattr(cloze, "questions_of", lambda articles, rng: [made])
    monkeypatch.setattr(qa.Retriever, "open", lambda index: archive.retriever)
    monkeypatch.setattr(calibrate.Archive, "open", lambda index, settings: archive)
    asking(archive, tmp_path)
    assert found_for == [theirs]


def test_the_benchmark_of_rankings_scores_what_people_ask(
    archive: qa.Archive, found_for: list[Query], embedder, tmp_path: Path
):
    archive.ask(ASKED, as_of=DAY)
    scorer = Scorer(LocalEngine.open(tmp_path / "index"), embedder)
    assert scorer.candidates(QuizQuestion("1", ASKED, "14", DAY, True)).query == found_for[0]
