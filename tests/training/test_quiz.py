"""Distant supervision: which retrieved passages are taken for evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.quiz_questions import QuizQuestion
from qa.records import Article, Hit, Passage
from training.quiz import distant, halves
from training.reserved import _digest

OLD = datetime(2022, 6, 9, tzinfo=UTC)
ASKED = QuizQuestion("2022_1", "Who won?", "Minjee Lee", date(2022, 6, 10), True)


def hits(*texts: str) -> list[Hit]:
    articles = [Article(str(n), "Minjee Lee wins", text, OLD) for n, text in enumerate(texts)]
    return [Hit(Passage(a, 0, len(a.text)), 0.5, 0.5, 1.0) for a in articles]


def taken(*texts: str) -> list[tuple[str, tuple[str, ...]]]:
    """Number of each passage taken, and the answers marked in it."""
    return [(e.passage.article.id, e.answers) for e in distant(ASKED, hits(*texts))]


def test_places_of_the_answer_are_right_whatever_their_case_but_not_inside_words():
    text = "MINJEE LEE won; Minjee Leeds did not. Minjee Lee smiled."
    assert taken(text) == [("0", ("MINJEE LEE", "Minjee Lee"))]


def test_passages_without_the_answer_stand_beside_up_to_three_of_each():
    lee = "Minjee Lee won."
    found = taken("Rain.", lee, lee, "Sun.", lee, lee, "Wind.", "Snow.")
    assert [name for name, _ in found] == ["1", "2", "4", "0", "3", "6"]


def test_passage_that_names_the_answer_often_is_neither_evidence_nor_its_absence():
    assert taken("Minjee Lee. " * 5, "Minjee Lee won.", "Rain.") == [("1", ("Minjee Lee",)), ("2", ())]


def test_answer_that_differs_in_marks_alone_is_no_negative():
    assert taken("Minjee 'Lee' won.", "Minjee Lee won.") == [("1", ("Minjee Lee",))]


def test_question_without_evidence_gives_nothing():
    assert taken("Rain.", "Sun.") == []


def test_answer_in_the_title_alone_is_no_evidence():
    assert distant(ASKED, hits("She won.")) == []


def test_reserved_articles_and_those_of_later_years_are_passed_over(monkeypatch):
    monkeypatch.setattr("training.reserved._listed", lambda: frozenset([_digest("https://a.example/1")]))
    text = "Minjee Lee won."
    articles = [
        Article("reserved", "", text, OLD, url="https://a.example/1"),
        Article("later", "", text, datetime(2023, 1, 1, tzinfo=UTC)),
        Article("undated", "", text),
        Article("old", "", text, OLD, url="https://a.example/2"),
    ]
    found = distant(ASKED, [Hit(Passage(a, 0, len(text)), 0.5, 0.5, 1.0) for a in articles])
    assert [e.passage.article.id for e in found] == ["old"]


def test_weeks_of_2022_are_even_or_odd_and_later_years_neither(tmp_path: Path):
    days = ["2022/06/10", "2022/06/11", "2022/06/17", "2023/01/06"]
    lines = [
        f'{{"id": "{day[:4]}_{n}", "question": "?", "date": "{day}", "answer": "a", "urls_with_answer": []}}'
        for n, day in enumerate(days)
    ]
    (tmp_path / "questions.jsonl").write_text("\n".join(lines))
    even, odd = halves(tmp_path)
    # 10 and 11 June 2022 lie in week 23, 17 June in week 24.
    assert [q.id for q in even] == ["2022_2"]
    assert [q.id for q in odd] == ["2022_0", "2022_1"]
