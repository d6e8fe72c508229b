"""An open archive and questions -> an Evaluation: asks each, then looks where its golds rank."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qa.archive import Archive
from qa.evaluate.asking import ask_all
from qa.evaluate.finding import find
from qa.evaluate.questions import Question
from qa.evaluate.report import DEPTHS, Evaluation, evaluation
from qa.records import NO_DAY, Hit, Reply
from qa.reports import Progress
from qa.retrieve.query import AsOf, Query, day_of, query_of


def measure(
    news: Archive, questions: Sequence[Question], *, progress: Callable[[Progress], None], as_of: AsOf = None
) -> Evaluation:
    """Ask every question as ``qa ask`` would, with the filters and the day that the file gives it.

    ``as_of`` is the day for questions that have none of their own: by default today, ``NO_DAY`` for none.

    :raises InputError: if ``as_of`` is no date.
    :raises ValueError: if there are no questions.
    """
    asked_on = NO_DAY if (day := day_of(as_of)) is None else day  # one day, also if a run goes past midnight

    def query(question: Question) -> Query:
        """Return the query of a question, the same for its ranking and for its reply."""
        return query_of(
            question.question,
            since=question.since,
            until=question.until,
            source=question.sources,
            tag=question.tags,
            as_of=asked_on if question.as_of is None else question.as_of,
        )

    def ask(question: Question) -> Reply:
        return news.reply_to(query(question))

    def search(question: Question) -> list[Hit]:
        return news.retriever.find(query(question), max(DEPTHS))

    outcomes = ask_all(_reporting(questions, "asking", progress), ask)
    found = [find(question, search(question)) for question in _reporting(questions, "searching", progress)]
    return evaluation(outcomes, found)


def _reporting(
    questions: Sequence[Question], stage: str, progress: Callable[[Progress], None]
) -> Iterator[Question]:
    """Yield the questions, and report progress before each and after the last."""
    for done, question in enumerate(questions):
        progress(Progress(stage, done, len(questions), "questions"))
        yield question
    progress(Progress(stage, len(questions), len(questions), "questions"))
