"""A small archive asked with the stand-in models: every outcome can be worked out by hand."""

import json

import pytest

import qa
from qa.evaluate.asking import ask_all
from qa.evaluate.measure import measure
from qa.evaluate.questions import load_questions
from qa.records import Reply
from qa.reports import Progress
from qa.settings import AskSettings


@pytest.fixture
def small(news, build_small, open_small, number_reader):
    build_small(news)
    return qa.Archive(open_small(), number_reader, AskSettings(answers=2))


def questions(tmp_path, *records):
    path = tmp_path / "q.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return load_questions(path)


def test_every_question_is_asked_and_judged_with_its_own_filters(small, tmp_path):
    ships = "How many ships were waiting in total?"
    told = []
    result = measure(
        small,
        questions(
            tmp_path,
            {"question": ships, "answers": ["369"], "articles": ["ship"]},
            {"question": ships, "answers": ["369"], "articles": ["ship"], "since": "2023"},
            {"question": ships, "answers": ["369"], "tag": "nowhere"},
            {"question": ships, "answers": [], "source": "CBS News"},
        ),
        progress=told.append,
    )
    assert (result.shipped.has_exact, result.forced.has_exact) == (1 / 3, 1 / 3)
    # The filters of the second and third question exclude the article.
    assert (result.recall[3].answer, result.recall[3].article) == (1 / 3, 1 / 2)
    assert (result.refused_answerable, result.refused_unanswerable) == (2 / 3, 1.0)
    assert result.trust is None
    assert [case.where.rpartition(":")[2] for case in result.worst] == ["2", "4"]
    assert told[:2] == [Progress("asking", 0, 4, "questions"), Progress("asking", 1, 4, "questions")]
    assert told[-1] == Progress("searching", 4, 4, "questions")


def test_a_time_in_a_question_counts_from_its_own_day_or_from_that_of_the_run(
    tmp_path, build_small, open_small, number_reader
):
    text = "Officials said {} people died in the storm on the coast."
    build_small(
        [
            {"id": "early", "title": "Storm", "text": text.format("14"), "date": "2021-03-29"},
            {"id": "late", "title": "Storm", "text": text.format("3,400"), "date": "2023-02-06"},
        ]
    )
    news = qa.Archive(open_small(), number_reader, AskSettings())
    died = "How many people died in the storm yesterday?"
    asked = questions(
        tmp_path,
        {"question": died, "answers": ["14"]},
        {"question": died, "answers": ["3,400"], "as_of": "2023-02-07"},
    )
    for as_of, exact in (("2021-03-30", 1.0), ("2023-02-07", 0.5)):
        result = measure(news, asked, progress=lambda done: None, as_of=as_of)
        assert result.forced.has_exact == exact
        assert result.recall[0].answer == exact


@pytest.mark.parametrize("question", ["How did the summit end?", "How did the summit of July 2023 end?"])
def test_the_ranking_that_is_measured_is_the_one_that_is_read(
    tmp_path, build_small, open_small, number_reader, question: str
):
    pacts = {"2023-06-01": 12, "2023-07-10": 13, "2023-08-30": 14}
    text = "The summit ends with a pact of {}."
    build_small(
        [{"id": d, "date": d, "title": "Summit", "text": text.format(pact)} for d, pact in pacts.items()]
    )
    news = qa.Archive(open_small(), number_reader, AskSettings())
    asked = questions(tmp_path, {"question": question, "answers": ["13"]})
    for as_of, first in (("2023-07-12", True), ("2023-09-01", "July" in question)):
        hits = news.ask(question, as_of=as_of).hits
        assert (hits[0].passage.article.id == "2023-07-10") == first
        result = measure(news, asked, progress=lambda done: None, as_of=as_of)
        assert result.recall[0].answer == (1.0 if first else 0.0)


def test_time_is_that_of_asking_alone(monkeypatch):
    clock = iter([10.0, 10.25, 20.0, 20.5])
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    outcomes = ask_all(["one", "two"], lambda question: Reply(question, (), ()))
    assert [(o.gold, o.reply.question, o.seconds) for o in outcomes] == [
        ("one", "one", 0.25),
        ("two", "two", 0.5),
    ]
