"""questions.jsonl of the news quizzes -> questions with their day and answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qa.evaluate.questions import load_questions, spaced
from qa.records import NO_DAY, NoDay
from qa.retrieve.query import day_of

TUNED_ON = "2022"  # settings are chosen on this year alone, so that 2023 stays a fair measure


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to any archive, and what is right."""

    question: str
    golds: tuple[str, ...]  # empty: every answer is wrong
    day: date | NoDay = NO_DAY  # the day of asking


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """One question of the weekly quizzes."""

    id: str  # begins with the year
    question: str
    answer: str
    day: date  # the day of asking
    answerable: bool  # an article of the archive has the answer string

    @property
    def golds(self) -> tuple[str, ...]:
        return (self.answer,) if self.answerable else ()

    @property
    def year(self) -> str:
        return self.id[:4]


def askings(file: Path) -> list[Asking]:
    """Return the questions of a file as ``python -m qa evaluate`` reads it, each on its day or on none."""
    asked = [(q, day_of(q.as_of if q.as_of is not None else NO_DAY)) for q in load_questions(file)]
    return [Asking(q.question, q.golds, NO_DAY if day is None else day) for q, day in asked]


def wordings(file: Path, many: int) -> list[str]:
    """Return so many questions of a JSONL file, evenly spaced, without their answers if they have any."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return spaced([json.loads(line)["question"] for line in lines], many)


def questions(folder: Path) -> list[QuizQuestion]:
    """Return all questions in the file's order."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [_question(json.loads(line)) for line in lines]


def _question(fields: dict[str, Any]) -> QuizQuestion:
    day = date(*map(int, fields["date"].split("/")))
    answerable = bool(fields["urls_with_answer"])
    return QuizQuestion(fields["id"], fields["question"], fields["answer"], day, answerable)
