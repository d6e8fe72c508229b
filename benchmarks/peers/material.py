"""An archive -> the articles and questions that every system gets, and the golds, which none does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from benchmarks.peers.exchange import Asked, Source
from benchmarks.quiz_questions import QuizQuestion, questions
from benchmarks.report import QUESTIONS, ROOT
from qa.evaluate.questions import load_questions, spaced
from qa.ingest.articles import read_articles
from qa.records import Article

SAMPLE = ROOT / "articles"
YEAR = "2023"  # no setting was chosen on its questions
LINKS = "urls_with_answer"


@dataclass(frozen=True, slots=True)
class Material:
    """What is asked of what."""

    name: str
    articles: list[Source]
    questions: list[Asked]
    golds: list[tuple[str, ...]]  # one for each question; none: unanswerable


def sample(articles: int | None, limit: int | None) -> Material:
    """Return the archive of this repository, whole or cut for a trial; evenly spaced questions."""
    held = [sourced(a) for a in read_articles([SAMPLE]) if isinstance(a, Article)]
    every = load_questions(QUESTIONS)
    asked = spaced(every, limit)
    cut = len(asked) < len(every) or len(held[:articles]) < len(held)
    return Material(
        "trial" if cut else "sample",
        held[:articles],
        [Asked(q.question, None) for q in asked],
        [q.golds for q in asked],
    )


def real(folder: Path, articles: int, answerable: int, unanswerable: int) -> Material:
    """Return the first answerable questions of the year, evenly spaced others, and articles.

    Articles that are linked to the answerable questions come first, then others in the file's order.
    """
    of_year = [question for question in questions(folder) if question.year == YEAR]
    first = [question for question in of_year if question.answerable][:answerable]
    others = [question for question in of_year if not question.answerable]
    linked = links(folder, first)
    read = (a for a in read_articles([folder / "articles.jsonl.gz"]) if isinstance(a, Article))
    held = chosen(read, linked, articles)
    asked = first + (spaced(others, unanswerable) if unanswerable else [])
    return Material(
        f"news-{len(held)}",
        [sourced(article) for article in held],
        [Asked(question.question, question.day.isoformat()) for question in asked],
        [question.golds for question in asked],
    )


def links(folder: Path, asked: Sequence[QuizQuestion]) -> set[str]:
    """Return the addresses of the articles that hold the answers."""
    wanted = {question.id for question in asked}
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return set(chain.from_iterable(record[LINKS] for record in records if record["id"] in wanted))


def chosen(articles: Iterable[Article], linked: set[str], count: int) -> list[Article]:
    """Return all that are linked, filled up with others to the count; in the order given.

    :raises ValueError: if there are more linked ones than are wanted.
    """
    pool = list(articles)
    is_linked = [article.url in linked for article in pool]
    room = count - sum(is_linked)
    if room < 0:
        raise ValueError(f"{sum(is_linked)} articles are linked to the questions, but only {count} wanted")
    kept = []
    for article, needed in zip(pool, is_linked, strict=True):
        if needed or room > 0:
            kept.append(article)
            room -= not needed
    return kept


def sourced(article: Article) -> Source:
    """Return the article as plain values."""
    day = article.published
    return Source(
        id=article.id,
        title=article.title,
        text=article.text,
        published=None if day is None else day.isoformat(),
        date="" if day is None else f"{day.day} {day:%B %Y}",
    )
