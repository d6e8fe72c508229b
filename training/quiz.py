"""Quiz questions of 2022 and the news archive -> examples to train on, by distant supervision.

Nobody has marked where the answers stand; a passage that our retriever finds and that holds the
answer's words is taken for evidence (Mintz et al. 2009). Much of it is none. Therefore all places of
all passages of a question are right together, and the reader may choose among them (Clark & Gardner
2018). The even weeks train and the odd ones are left to the calibration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.progress import track

import qa
from benchmarks.quiz_questions import QuizQuestion, questions
from qa.evaluate.metrics import contains
from qa.records import Hit
from training.examples import Example
from training.mining import MINED
from training.reserved import LAST_YEAR, may_train

DEPTH = 20  # hits searched for passages
HOLDING, OTHERS = 3, 3  # passages with the answer's words, and without, at most
OFTEN = 4  # a passage that names the answer more often does not show which mention answers


def halves(folder: Path) -> tuple[list[QuizQuestion], list[QuizQuestion]]:
    """Return the questions of 2022: those of the even weeks and those of the odd ones."""
    asked = [question for question in questions(folder) if question.year == str(LAST_YEAR)]
    even = [q for q in asked if q.day.isocalendar().week % 2 == 0]
    return even, [q for q in asked if q not in even]


def examples(data: Path, index: Path) -> Iterator[list[Example]]:
    """Yield the passages of each question of the even weeks; the odd ones are left to calibrate on."""
    retriever = qa.Retriever.open(index)
    even, _ = halves(data)
    for question in track(even, "quiz"):
        yield distant(question, retriever.search(question.question, DEPTH, as_of=question.day))


def distant(
    question: QuizQuestion, hits: Sequence[Hit], *, holding: int = HOLDING, others: int = OTHERS
) -> list[Example]:
    """Return the passages of a question taken for evidence and those beside them; [] without evidence.

    Titles do not count: the reader points into the text.
    """
    evidence, beside = [], []
    words = re.compile(rf"(?<!\w){re.escape(question.answer)}(?!\w)", re.IGNORECASE)
    for hit in hits:
        passage = hit.passage
        if not may_train(passage.article):
            continue
        found = words.finditer(passage.article.text, passage.start, passage.end)
        spans = tuple(match.span() for match in found)
        if 0 < len(spans) <= OFTEN and len(evidence) < holding:
            evidence.append(Example(question.id, question.question, passage, spans, "quiz"))
        elif not spans and not contains(passage.text, question.answer) and len(beside) < others:
            beside.append(Example(question.id, question.question, passage, (), "quiz", MINED))
    return evidence + beside if evidence else []
