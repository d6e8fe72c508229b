"""A time that the question names and the article's date answers: read once more without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime

import pytest

from qa.read.calibration import Calibration
from qa.read.candidate import Candidate
from qa.read.dated import AskedByDate
from qa.read.reader import Asked
from qa.read.reading import ToRead, read_hits, read_together
from qa.records import Article, Hit, Passage, TimeCondition

# Confidence is the logistic of the margin: 0.5 at 0.
PLAIN = Calibration(**({f.name: 0.0 for f in fields(Calibration)} | {"margin": 1.0, "threshold": 0.3}))
QUESTION, REST = "How many people marched in Elden in June 2019?", "How many people marched in Elden?"
JUNE = TimeCondition(
    33, 45, "in June 2019", date(2019, 6, 1), date(2019, 6, 30), hard=True, words="June 2019"
)
SINCE = TimeCondition(33, 45, "in June 2019", date(2019, 6, 1), None, hard=True, words="since June 2019")


@dataclass
class TimidReader:
    """Is sure of "338,000" unless the question names a time; remembers what it was asked."""

    calibration: Calibration | None = PLAIN
    weights_sha256: str = ""
    asked: list[tuple[str, list[str]]] = field(default_factory=list)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        self.asked.append((question, [passage.article.id for passage in passages]))
        margin = -4.0 if "2019" in question else 3.0
        starts = [passage.article.text.index("338,000") for passage in passages]
        return [Candidate(at, start, start + 7, margin) for at, start in enumerate(starts)]

    def read_many(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        return [self.read(one.question, one.passages) for one in asked]


def hit(name: str, day: datetime | None) -> Hit:
    text = f"Some 338,000 people marched in Elden, the {name} said."
    return Hit(Passage(Article(name, "March", text, day, source=name), 0, len(text)), 0.5, 0.5, 1.0)


OLD, NEW = datetime(2018, 6, 17, tzinfo=UTC), datetime(2019, 6, 17, tzinfo=UTC)
HITS = [hit("union", OLD), hit("police", NEW), hit("mayor", None)]


def answered(
    question: str, hits: Sequence[Hit], time: TimeCondition | None, *, together: bool
) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return the ids of the articles that answer, and what the reader was asked."""
    reader = TimidReader()
    if together:
        (seen,) = read_together(
            [ToRead(question, hits, time)], reader, PLAIN, early_exit=None, threshold=None, many=3
        )
    else:
        seen = read_hits(question, hits, reader, PLAIN, early_exit=None, threshold=None, many=3, time=time)
    return [answer.article.id for answer in seen.judged.answers], reader.asked


@pytest.mark.parametrize("together", [False, True])
def test_article_of_the_time_is_read_without_it_where_nothing_passed(together):
    found, asked = answered(QUESTION, HITS, JUNE, together=together)
    assert found == ["police"]
    assert asked == [(QUESTION, ["union", "police", "mayor"]), (REST, ["police"])]


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(
    ("question", "hits", "time"),
    [
        (QUESTION, HITS, None),
        (QUESTION, HITS, SINCE),  # "since" is no day of an article
        (QUESTION, [HITS[0], HITS[2]], JUNE),  # none is of the time
        ("Who won in June 2019?", HITS, JUNE),  # "Who won?" is answered by anything
    ],
)
def test_other_questions_are_read_once(question, hits, time, together):
    found, asked = answered(question, hits, time, together=together)
    assert (found, len(asked)) == ([], 1)


@pytest.mark.parametrize("together", [False, True])
def test_question_that_was_answered_is_read_once(together):
    time = TimeCondition(0, 0, "in Elden", date(2019, 6, 1), date(2019, 6, 30), hard=True, words="June 2019")
    found, asked = answered(REST, HITS, time, together=together)
    assert (found, len(asked)) == (["police"], 1)


def test_question_reads_well_without_its_time():
    for question, said in [
        (QUESTION, REST),
        ("In June 2019, who marched in Elden?", "Who marched in Elden?"),
        ("Who in June 2019 marched against the bill, and why?", "Who marched against the bill, and why?"),
    ]:
        start = question.casefold().index("in june 2019")
        time = replace(JUNE, text=question[start : start + len(JUNE.text)])
        assert AskedByDate.of(question, HITS, time) == AskedByDate(said, (1,))
